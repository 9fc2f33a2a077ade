// SPDX-License-Identifier: Apache-2.0
// Improves the order of a diagram's levels: each group of levels is moved through all places and
// left where the diagram is smallest, then each level within its group.
//
//   std::vector<uint32_t> order = sifted(diagram, root, groups);   // order[i]: the level to stand
//   i-th
//
// After R. Rudell, Dynamic variable ordering for ordered binary decision diagrams (1993), with
// levels of several values; groups (the members of one set) stay together.
#pragma once

#include <cstdint>
#include <vector>

#include "policy/diagram.h"

namespace firebreak::policy {

// `groups` gives the number of levels in each group, from the top. Stops early when it has become
// long work; what was reached until then is an order like any other.
std::vector<uint32_t> sifted(const Diagram& diagram, NodeId root,
                             const std::vector<uint32_t>& groups);

}  // namespace firebreak::policy
