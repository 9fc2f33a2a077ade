// SPDX-License-Identifier: Apache-2.0
#include "policy/contrast.h"

#include <vector>

#include "policy/analysis.h"

namespace firebreak::policy {
namespace {

std::string signers_text(const Vocabulary& words, const RuleOutcome& outcome) {
  std::string out;
  if (outcome.count_setting) {
    out = words.attributes[*outcome.count_setting].name + " of ";
  } else if (outcome.count > 1) {
    out = std::to_string(outcome.count) + " of ";
  }
  return out + (outcome.rank_setting ? words.attributes[*outcome.rank_setting].name
                                     : words.ranks[outcome.rank].name);
}

std::string does(const Vocabulary& words, const RuleOutcome& outcome) {
  if (outcome.decision == Outcome::refuse) return "refuses";
  if (outcome.decision == Outcome::sign_off) {
    return std::string("permits ") + (outcome.discretion ? "at discretion " : "") +
           "after sign_off by " + signers_text(words, outcome);
  }
  return outcome.discretion ? "permits at discretion" : "permits";
}

}  // namespace

std::string contrast(const Model& model, const Vocabulary& words, uint32_t one, uint32_t other) {
  const RuleOutcome& a = model.rules[one].outcome;
  const RuleOutcome& b = model.rules[other].outcome;
  if (does(words, a) != does(words, b)) {
    return "`" + model.rules[one].name + "` " + does(words, a) + ", `" + model.rules[other].name +
           "` " + does(words, b);
  }
  std::vector<std::string> differ;
  if (a.channel != b.channel) differ.emplace_back("only by");
  if (a.disclose != b.disclose) differ.emplace_back("disclose only");
  if (a.reasons != b.reasons) differ.emplace_back("with reasons");
  if (a.report_to != b.report_to) differ.emplace_back("report to");
  if (a.notify != b.notify) differ.emplace_back("notify");
  if (a.expires_hours != b.expires_hours) differ.emplace_back("expires after");
  return "both " + std::string(a.decision == Outcome::refuse ? "refuse" : "permit") +
         ", but differ in " + quoted_list(differ, " and ");
}

}  // namespace firebreak::policy
