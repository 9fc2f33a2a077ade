// SPDX-License-Identifier: Apache-2.0
// For region.h: one description, found by chance within a seed, of which the search tries several.
//
//   FoundRegions found = find_regions(diagram, space, on, off, {.mixed = 1, .seed = 7}, {});
//   found = find_regions(diagram, space, on, off, {.mixed = 1, .seed = 8}, some_of(found.wide));
#pragma once

#include "policy/region.h"

namespace firebreak::policy {

struct RegionWish {
  size_t mixed = 0;   // how many parts of a region may name several attributes
  uint64_t seed = 0;  // the same wish finds the same
};

struct FoundRegions {
  std::vector<Region> shown;
  std::vector<Region> wide;  // the same before it was made shorter, to go on from
};

// Describes what the given regions do not hold as well, and then leaves out what can be left out.
// Means nothing when the diagram is exhausted.
FoundRegions find_regions(Diagram& diagram, const Space& space, NodeId on, NodeId off,
                          const RegionWish& wish, std::vector<Region> given);

}  // namespace firebreak::policy
