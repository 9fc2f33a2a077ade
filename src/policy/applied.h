// SPDX-License-Identifier: Apache-2.0
// From the rules that apply in a situation to the answer that people read. Shared by the diagram
// and the slow evaluator: both find the rules, each in its own way; the words are made here.
#pragma once

#include <optional>
#include <vector>

#include "policy/model.h"

namespace firebreak::policy {

// The rules whose outcome answers in one situation.
struct Applied {
  std::vector<uint32_t> rules;  // sorted; nevers alone, rules and exceptions alone, or the default
  bool off_channel = false;     // a permit that the channel at hand contradicts: a refusal
  // Of a sign-off whose rank or count is a setting: what the setting says.
  std::optional<size_t> rank;
  std::optional<int> count;
  bool operator==(const Applied&) const = default;
  auto operator<=>(const Applied&) const = default;
};

// Whether two rules answer the same: decision, rank, count and conditions. Words do not count.
bool same_outcome(const RuleOutcome& a, const RuleOutcome& b);
// Whether two rules contradict each other where both answer. Nevers never do: all refuse.
bool contradict(const Model& model, uint32_t a, uint32_t b);
// Whether rules that apply together contradict each other.
bool in_conflict(const Model& model, const Applied& applied);

// The whole answer. Rules in conflict: a refusal that says so.
Decision describe(const Model& model, const Vocabulary& words, const Applied& applied);

// Whether two answers are the same: decision, covered, discretion, rank, count, conditions.
bool same_answer(const Decision& a, const Decision& b);

// The one answer for several situations that all have the same, when the facts leave open which of
// them it is. `rules` are those that apply in all of them; where there is none such, all that apply
// in any, and `because` gives the reason of each.
Decision combine(const Model& model, const Vocabulary& words,
                 const std::vector<Applied>& situations);
// The same where the sets of rules are not known: the answers alone, the rules that apply in all
// and in any situation, and the reasons for when no rule applies in all.
Decision combine(const Model& model, const Vocabulary& words, const std::vector<Applied>& answers,
                 const std::vector<uint32_t>& in_all, std::vector<uint32_t> in_any,
                 const std::vector<std::string>& reasons);

}  // namespace firebreak::policy
