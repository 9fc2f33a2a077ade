// SPDX-License-Identifier: Apache-2.0
// What can be said when facts are missing: which outcomes are still possible, which facts still
// matter, and which of them is best asked first.
//
//   Reach reach = reach_of(compiled, facts);
//   std::vector<std::string> ask = questions(compiled, facts);
#pragma once

#include "policy/compile.h"

namespace firebreak::policy {

struct Reach {
  std::vector<OutcomeId> any;       // of some completion of the facts
  std::vector<OutcomeId> possible;  // of some completion that the vocabulary allows
};
Reach reach_of(const Policy::Compiled& compiled, const Facts& facts);

// Whether some completion of the facts makes `node` (a condition) true, or false.
bool can_be(const Policy::Compiled& compiled, const Diagram& diagram, NodeId node,
            const Facts& facts, bool value);

// The attributes on which the answer's class still depends, best question first: the one that
// leaves the least to be asked, by the weight of the situations it would leave undecided, then by
// how mixed their answers would be, every value being as likely as another.
std::vector<std::string> questions(const Policy::Compiled& compiled, const Facts& facts);

}  // namespace firebreak::policy
