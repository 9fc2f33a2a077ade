// SPDX-License-Identifier: Apache-2.0
#include "web/pages/casework_parts.h"

#include <algorithm>
#include <utility>

#include "register/facets.h"
#include "web/components/components.h"
#include "web/refused.h"

namespace firebreak::web {

boost::asio::awaitable<Result<Json>> shown_referral(Frame& frame, const Request& request) {
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  Block read = [&referrals, actor, ref] { return referrals.show(actor, ref); };
  auto shown = co_await frame.app().reads.run(std::move(read));
  co_return shown;
}

boost::asio::awaitable<Result<Json>> own_referral(Frame& frame, const Request& request) {
  auto shown = co_await shown_referral(frame, request);
  if (shown && (*shown)["requester"] != request.caller->actor.id) {
    record_refused(frame.app(), request, "referral.view", record::Refusal::not_requester);
    co_return Error{ErrorCode::not_found, "There is no such referral.", {}, "Check its reference."};
  }
  co_return shown;
}

bool may_change(const Json& referral) {
  const std::string state = referral.value("state", "");
  return state == "begun" || state == "draft";
}

Opened opened(Frame& frame, Json referral) {
  auto policy = frame.policy_today();
  Json draft = referral["content"]["draft"];
  Making making(policy.get(), frame.app().reg.config(), std::move(draft));
  return {std::move(policy), std::move(referral), std::move(making)};
}

std::string path_of(const Request& request, const std::string& page) {
  return "/referrals/" + std::string(request.parameter("ref")) + "/" + page;
}

uint64_t revision_in(const Form& sent) {
  const std::string text = sent.value("revision");
  const bool digits = !text.empty() && text.size() <= 9 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::stoull(text) : 0;
}

boost::asio::awaitable<Result<Json>> told_answer(Frame& frame, const Request& request,
                                                 const Making& making) {
  const ToldAnswers::Key key = ToldAnswers::key_of({{"facts", making.draft["facts"]},
                                                    {"policy", making.policy->digest()},
                                                    {"referral", request.parameter("ref")}});
  if (auto known = frame.told().find(key)) co_return *known;
  record::Questions& questions = frame.app().reg.questions();
  const identity::Actor actor = request.caller->actor;
  const Json facts = making.draft["facts"];
  // An office that was taken away since asks nothing more; the submission says that it is gone.
  std::string district = making.draft.value("district", "");
  if (!record::check_district(making.config, district)) district.clear();
  Start ask = [&questions, actor, facts, district](record::Done done) {
    questions.ask(actor, facts, district, std::move(done));
  };
  auto answer = co_await recorded(std::move(ask));
  if (answer) frame.told().keep(key, *answer);
  co_return answer;
}

std::string role_of_step(Frame& frame, const Request& request, const Json& referral,
                         const Json& entry) {
  const std::string actor = entry.value("actor", "");
  if (actor == request.caller->actor.id) return "You";
  if (actor == "system") return "The program";
  if (actor == referral.value("requester", "")) return "The requester";
  const std::string kind = entry.value("kind", "");
  if (kind == "referral.authorised" || kind == "referral.refused") return "A chief officer";
  if (kind == "referral.forwarded") return "A supervisor";
  const auto person = frame.app().reg.directory().person(actor);
  const auto has = [&](const char* role) {
    return person &&
           std::find(person->roles.begin(), person->roles.end(), role) != person->roles.end();
  };
  if (has("referral_desk")) return "The referral desk";
  return has("supervisor") ? "A supervisor" : has("chief_officer") ? "A chief officer" : "Someone";
}

Json answers_view(const Making& making, const std::string& change) {
  const std::vector<AnsweredRow> answered = answered_rows(making);
  Json sections = Json::array();
  for (size_t section = 0; section < kTaskSections.size(); ++section) {
    Json rows = Json::array();
    for (const AnsweredRow& row : answered) {
      if (row.section != static_cast<int>(section)) continue;
      const std::string said = row.answer.empty() ? "Not given" : row.answer;
      Json shown = {
          {"key", {{"text", row.question}}},
          {"value", {{"html", Element("span").set("class", "fb-lines").text(said).html().json()}}}};
      if (!change.empty()) {
        shown["actions"] = {{"items",
                             {{{"href", change + row.link},
                               {"text", "Change"},
                               {"visuallyHiddenText", row.question}}}}};
      }
      rows.push_back(std::move(shown));
    }
    if (rows.empty()) continue;
    sections.push_back({{"HEADING", kTaskSections.at(section)},
                        {"HTML_LIST", components::summary_list({{"rows", rows}}).json()}});
  }
  return sections;
}

TaskForm decision_form(const char* title, const char* question,
                       const std::vector<std::pair<std::string, std::string>>& reasons) {
  return {.title = title,
          .fields = {{.name = "reason",
                      .place = "/reason",
                      .label = question,
                      .kind = TaskField::Kind::one_of,
                      .options = reasons},
                     {.name = "note",
                      .place = "/note",
                      .label = "Note",
                      .hint = "It is sealed with the referral. The requester and those who decide "
                              "read it.",
                      .kind = TaskField::Kind::area}}};
}

}  // namespace firebreak::web
