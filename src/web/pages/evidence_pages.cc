// SPDX-License-Identifier: Apache-2.0
// From the engine that decides: training cases of the policy in force, and evidence for equality
// screening and the data protection impact assessment. What the figures cannot show is said.
#include <map>
#include <mutex>

#include "policy/prove.h"
#include "policy/render.h"
#include "web/components/components.h"
#include "web/pages/board_view.h"
#include "web/pages/govern_page.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;

// What was last computed of a policy, which takes long: kept until another one is in force.
class OfOnePolicy {
 public:
  Result<Json> get(const std::string& digest, const std::function<Result<Json>()>& compute) {
    const std::scoped_lock lock(mutex_);
    if (digest == digest_) return value_;
    FB_TRY(value_, compute());
    digest_ = digest;
    return value_;
  }

 private:
  std::mutex mutex_;
  std::string digest_;
  Json value_;
};

Result<Json> exercises(Frame& frame) {
  static OfOnePolicy kept;
  FB_TRY(const record::PolicyInForce now,
         frame.app().reg.policies().period_on(london_day(frame.app().reg.clock().now())));
  return kept.get(now.policy->digest(), [&]() -> Result<Json> {
    FB_TRY(const Json view,
           policy::render_view(frame.app().reg.paths().policies() / now.file, now.decided));
    return view.value("CASES", Json::object());
  });
}

// The case's name in the policy's file, as a title.
std::string case_title(const Json& one) {
  std::string name = one.value("CASE_NAME", "");
  if (!name.empty() && name.front() >= 'a' && name.front() <= 'z')
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

PageResponse training_page(Frame& frame, Request& request) {
  Block work = [&frame] { return exercises(frame); };
  const Result<Json> cases = co_await frame.app().policies.run(std::move(work));
  if (!cases) co_return frame.error_page(request, cases.error());
  GovernPage page("Training cases");
  page.text(
      "Invented cases, answered by the policy in force today. Read the facts, decide what "
      "you would do, then look at the answer and its clauses. Nothing is recorded.");
  page.text("“The same” is said of the case before, but for what is named.");
  Element list = Element("ol").set("class", "govuk-list govuk-list--number govuk-list--spaced");
  int number = 0;
  for (const Json& one : cases->value("CASE", Json::array())) {
    list.add(Element("li").add(link_to(case_title(one), "/training/" + std::to_string(++number))));
  }
  page.block(list.html());
  co_return frame.show(request, 200, "govern.html", page.model());
}

Html fact_list(const Json& one, const std::string& base) {
  Element list = Element("ul").set("class", "govuk-list govuk-list--bullet");
  if (one.value("CASE_FIRST", false)) {
    list.add(Element("li").text(base));
  } else {
    for (const Json& fact : one.value("CASE_FACT", Json::array()))
      list.add(Element("li").text(fact.value("CASE_FACT_TEXT", "")));
  }
  return list.html();
}

Html answer_of(const Json& one) {
  Html inside =
      Element("p").set("class", "govuk-body").text(one.value("CASE_ANSWER", "") + ".").html();
  const std::string because = one.value("CASE_BECAUSE", "");
  if (!because.empty()) inside += Element("p").set("class", "govuk-body").text(because).html();
  if (one.contains("CASE_MISSING")) {
    inside += Element("p")
                  .set("class", "govuk-body")
                  .text("Still to be known: " + one["CASE_MISSING"].value("CASE_MISSING_TEXT", ""))
                  .html();
  }
  for (const Json& clause : one.value("CASE_CLAUSE", Json::array())) {
    inside +=
        Element("p")
            .set("class", "govuk-body fb-clause")
            .text(clause.value("CASE_CLAUSE_ID", "") + ": " + clause.value("CASE_CLAUSE_TEXT", ""))
            .html();
  }
  return components::details({{"summaryText", "Show the answer"}, {"html", inside.json()}});
}

PageResponse exercise_page(Frame& frame, Request& request) {
  Block work = [&frame] { return exercises(frame); };
  const Result<Json> cases = co_await frame.app().policies.run(std::move(work));
  if (!cases) co_return frame.error_page(request, cases.error());
  const Json all = cases->value("CASE", Json::array());
  const std::string wanted(request.parameter("number"));
  size_t number = 0;
  for (size_t i = 1; i <= all.size(); ++i) {
    if (wanted == std::to_string(i)) number = i;
  }
  if (number == 0) {
    co_return frame.error_page(
        request, Error{ErrorCode::not_found, "There is no such training case.", {}, {}});
  }
  const Json& one = all[number - 1];
  GovernPage page("Case " + std::to_string(number) + ": " + case_title(one));
  page.back("/training");
  page.heading("The facts");
  if (number != 1) {
    page.block(components::details(
        {{"summaryText", "The facts of the first case, which hold unless something else is said"},
         {"text", cases->value("CASE_BASE", "")}}));
  }
  page.block(fact_list(one, cases->value("CASE_BASE", "")));
  page.heading("What would you do?");
  page.block(answer_of(one));
  if (number < all.size()) page.link("The next case", "/training/" + std::to_string(number + 1));
  co_return frame.show(request, 200, "govern.html", page.model());
}

// That no answer is more permissive through a protected fact, over every possible situation.
Result<Json> proofs(Frame& frame) {
  static OfOnePolicy kept;
  FB_TRY(const record::PolicyInForce now,
         frame.app().reg.policies().period_on(london_day(frame.app().reg.clock().now())));
  return kept.get(now.policy->digest(), [&]() -> Result<Json> {
    policy::Statements ask;
    ask.every_protected = true;
    FB_TRY(const policy::Proved proved,
           policy::prove(frame.app().reg.paths().policies() / now.file, ask, now.decided));
    Json out = Json::array();
    for (const policy::Proof& proof : proved.proofs) {
      out.push_back({{"statement", proof.statement},
                     {"situations", proof.situations},
                     {"holds", proof.holds()}});
    }
    return out;
  });
}

// A count of one to four could point at somebody.
std::string coarse(uint64_t count) {
  return count > 0 && count < 5 ? "1 to 4" : std::to_string(count);
}

constexpr const char* kDecisions[] = {"refuse", "sign_off", "permit", "undetermined"};

// {role: {decision: count}} of the last 366 days.
Result<Json> counts_by_role(Frame& frame) {
  const Day today = london_day(frame.app().reg.clock().now());
  const Day first{std::chrono::sys_days(today) - std::chrono::days{365}};
  FB_TRY(const record::Counts counts, frame.app().reg.figures().of(first, today));
  Json out = Json::object();
  for (const auto& [key, count] : counts.questions) {
    Json& cell = out[key.role][key.decision];
    cell = (cell.is_null() ? uint64_t{0} : cell.get<uint64_t>()) + count;
  }
  return out;
}

boost::asio::awaitable<Result<Json>> evidence_of(Frame& frame) {
  Block count = [&frame] { return counts_by_role(frame); };
  Result<Json> roles = co_await frame.app().long_reads.run(std::move(count));
  if (!roles) co_return roles;
  Block prove = [&frame] { return proofs(frame); };
  Result<Json> proved = co_await frame.app().policies.run(std::move(prove));
  if (!proved) co_return proved;
  co_return Json{{"roles", *std::move(roles)}, {"proofs", *std::move(proved)}};
}

std::vector<std::vector<Json>> role_rows(const Json& roles) {
  std::vector<std::vector<Json>> rows;
  for (const auto& [role, decisions] : roles.items()) {
    std::vector<Json> row = {plain_words(role)};
    for (const char* decision : kDecisions)
      row.push_back(coarse(decisions.value(decision, uint64_t{0})));
    rows.push_back(std::move(row));
  }
  return rows;
}

PageResponse evidence_page(Frame& frame, Request& request) {
  boost::asio::awaitable<Result<Json>> reading = evidence_of(frame);
  const Result<Json> found = co_await std::move(reading);
  if (!found) co_return frame.error_page(request, found.error());
  GovernPage page("Evidence on equality and data protection");
  page.back("/policies");
  page.wide();
  page.text(
      "For equality screening (section 75) and the data protection impact assessment, from "
      "the engine that decides and from the record.");
  page.heading("What the policy in force cannot do");
  page.text("Proved over every possible situation, not for samples:");
  std::vector<std::vector<Json>> proved;
  for (const Json& proof : found->at("proofs")) {
    proved.push_back({proof.at("statement"), proof.at("situations"),
                      proof.at("holds").get<bool>() ? "Proved" : "Fails"});
  }
  if (proved.empty()) page.text("The vocabulary of this policy has no protected fact.");
  if (!proved.empty())
    page.block(plain_table("Protected facts", {"Statement", "Situations", "Result"}, proved));
  page.heading("How questions were answered in the last year");
  const auto rows = role_rows(found->at("roles"));
  if (rows.empty()) page.text("No question was asked.");
  if (!rows.empty()) {
    page.block(plain_table(
        "Questions by the person's role",
        {"Role", "Do not share", "Only after a sign-off", "Permitted", "More facts needed"}, rows));
  }
  page.text("A count of one to four is shown as 1 to 4.");
  page.heading("What these figures cannot show");
  page.text(
      "Nobody's nationality, ethnicity, religion, sex, age in years, disability or "
      "immigration status is recorded with a question, so no figure can be split by them. "
      "Whether one group is asked about more often than another cannot be seen here.");
  page.text(
      "A question that an officer did not ask is not counted, nor what was done outside "
      "Firebreak. Several questions may be about one person.");
  page.link("These figures as CSV", "/evidence.csv");
  co_return frame.show(request, 200, "govern.html", page.model());
}

PageResponse evidence_csv(Frame& frame, Request& request) {
  boost::asio::awaitable<Result<Json>> reading = evidence_of(frame);
  const Result<Json> found = co_await std::move(reading);
  if (!found) co_return frame.error_page(request, found.error());
  std::string text = "kind,what,refuse,sign_off,permit,undetermined,situations,result\r\n";
  for (const auto& row : role_rows(found->at("roles"))) {
    text += "questions";
    for (const Json& cell : row) text += ",\"" + cell.get<std::string>() + "\"";
    text += ",,\r\n";
  }
  for (const Json& proof : found->at("proofs")) {
    std::string statement = proof.at("statement");
    std::erase(statement, '"');
    text += "proof,\"" + statement + "\",,,,," + proof.at("situations").get<std::string>() +
            (proof.at("holds").get<bool>() ? ",proved\r\n" : ",fails\r\n");
  }
  Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.body = std::move(text);
  response.headers.push_back(
      {"Content-Disposition", "attachment; filename=\"firebreak-evidence.csv\""});
  co_return response;
}

}  // namespace

void add_evidence_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Training", "/training", Right::ask_question});
  add_page_routes(router, frame,
                  {{"GET", "/training", training_page},
                   {"GET", "/training/{number}", exercise_page},
                   {"GET", "/evidence", evidence_page, Right::view_notices},
                   {"GET", "/evidence.csv", evidence_csv, Right::view_notices}});
}

}  // namespace firebreak::web
