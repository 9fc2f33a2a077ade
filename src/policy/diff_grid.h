// SPDX-License-Identifier: Apache-2.0
// For compare(): how the differing situations fall on the values of two attributes.
//
//   DiffKindNodes kinds = …;                                 // where B is stricter, …
//   diff.kinds = counts_of(joint, kinds, joint.possible);
//   diff.grid = diff_grid(joint, kinds);
#pragma once

#include "policy/diff.h"
#include "policy/joint.h"

namespace firebreak::policy {

// Disjoint sets of possible situations.
struct DiffKindNodes {
  NodeId stricter = 0;
  NodeId looser = 0;
  NodeId otherwise = 0;
};

DiffCounts counts_of(Joint& joint, const DiffKindNodes& kinds, NodeId inside);

// Action by recipient where the vocabulary has both and a policy looks at them; else the two
// attributes that the differences depend on most. Nothing where there are no two that fit on a
// page, or the diagram has no room.
std::optional<DiffGrid> diff_grid(Joint& joint, const DiffKindNodes& kinds);

}  // namespace firebreak::policy
