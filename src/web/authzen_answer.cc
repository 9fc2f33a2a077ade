// SPDX-License-Identifier: Apache-2.0
#include "web/authzen_answer.h"

#include <algorithm>
#include <array>

#include "web/http.h"

namespace firebreak::web {
namespace {

constexpr std::array<const char*, 2> kObligationTypes = {"custom", "notification"};

Json obligation(const std::string& id, Json properties) {
  properties["name"] = id;
  return {{"id", id}, {"type", "custom"}, {"properties", std::move(properties)}};
}

// A denial that a referral can resolve; nothing is to be sent in any other way.
Json use_referral() {
  return obligation("use-referral",
                    {{"endpoint", "/v1/referrals"},
                     {"because",
                      "Data reaches this recipient only by a referral that a named person has "
                      "released. Name it in context.referral."}});
}

Json sent_by_referral() {
  return obligation("sent-by-referral",
                    {{"because",
                      "The released referral's own message is what is sent, and Firebreak sends "
                      "it. Send nothing else."}});
}

// What the policy's conditions ask of whoever sends after a permit.
Json conditions_to_keep(const Json& answer) {
  Json obligations = Json::array();
  const Json conditions = answer.value("conditions", Json::object());
  const auto list = [&](const char* name) { return conditions.value(name, Json::array()); };
  if (!list("channel").empty()) {
    obligations.push_back(obligation("only-by", {{"channel", list("channel")}}));
  }
  if (!list("disclose").empty()) {
    obligations.push_back(obligation("disclose-only", {{"fields", list("disclose")}}));
  }
  for (const char* name : {"report_to", "notify"}) {
    for (const Json& to : list(name)) {
      obligations.push_back(
          {{"id", "tell-" + to.get<std::string>()},
           {"type", "notification"},
           {"properties",
            {{"to", to},
             {"topic", "Data was shared"},
             {"body", "Data was shared under the rule " + answer.value("rule", std::string()) +
                          " of the policy in force. This message names nobody."}}}});
    }
  }
  return obligations;
}

}  // namespace

bool needs_referral(const policy::Vocabulary* vocabulary, const Json& facts) {
  const Json action = facts.value("action", Json());
  if (action != "share" && action != "call") return false;
  const Json recipient = facts.value("recipient", Json());
  if (vocabulary == nullptr || !recipient.is_string()) return true;
  return vocabulary->is_enforcement(recipient.get_ref<const std::string&>());
}

bool may_be_referred(const Json& answer) {
  const std::string outcome = answer.value("decision", std::string{});
  return outcome == "permit" || outcome == "sign_off";
}

bool covers(const record::ReferralState& referral, const Json& answer) {
  using record::State;
  const bool let_go = referral.state == State::released || referral.state == State::handing ||
                      referral.state == State::handed || referral.state == State::in_doubt;
  if (referral.after.hold || referral.stopped_by_consent()) return false;
  if (!let_go || !may_be_referred(answer)) return false;
  const Json sign_off = answer.value("sign_off", Json());
  if (sign_off.is_null()) return true;
  return referral.terms.rank == sign_off.value("rank", std::string()) &&
         referral.terms.count >= sign_off.value("count", 1);
}

Json authzen_decision(Json answer, const Standing& standing) {
  answer.erase("reference");  // for people to quote; the same question has the same answer here
  const bool permitted = answer.value("decision", std::string{}) == "permit";
  const bool allowed =
      standing.needs_referral ? standing.covered && may_be_referred(answer) : permitted;
  Json obligations = Json::array();
  if (standing.needs_referral && allowed) {
    obligations.push_back(sent_by_referral());
  } else if (allowed) {
    obligations = conditions_to_keep(answer);
  } else if (standing.needs_referral && may_be_referred(answer)) {
    obligations.push_back(use_referral());
  }
  if (!obligations.empty()) answer["obligations"] = std::move(obligations);
  return {{"decision", allowed}, {"context", std::move(answer)}};
}

void fulfil_or_deny(Json& decision, const std::optional<std::vector<std::string>>& can_fulfil) {
  if (!can_fulfil || decision["decision"] != true) return;
  Json& context = decision["context"];
  for (const Json& asked : context.value("obligations", Json::array())) {
    if (std::ranges::find(*can_fulfil, asked["type"].get<std::string>()) != can_fulfil->end()) {
      continue;
    }
    decision["decision"] = false;
    context["reason"] = "obligations_not_supported";
    return;
  }
}

Json authzen_error(const Error& error) {
  Json body = {{"status", http_status(error.code)}, {"message", error.message}};
  if (!error.where.empty()) body["where"] = error.where;
  if (!error.action.empty()) body["action"] = error.action;
  return {{"decision", false}, {"context", {{"error", std::move(body)}}}};
}

Json authzen_metadata(const std::string& base) {
  return {{"policy_decision_point", base},
          {"access_evaluation_endpoint", base + "/access/v1/evaluation"},
          {"access_evaluations_endpoint", base + "/access/v1/evaluations"},
          {"access_request_endpoint", base + "/access/v1/requests"},
          {"capabilities", {"urn:openid:authzen:capability:access-request"}},
          {"supported_obligations", kObligationTypes}};
}

}  // namespace firebreak::web
