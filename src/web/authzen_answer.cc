// SPDX-License-Identifier: Apache-2.0
#include "web/authzen_answer.h"

#include "web/http.h"

namespace firebreak::web {

bool needs_referral(const policy::Vocabulary* vocabulary, const Json& facts) {
  const Json action = facts.value("action", Json());
  if (action != "share" && action != "call") return false;
  const Json recipient = facts.value("recipient", Json());
  if (vocabulary == nullptr || !recipient.is_string()) return true;
  return vocabulary->is_enforcement(recipient.get_ref<const std::string&>());
}

Json authzen_decision(Json answer, bool needs_referral, bool referral_released) {
  const std::string outcome = answer.value("decision", std::string{});
  const bool allowed = outcome == "permit" && (!needs_referral || referral_released);
  answer.erase("reference");  // for people to quote; the same question has the same answer here
  if (needs_referral && !allowed && (outcome == "permit" || outcome == "sign_off")) {
    // The Obligations profile (draft): a caller that does not understand it must read a denial.
    answer["obligations"] = {
        {{"id", "use-referral"},
         {"type", "custom"},
         {"properties",
          {{"endpoint", "/v1/referrals"},
           {"because",
            "Data reaches this recipient only by a referral that a named person has "
            "released. Name it in context.referral."}}}}};
  }
  return {{"decision", allowed}, {"context", std::move(answer)}};
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
          {"access_evaluations_endpoint", base + "/access/v1/evaluations"}};
}

}  // namespace firebreak::web
