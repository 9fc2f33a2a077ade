// SPDX-License-Identifier: Apache-2.0
// Describes a set of situations by few and short regions: two-level minimisation on the diagram, as
// for switching circuits, with situations that may fall on either side to help shorten.
//
//   auto regions = describe_by_regions(diagram, space, on, off, length);
//   NodeId first = region_node(diagram, regions->front());
//
// Every situation of `on` is in a region, none of `off` is; regions may overlap. Every region is as
// wide as it can be, none can be left out, and of several attempts the shortest is kept: near the
// least there can be, not proved to be the least.
//
// A region is an `and` of `or`s. After R. Brayton and others, Logic Minimization Algorithms for
// VLSI Synthesis (1984): expand, drop what is redundant, reduce. Here a part of a region is also
// widened to the other facts that may stand in its place ("a victim here or elsewhere").
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "policy/space.h"

namespace firebreak::policy {

// The level has one of the marked values.
struct Literal {
  uint32_t level = 0;
  std::vector<bool> values;
};
using Alternatives = std::vector<Literal>;  // any of them; at most one for each level
using Region = std::vector<Alternatives>;   // all of them; none: everywhere

NodeId region_node(Diagram& diagram, const Region& region);

// How much there is to read of a region: of several descriptions the one with the least is given.
using RegionLength = std::function<size_t(const Region&)>;

// `on` and `off` have no situation in common; the rest may be covered. Nothing when the diagram has
// no room to work in.
std::optional<std::vector<Region>> describe_by_regions(const Diagram& diagram, const Space& space,
                                                       NodeId on, NodeId off,
                                                       const RegionLength& length);

}  // namespace firebreak::policy
