// SPDX-License-Identifier: Apache-2.0
// A person's own request (subject access): the data protection officer searches by the reference of
// the records system, withholds what must be, and gives the answer as a page and as a PDF. The
// person's reference stands in no address.
#include "web/components/components.h"
#include "web/pages/groups.h"
#include "web/pages/subject_view.h"
#include "web/pages/views.h"
#include "web/pdf.h"

namespace firebreak::web {
namespace {

using identity::Right;
using record::Done;

constexpr const char* kStart = "/data-protection";

std::string search_address(const Request& request) {
  return std::string(kStart) + "/searches/" + std::string(request.parameter("search"));
}

Html overdue(const Json& tasks) {
  std::vector<std::vector<Html>> rows;
  for (const Json& task : tasks.at("tasks")) {
    if (task.value("task", "") != "chase") continue;
    const std::string ref = task.value("referral", "");
    rows.push_back({link_part("/desk/" + ref, ref),
                    Html::of_text(day_words(task.at("due").get<std::string>()))});
  }
  if (rows.empty()) return paragraph_part("No recipient is overdue to be asked.");
  return table_part("Recipients that should have been asked what became of it",
                    {"Referral", "Since"}, rows);
}

Response start_of_search(Frame& frame, const Request& request, const Json& tasks, const Form& sent,
                         const FormErrors& errors) {
  Html fields = text_part({"person", "The person’s reference in the records system",
                           "For example PER-000456. Not their name."},
                          sent, errors);
  Html body = paragraph_part(
      "No index of people is kept. The search opens every sealed referral, one after the other, "
      "and "
      "that you searched is recorded, without the person’s reference.");
  Json model = {{"TITLE", "What is held about a person"},
                {"HEADING", "What is held about a person"},
                {"HTML_BODY", body.json()},
                {"HTML_FIELDS", fields.json()},
                {"HTML_SUBMIT",
                 components::button({{"text", "Search"}, {"preventDoubleClick", true}}).json()},
                {"HTML_AFTER", (overdue(tasks)).json()},
                {"ACTION", kStart}};
  errors.put_in(model);
  return frame.show(request, errors.any() ? 400 : 200, "subject_start.html", std::move(model));
}

boost::asio::awaitable<Result<Json>> desk_tasks(Frame& frame, const Request& request) {
  record::AftercareSteps& aftercare = frame.app().reg.aftercare();
  const identity::Actor actor = request.caller->actor;
  Block work = [&aftercare, actor] { return aftercare.tasks(actor); };
  Result<Json> found = co_await frame.app().reads.run(std::move(work));
  co_return found;
}

PageResponse subject_start(Frame& frame, Request& request) {
  const Result<Json> tasks = co_await desk_tasks(frame, request);
  if (!tasks) co_return frame.error_page(request, tasks.error());
  co_return start_of_search(frame, request, *tasks, Form({}), FormErrors());
}

PageResponse begin_subject_search(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  record::SubjectAccess& access = frame.app().reg.subject_access();
  const identity::Actor actor = request.caller->actor;
  const std::string person = sent->value("person");
  Block work = [&access, actor, person]() -> Result<Json> {
    FB_TRY(const std::string id, access.start(actor, person));
    return Json(id);
  };
  const Result<Json> id = co_await frame.app().reads.run(std::move(work));
  if (id) co_return redirect(std::string(kStart) + "/searches/" + id->get<std::string>());
  const bool shown_on_form =
      id.error().code == ErrorCode::bad_input || id.error().code == ErrorCode::unavailable;
  if (!shown_on_form) co_return frame.error_page(request, id.error());
  FormErrors errors;
  errors.add("person", sentence(id.error()));
  const Result<Json> tasks = co_await desk_tasks(frame, request);
  if (!tasks) co_return frame.error_page(request, tasks.error());
  co_return start_of_search(frame, request, *tasks, *sent, errors);
}

Response progress_page(Frame& frame, const Request& request, const Json& found) {
  const auto searched = std::to_string(found.value("searched", uint64_t{0}));
  const auto of = std::to_string(found.value("of", uint64_t{0}));
  Html body = paragraph_part("Searched: " + searched + " of " + of + " referrals.");
  body += paragraph_part("This page looks again by itself every two seconds.");
  body += Element("p")
              .set("class", "govuk-body")
              .add(link_part(search_address(request), "Look again now"))
              .html();
  Response response =
      frame.show(request, 200, "parts.html",
                 {{"TITLE", "Searching"}, {"HEADING", "Searching"}, {"HTML_BODY", body.json()}});
  response.headers.push_back({"Refresh", "2"});
  return response;
}

// For each referral: what to withhold, and why.
Html withhold_fields(const Json& found, const Form& sent, const FormErrors& errors) {
  Html out;
  for (const Json& referral : found.at("referrals")) {
    const std::string ref = referral.value("referral", "");
    const auto ticked = sent.values("withhold-" + ref);
    Json items = Json::array();
    for (const SubjectPart& part : subject_parts(referral)) {
      const bool checked = std::find(ticked.begin(), ticked.end(), part.name) != ticked.end();
      items.push_back({{"value", part.name}, {"text", part.label}, {"checked", checked}});
    }
    out += heading_part("Referral of " + time_words(referral.value("created", "")));
    out += components::checkboxes({{"name", "withhold-" + ref},
                                   {"idPrefix", "withhold-" + ref},
                                   {"classes", "govuk-checkboxes--small"},
                                   {"fieldset",
                                    {{"legend",
                                      {{"text", "What is withheld from " + ref + "?"},
                                       {"classes", "govuk-fieldset__legend--s fb-break"}}}}},
                                   {"hint", {{"text", "Tick nothing to give all of it."}}},
                                   {"items", std::move(items)}});
    const std::string name = "reason-" + ref;
    const std::string label = "Why is it withheld from " + ref + "?";
    out += radios_part(kWithheldReasons, {name.c_str(), label.c_str()}, sent, errors);
  }
  return out;
}

Response withhold_page(Frame& frame, const Request& request, const Json& found, const Form& sent,
                       const FormErrors& errors) {
  Html body =
      paragraph_part("Referrals found: " + std::to_string(found.at("referrals").size()) +
                     ". Searched: " + std::to_string(found.value("searched", uint64_t{0})) + ".");
  body += answer_body(found, frame.app().reg.config().force.name,
                      london_day(frame.app().reg.clock().now()));
  Json model = {
      {"TITLE", "What was found"},
      {"HEADING", "What was found"},
      {"BACK", {{"LINK", kStart}}},
      {"HTML_BODY", body.json()},
      {"HTML_FIELDS", withhold_fields(found, sent, errors).json()},
      {"HTML_SUBMIT",
       components::button({{"text", "Make the answer"}, {"preventDoubleClick", true}}).json()},
      {"ACTION", search_address(request)},
      {"CANCEL", kStart}};
  errors.put_in(model);
  return frame.show(request, errors.any() ? 400 : 200, "step_form.html", std::move(model));
}

PageResponse show_subject_search(Frame& frame, Request& request) {
  const auto found = frame.app().reg.subject_access().show(
      request.caller->actor, std::string(request.parameter("search")));
  if (!found) co_return frame.error_page(request, found.error());
  if (found->at("state") == "running") co_return progress_page(frame, request, *found);
  if (found->at("state") == "failed") {
    co_return frame.error_page(request, Error{ErrorCode::unavailable,
                                              found->value("error", "The search failed."),
                                              {},
                                              "Begin it again."});
  }
  co_return withhold_page(frame, request, *found, Form({}), FormErrors());
}

struct WithheldSent {
  Json withheld = Json::object();
  FormErrors errors;
};

WithheldSent read_withheld(const Json& found, const Form& sent) {
  WithheldSent out;
  for (const Json& referral : found.at("referrals")) {
    const std::string ref = referral.value("referral", "");
    Json parts = Json::array();
    for (const SubjectPart& part : subject_parts(referral)) {
      const auto ticked = sent.values("withhold-" + ref);
      if (std::find(ticked.begin(), ticked.end(), part.name) != ticked.end())
        parts.push_back(part.name);
    }
    if (parts.empty()) continue;
    const std::string reason = sent.value("reason-" + ref);
    bool known = false;
    for (const Choice& choice : kWithheldReasons) known = known || choice.value == reason;
    if (!known) out.errors.add("reason-" + ref, "Select why it is withheld from " + ref);
    out.withheld[ref] = {{"parts", std::move(parts)}, {"reason", reason}};
  }
  return out;
}

PageResponse make_answer(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  record::SubjectAccess& access = frame.app().reg.subject_access();
  const identity::Actor actor = request.caller->actor;
  const std::string id(request.parameter("search"));
  const auto found = access.show(actor, id);
  if (!found) co_return frame.error_page(request, found.error());
  if (found->at("state") != "done") co_return redirect(search_address(request));
  WithheldSent read = read_withheld(*found, *sent);
  if (read.errors.any()) co_return withhold_page(frame, request, *found, *sent, read.errors);
  Start start = [&](Done done) { access.answer(actor, id, read.withheld, std::move(done)); };
  const auto recorded_answer = co_await recorded(std::move(start));
  if (!recorded_answer) co_return frame.error_page(request, recorded_answer.error());
  co_return redirect(search_address(request) + "/answer");
}

// The answer's body, when it was made.
Result<Html> made_answer(Frame& frame, const Request& request) {
  FB_TRY(const Json found, frame.app().reg.subject_access().show(
                               request.caller->actor, std::string(request.parameter("search"))));
  if (!found.contains("answer"))
    return Error{ErrorCode::not_found, "The answer was not made yet.", {}, {}};
  return answer_body(found, frame.app().reg.config().force.name,
                     london_day(frame.app().reg.clock().now()));
}

PageResponse show_answer(Frame& frame, Request& request) {
  const auto body = made_answer(frame, request);
  if (!body) co_return frame.error_page(request, body.error());
  co_return frame.show(request, 200, "subject_answer.html",
                       {{"TITLE", "What is held about you"},
                        {"PDF", search_address(request) + "/answer.pdf"},
                        {"BACK", {{"LINK", search_address(request)}}},
                        {"HTML_BODY", body->json()}});
}

PageResponse show_answer_pdf(Frame& frame, Request& request) {
  const auto body = made_answer(frame, request);
  if (!body) co_return frame.error_page(request, body.error());
  const std::string html = answer_document(*body);
  Block work = [html]() -> Result<Json> {
    FB_TRY(const std::string pdf, make_pdf(html));
    return Json::binary({pdf.begin(), pdf.end()});
  };
  const auto pdf = co_await frame.app().passwords.run(std::move(work));
  if (!pdf) co_return frame.error_page(request, pdf.error());
  Response response;
  response.content_type = "application/pdf";
  const auto& bytes = pdf->get_binary();
  response.body.assign(bytes.begin(), bytes.end());
  response.audience = Audience::page;
  response.headers.push_back({"Content-Disposition", "attachment; filename=\"answer.pdf\""});
  co_return response;
}

}  // namespace

void add_subject_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Data protection", kStart, Right::search_subject});
  constexpr size_t kLongForm = size_t{256} << 10;
  add_page_routes(
      router, frame,
      {{"GET", "/data-protection", subject_start, Right::search_subject},
       {"POST", "/data-protection", begin_subject_search, Right::search_subject},
       {"GET", "/data-protection/searches/{search}", show_subject_search, Right::search_subject},
       {"POST", "/data-protection/searches/{search}", make_answer, Right::search_subject,
        Access::signed_in, kLongForm},
       {"GET", "/data-protection/searches/{search}/answer", show_answer, Right::search_subject},
       {"GET", "/data-protection/searches/{search}/answer.pdf", show_answer_pdf,
        Right::search_subject}});
}

}  // namespace firebreak::web
