// SPDX-License-Identifier: Apache-2.0
// The policy owner's pages: policies in force and to come, their texts, a draft that is checked and
// compared, and its proposal for a day. What two persons then decide stands in change_pages.cc.
#include <filesystem>

#include "base/files.h"
#include "policy/check.h"
#include "policy/diff_page.h"
#include "register/change_request.h"
#include "register/config_words.h"
#include "web/components/components.h"
#include "web/pages/govern_page.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;

// More than a text of 256 KiB needs however it is encoded, so that one that is too long is read,
// and shown again with what is wrong with it.
constexpr size_t kMaxDraftForm = size_t{4} << 20;

Day tomorrow(Frame& frame) {
  const Day today = london_day(frame.app().reg.clock().now());
  return Day{std::chrono::sys_days(today) + std::chrono::days{1}};
}

// A text whose lines stay lines; a long one moves sideways in its own frame.
Html framed_text(const std::string& label, const std::string& text) {
  return Element("div")
      .set("class", "fb-list__frame")
      .set("role", "region")
      .set("aria-label", label)
      .set("tabindex", "0")
      .add(Element("pre").set("class", "fb-source").text(text))
      .html();
}

PageResponse policies_page(Frame& frame, Request& request) {
  const Day today = london_day(frame.app().reg.clock().now());
  GovernPage page("Policies");
  page.wide();
  for (const std::string& notice : frame.app().reg.policies().notices(today))
    page.block(components::inset_text({{"text", notice}}));
  std::vector<std::vector<Json>> rows;
  for (const record::PolicyInForce& period : frame.app().reg.policies().periods()) {
    const bool past = period.until && *period.until < today;
    const auto review = period.policy->review_by();
    rows.push_back(
        {period.policy->id() + " version " + period.policy->version(),
         past ? "Past" : (today < period.from ? "To come" : "In force"), format_day(period.from),
         period.until ? format_day(*period.until) : "", review ? format_day(*review) : "",
         link_to("Text from " + format_day(period.from), "/policies/texts/" + period.file).json()});
  }
  page.block(plain_table("Policies by their days",
                         {"Policy", "State", "From", "Until", "Review by", "Text"}, rows));
  if (identity::may(request.caller->actor, Right::change_policy))
    page.link("Write a draft", "/policies/draft");
  page.link("Training cases of the policy in force", "/training");
  page.link("Evidence on equality and data protection", "/evidence");
  co_return frame.show(request, 200, "govern.html", page.model());
}

Result<std::filesystem::path> text_path(Frame& frame, const Request& request) {
  const std::string file(request.parameter("file"));
  const std::filesystem::path path = frame.app().reg.paths().policies() / file;
  std::error_code failed;
  if (record::is_file_name(file, ".policy") && std::filesystem::is_regular_file(path, failed))
    return path;
  return Error{ErrorCode::not_found, "There is no such policy.", {}, {}};
}

PageResponse policy_text_page(Frame& frame, Request& request) {
  const auto path = text_path(frame, request);
  if (!path) co_return frame.error_page(request, path.error());
  const auto text = read_file(*path, record::kMaxPolicyText);
  if (!text) co_return frame.error_page(request, text.error());
  GovernPage page("Text of a policy");
  page.back("/policies");
  page.wide();
  page.block(framed_text("Text of the policy", *text));
  co_return frame.show(request, 200, "govern.html", page.model());
}

// Where today's policy and this text answer differently: what policy_differences.html shows.
Result<Json> difference(Frame& frame, const std::filesystem::path& path) {
  FB_TRY(const record::PolicyInForce now,
         frame.app().reg.policies().period_on(london_day(frame.app().reg.clock().now())));
  FB_TRY(const auto other, policy::Policy::load(path, now.decided));
  FB_TRY(const policy::Diff diff, policy::compare(*now.policy, *other));
  return policy::diff_view(diff, *now.policy, *other);
}

Response difference_page(Frame& frame, const Request& request, Json model,
                         const std::string& back) {
  model["BACK"] = {{"LINK", back}};
  model["WIDE"] = true;
  return frame.show(request, 200, "policy_differences.html", std::move(model));
}

Response progress_page(Frame& frame, const Request& request, const std::string& heading,
                       const std::string& back) {
  Response response =
      frame.show(request, 202, "progress.html",
                 {{"TITLE", heading},
                  {"HEADING", heading},
                  {"WHAT", "Every possible situation is looked at, which may take some seconds."},
                  {"AGAIN", std::string(request.path)},
                  {"BACK", {{"LINK", back}}}});
  response.headers.push_back({"Refresh", "3"});
  return response;
}

// The name of a long job about this text and today's policy: another text is another job.
Result<Json> job_name(Frame& frame, const std::string& what, const std::string& text) {
  const Day today = london_day(frame.app().reg.clock().now());
  FB_TRY(const record::PolicyInForce now, frame.app().reg.policies().period_on(today));
  return Json(what + " on " + format_day(today) + " " + now.policy->digest() + " " +
              show_digest(sha256(as_bytes(text))));
}

PageResponse policy_difference_page(Frame& frame, Request& request) {
  const auto path = text_path(frame, request);
  if (!path) co_return frame.error_page(request, path.error());
  Block read = [&frame, &path]() -> Result<Json> {
    FB_TRY(const std::string text, read_file(*path, record::kMaxPolicyText));
    return job_name(frame, "differences", text);
  };
  const Result<Json> name = co_await frame.app().reads.run(std::move(read));
  if (!name) co_return frame.error_page(request, name.error());
  Block work = [&frame, path = *path] { return difference(frame, path); };
  const auto found = co_await frame.app().long_jobs.ask(*name, std::move(work));
  if (!found) co_return progress_page(frame, request, "Comparing the policies", "/policies");
  if (!*found) co_return frame.error_page(request, found->error());
  co_return difference_page(frame, request, **found, "/policies");
}

using DraftWork = std::function<Result<Json>(Frame&, const std::filesystem::path&)>;

// The draft as a file beside the vocabularies while `work` runs. The pool runs one at a time.
Result<Json> with_draft(Frame& frame, const identity::Actor& actor, const std::string& text,
                        const DraftWork& work) {
  const auto path = frame.app().reg.paths().policies() / ("draft-of-" + actor.id + ".policy");
  FB_CHECK(write_file_durably(path, text));
  Result<Json> result = work(frame, path);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return result;
}

// What `work` finds in the caller's draft, when it is there: else it goes on.
boost::asio::awaitable<std::optional<Result<Json>>> ask_of_draft(Frame& frame,
                                                                 const Request& request,
                                                                 std::string what, DraftWork work) {
  const identity::Actor actor = request.caller->actor;
  Block read = [&frame, &actor, &what]() -> Result<Json> {
    FB_TRY(const std::string text, frame.app().reg.policy_drafts().read(actor));
    FB_TRY(const Json name, job_name(frame, what + " of " + actor.id, text));
    return Json{{"name", name}, {"text", text}};
  };
  const Result<Json> draft = co_await frame.app().reads.run(std::move(read));
  if (!draft) co_return Result<Json>(draft.error());
  Block all = [&frame, actor, text = draft->at("text").get<std::string>(), work = std::move(work)] {
    return with_draft(frame, actor, text, work);
  };
  auto found = co_await frame.app().long_jobs.ask(draft->at("name"), std::move(all));
  co_return found;
}

Response draft_view(Frame& frame, const Request& request, int status, const Form& sent,
                    const FormErrors& errors) {
  GovernPage page("Draft of a policy");
  page.back("/policies");
  page.wide();
  page.text("The draft is kept for you until you write another. It decides nothing.");
  page.form(
      "/policies/draft",
      {text_field(sent, errors, {"text", "Text", "In the policy language; at most 256 KiB.", 24})},
      {{{"text", "Save and check"}, {"name", "do"}, {"value", "check"}},
       {{"text", "Save and compare"},
        {"name", "do"},
        {"value", "differences"},
        {"classes", "govuk-button--secondary"}},
       {{"text", "Save and propose"},
        {"name", "do"},
        {"value", "propose"},
        {"classes", "govuk-button--secondary"}},
       {{"text", "Save"},
        {"name", "do"},
        {"value", "save"},
        {"classes", "govuk-button--secondary"}}});
  return frame.show(request, status, "govern.html", page.model(errors));
}

// What is there to begin with: the draft, or else today's policy.
Result<Json> draft_text(Frame& frame, const identity::Actor& actor) {
  FB_TRY(const std::string text, frame.app().reg.policy_drafts().read(actor));
  const auto now = frame.app().reg.policies().period_on(london_day(frame.app().reg.clock().now()));
  if (!text.empty() || !now) return Json(text);
  FB_TRY(const std::string begin, read_file(frame.app().reg.paths().policies() / now->file));
  return Json(begin);
}

PageResponse draft_page(Frame& frame, Request& request) {
  Block work = [&frame, &request] { return draft_text(frame, request.caller->actor); };
  const Result<Json> text = co_await frame.app().reads.run(std::move(work));
  if (!text) co_return frame.error_page(request, text.error());
  co_return draft_view(frame, request, 200, Form({{"text", text->get<std::string>()}}), {});
}

PageResponse take_draft(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string next = sent->value("do");
  const bool leads_on = next == "check" || next == "differences" || next == "propose";
  if (!leads_on && !next.empty() && next != "save")
    co_return frame.error_page(
        request, bad_input("This is no button of the page.", {}, "Open the draft again."));
  std::string text = sent->value("text");
  std::erase(text, '\r');  // a form's line ends are CR LF
  Block work = [&frame, &request, &text] {
    return frame.app().reg.policy_drafts().save(request.caller->actor, text);
  };
  const Result<Json> saved = co_await frame.app().reads.run(std::move(work));
  if (!saved) {
    FormErrors errors;
    add_error(errors, saved.error(), {"text"});
    co_return draft_view(frame, request, http_status(saved.error().code), *sent, errors);
  }
  if (leads_on) co_return redirect("/policies/draft/" + next);
  frame.notice(request, "The draft is saved.");
  co_return redirect("/policies/draft");
}

Result<Json> checked(Frame& frame, const std::filesystem::path& path) {
  const Day today = london_day(frame.app().reg.clock().now());
  return policy::report_json(
      policy::check_for_force(path, today, {}, frame.app().reg.config().assertions));
}

Response check_page(Frame& frame, const Request& request, const Json& report) {
  GovernPage page("Check of the draft");
  page.back("/policies/draft");
  page.wide();
  const Json findings = report.value("findings", Json::array());
  page.text(findings.empty() ? "Nothing was found. The draft may be put in force by two persons."
                             : "This was found, as `firebreak policy check --in-force` finds it:");
  std::vector<std::vector<Json>> rows;
  for (const Json& finding : findings) {
    const int line = finding.value("line", 0);
    rows.push_back({line == 0 ? "" : std::to_string(line), finding.value("severity", ""),
                    finding.value("clause", ""), finding.value("message", ""),
                    finding.value("witness", "")});
  }
  if (!rows.empty())
    page.block(plain_table("Findings", {"Line", "Weight", "Clause", "What", "A situation"}, rows));
  page.link("Change the draft", "/policies/draft");
  page.link("Compare it with the policy in force", "/policies/draft/differences");
  page.link("Propose to put it in force", "/policies/draft/propose");
  return frame.show(request, 200, "govern.html", page.model());
}

PageResponse draft_check_page(Frame& frame, Request& request) {
  DraftWork work = checked;
  auto asking = ask_of_draft(frame, request, "check", std::move(work));
  const auto found = co_await std::move(asking);
  if (!found) co_return progress_page(frame, request, "Checking the draft", "/policies/draft");
  if (!*found) co_return frame.error_page(request, found->error());
  co_return check_page(frame, request, **found);
}

PageResponse draft_difference_page(Frame& frame, Request& request) {
  DraftWork work = difference;
  auto asking = ask_of_draft(frame, request, "differences", std::move(work));
  const auto found = co_await std::move(asking);
  if (!found) co_return progress_page(frame, request, "Comparing the policies", "/policies/draft");
  if (!*found) co_return frame.error_page(request, found->error());
  co_return difference_page(frame, request, **found, "/policies/draft");
}

Response propose_view(Frame& frame, const Request& request, int status, const Form& sent,
                      const FormErrors& errors) {
  GovernPage page("Propose to put the draft in force");
  page.back("/policies/draft");
  page.text(
      "Another person approves it. From its first day it is the policy that decides; the "
      "one in force until then ends the day before.");
  page.form(
      "/policies/draft/propose",
      {text_field(sent, errors, {"from", "First day", "Tomorrow or later, like 2027-04-01."}),
       text_field(sent, errors, {"until", "Last day", "Leave it empty when there is none."}),
       text_field(sent, errors,
                  {"settings", "What the force decides of it", "NAME=VALUE, one on a line.", 3}),
       text_field(sent, errors, {"offences", "List of offences", "A file; empty when none."}),
       text_field(sent, errors, {"reason", "Why", "The Board reads it.", 3})},
      {{{"text", "Propose this change"}}});
  return frame.show(request, status, "govern.html", page.model(errors));
}

PageResponse propose_page(Frame& frame, Request& request) {
  std::string settings;
  std::string offences;
  const auto now = frame.app().reg.policies().period_on(london_day(frame.app().reg.clock().now()));
  if (now) {
    for (const auto& [name, value] : now->decided.settings) settings += name + "=" + value + "\n";
    offences = now->offences_file;
  }
  co_return propose_view(
      frame, request, 200,
      Form({{"from", format_day(tomorrow(frame))}, {"settings", settings}, {"offences", offences}}),
      {});
}

Result<Json> settings_of_lines(const std::string& text) {
  Json settings = Json::object();
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    std::erase(line, '\r');
    if (line.empty()) continue;
    const size_t equals = line.find('=');
    if (equals == std::string::npos)
      return bad_input("Each line is NAME=VALUE.", "settings", "Write it like signers=2.");
    settings[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return settings;
}

PageResponse take_proposed_policy(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  Block work = [&frame, &request, &sent]() -> Result<Json> {
    FB_TRY(const Json settings, settings_of_lines(sent->value("settings")));
    FB_TRY(const std::string text, frame.app().reg.policy_drafts().read(request.caller->actor));
    return frame.app().reg.changes().propose(request.caller->actor,
                                             {{"type", "policy"},
                                              {"text", text},
                                              {"from", sent->value("from")},
                                              {"until", sent->value("until")},
                                              {"settings", settings},
                                              {"offences", sent->value("offences")},
                                              {"reason", sent->value("reason")}});
  };
  const Result<Json> change = co_await frame.app().policies.run(std::move(work));
  if (change) {
    frame.notice(request, "The policy is proposed. Another person must approve it.");
    co_return redirect("/changes/" + change->at("change").get<std::string>());
  }
  FormErrors errors;
  add_error(errors, change.error(), {"from", "until", "settings", "offences", "reason"});
  co_return propose_view(frame, request, http_status(change.error().code), *sent, errors);
}

}  // namespace

void add_policy_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Policies", "/policies", Right::decide_change});
  add_page_routes(
      router, frame,
      {{"GET", "/policies", policies_page, Right::decide_change},
       {"GET", "/policies/texts/{file}", policy_text_page, Right::decide_change},
       {"GET", "/policies/differences/{file}", policy_difference_page, Right::decide_change},
       {"GET", "/policies/draft", draft_page, Right::change_policy},
       {"POST", "/policies/draft", take_draft, Right::change_policy, Access::signed_in,
        kMaxDraftForm},
       {"GET", "/policies/draft/check", draft_check_page, Right::change_policy},
       {"GET", "/policies/draft/differences", draft_difference_page, Right::change_policy},
       {"GET", "/policies/draft/propose", propose_page, Right::change_policy},
       {"POST", "/policies/draft/propose", take_proposed_policy, Right::change_policy}});
}

}  // namespace firebreak::web
