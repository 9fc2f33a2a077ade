// SPDX-License-Identifier: Apache-2.0
// What each rule of a policy does over all possible situations: whether it answers anywhere,
// whether it makes a difference anywhere, and which rules contradict each other, where.
//
//   for (const Contradiction& one : contradictions(analysis)) …
//   std::optional<std::vector<RuleEffect>> effects = rule_effects(compiled);
#pragma once

#include <optional>
#include <vector>

#include "policy/analysis.h"

namespace firebreak::policy {

struct RuleEffect {
  bool answers = false;  // somewhere, alone or with others
  bool leads = false;    // and is there the first to answer, or in a conflict
};
// By rule. Nothing when it became too large.
std::optional<std::vector<RuleEffect>> rule_effects(const Policy::Compiled& compiled);

struct Contradiction {
  uint32_t first = 0;
  uint32_t second = 0;
  NodeId region = 0;  // possible situations that show it
};
// Every situation with a conflict is in one of the regions, or there are kMostContradictions.
constexpr size_t kMostContradictions = 100;
std::vector<Contradiction> contradictions(Analysis& analysis);

}  // namespace firebreak::policy
