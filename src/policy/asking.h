// SPDX-License-Identifier: Apache-2.0
// How an interview goes that asks the best question until the answer is determined, and how many
// questions it takes: the same planner as decide()'s `missing`, best first.
//
//   const Attribute* next = next_question(words, policy->decide(facts), not_known);
//   Effort effort = interview_effort(*policy);           // effort.average, effort.worst
#pragma once

#include <string>
#include <vector>

#include "policy/policy.h"

namespace firebreak::policy {

// The best question that may be asked (a protected fact may not) and is not among those skipped;
// nullptr when the answer is determined, or nothing that may be asked would settle it.
const Attribute* next_question(const Vocabulary& words, const Decision& decision,
                               const std::vector<std::string>& skipped);

struct Effort {
  bool exact = false;      // over every possible situation; otherwise over `sample` of them
  std::string situations;  // how many situations there are, in decimal; each weighs the same
  size_t sample = 0;
  double average = 0;
  size_t worst = 0;
  double unanswered = 0;  // the share of situations that hang on a fact that nobody may ask for
  size_t looked_at = 0;   // questions that the policy could ask: it looks at the fact
  size_t all = 0;         // questions that the vocabulary has
};

// A policy may need this many different states of an interview to be counted exactly; a larger one
// is counted over kInterviewSample situations, drawn with a fixed seed.
constexpr size_t kMostInterviewStates = 20'000;
constexpr size_t kInterviewSample = 20'000;

// Nothing is known at the start, and every question is answered.
Effort interview_effort(const Policy& policy, size_t most_states = kMostInterviewStates,
                        size_t sample = kInterviewSample);

}  // namespace firebreak::policy
