// SPDX-License-Identifier: Apache-2.0
// Which rules answer, found by asking each rule: for a policy whose outcomes stand for kinds of
// answer alone, because sets of rules would be too many (Policy::Compiled::by_kind).
//
//   RulesAt rules = rules_at(compiled, facts);
//   Decision decision = decide_by_kind(compiled, facts, reach.possible);
#pragma once

#include <array>
#include <span>
#include <utility>

#include "policy/compile.h"

namespace firebreak::policy {

// In some situation in which all that is not missing is as in `facts`, each node (a condition) has
// the value beside it.
using Wanted = std::pair<NodeId, bool>;
bool can_be_together(const Policy::Compiled& compiled, const Diagram& diagram,
                     std::span<const Wanted> wanted, const Facts& facts);

// Sorted; of the completions of the facts that the vocabulary allows, or of all when it allows
// none.
struct RulesAt {
  std::vector<uint32_t> in_all;  // that answer in each
  std::vector<uint32_t> in_any;  // that answer in some
};
RulesAt rules_at(const Policy::Compiled& compiled, const Facts& facts);

// The whole answer for facts that come to outcomes of one class. Where no rule answers in every
// completion, each rule that answers in some is named with its reason.
Decision decide_by_kind(const Policy::Compiled& compiled, const Facts& facts,
                        const std::vector<OutcomeId>& outcomes);

}  // namespace firebreak::policy
