// SPDX-License-Identifier: Apache-2.0
// The smallest situation of a region, exactly: the one that takes the fewest facts to tell, then
// the fewest members of sets, then the fewest values that are not the first of their attribute. A
// setting at its value in force takes none. Whatever the facts left out are, the situation is in
// the region (or cannot be), and the policy gives it one answer.
//
//   std::optional<Facts> found = smallest(compiled, diagram, region, std::nullopt);
//
// Each attribute is either left out, and then whatever it is must do, or given. What is left of the
// region after that is a node again, so that each is looked at once.
#pragma once

#include <optional>

#include "policy/compile.h"

namespace firebreak::policy {

// `region`, a node of `diagram`, holds possible situations alone and is not empty. `kept` is a slot
// that stays given. Nothing when the search grows too large.
std::optional<Facts> smallest(const Policy::Compiled& compiled, const Diagram& diagram,
                              NodeId region, std::optional<uint32_t> kept);

}  // namespace firebreak::policy
