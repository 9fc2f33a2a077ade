// SPDX-License-Identifier: Apache-2.0
// For the tests of diff.h: differences of policies, and whether one is right about a situation.
//
//   Diff diff = diff_of(*a, *b);
//   EXPECT_TRUE(right_about(diff, words, facts, slow_answers(*a, *b, facts)));
#pragma once

#include <gtest/gtest.h>

#include "policy/compile.h"
#include "policy/diff.h"
#include "policy/joint.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {

inline Diff diff_of(const Policy& a, const Policy& b) {
  Result<Diff> diff = compare(a, b);
  if (!diff) {
    ADD_FAILURE() << diff.error().text();
    std::abort();
  }
  return *std::move(diff);
}
inline Diff diff_of(const std::string& a, const std::string& b) {
  return diff_of(*policy_of(a), *policy_of(b));
}

inline std::shared_ptr<const Policy> pack(const std::string& name) {
  auto policy = Policy::load(packs() / (name + ".policy"));
  if (!policy) {
    ADD_FAILURE() << policy.error().text();
    std::abort();
  }
  return *policy;
}

using Answers = std::array<Decision, 2>;

inline Decision slow_answer(const Policy& policy, const Facts& facts) {
  const Policy::Compiled& compiled = policy.compiled();
  const Vocabulary& words = compiled.vocabulary.words;
  return describe(compiled.model, words,
                  applied_rules(compiled.model, words, facts_for(words, facts)));
}
inline Answers slow_answers(const Policy& a, const Policy& b, const Facts& facts) {
  return {slow_answer(a, facts), slow_answer(b, facts)};
}
// What the diagrams answer, which other tests hold against the slow evaluator.
inline Decision fast_answer(const Policy& policy, const Facts& facts) {
  return policy.outcome(policy.evaluate(facts_for(policy.vocabulary(), facts)));
}
inline Answers fast_answers(const Policy& a, const Policy& b, const Facts& facts) {
  return {fast_answer(a, facts), fast_answer(b, facts)};
}

inline bool in_region(const DiffRegion& region, const Vocabulary& words, const Facts& facts) {
  const bool everywhere =
      region.condition.kind == Condition::Kind::conjunction && region.condition.parts.empty();
  return everywhere || holds(region.condition, words, facts);
}

inline bool one_of_these(const std::vector<Decision>& answers, const Decision& answer) {
  return std::ranges::any_of(answers,
                             [&](const Decision& one) { return same_answer(one, answer); });
}

inline bool names_all(const std::vector<std::string>& names, const std::vector<std::string>& some) {
  return std::ranges::all_of(
      some, [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); });
}

// Whether the difference says of one possible situation what the policies answer. Counts the
// regions that hold it, by group and region.
inline bool right_about(const Diff& diff, const Vocabulary& words, const Facts& facts,
                        const Answers& answers,
                        std::vector<std::vector<size_t>>* counts = nullptr) {
  size_t groups = 0;
  for (size_t i = 0; i < diff.groups.size(); ++i) {
    bool here = false;
    for (size_t j = 0; j < diff.groups[i].regions.size(); ++j) {
      const DiffRegion& region = diff.groups[i].regions[j];
      if (!in_region(region, words, facts)) continue;
      here = true;
      if (counts != nullptr) ++(*counts)[i][j];
      for (size_t side = 0; side < 2; ++side) {
        if (!one_of_these(region.sides[side].answers, answers[side]) ||
            !names_all(region.sides[side].rules, answers[side].rules)) {
          return false;
        }
      }
    }
    groups += here;
  }
  return groups == (same_answer(answers[0], answers[1]) ? 0 : 1);
}

}  // namespace firebreak::policy::testing
