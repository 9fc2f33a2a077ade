// SPDX-License-Identifier: Apache-2.0
// The search among descriptions for the shortest.
#include <algorithm>
#include <random>
#include <unordered_map>

#include "policy/compile.h"
#include "policy/region_wish.h"

namespace firebreak::policy {
namespace {

constexpr size_t kAttempts = 6;       // whole descriptions, of which the shortest is kept
constexpr size_t kImprovements = 40;  // of it: some regions are sought again
constexpr size_t kMostMixed = 2;      // parts of a region that may name several attributes
constexpr size_t kMostTried = 120;    // regions of all of these; then no further one is begun

// The function once more in another diagram of the same levels.
NodeId moved(const Diagram& from, NodeId root, Diagram& to) {
  std::unordered_map<NodeId, NodeId> done;
  std::vector<NodeId> children;
  for (const NodeId node : from.reachable(root)) {
    if (from.is_terminal(node)) {
      done[node] = to.terminal(from.payload(node));
      continue;
    }
    children.clear();
    for (const NodeId child : from.children(node)) children.push_back(done.at(child));
    done[node] = to.make(from.level(node), children);
  }
  return done.at(root);
}

// The shortest description so far.
class Shortest {
 public:
  // Only what is described is taken along: every attempt begins with a copy of it.
  Shortest(const Diagram& diagram, const Space& space, NodeId on, NodeId off,
           const RegionLength& length)
      : diagram_(space.sizes(), kNodeBudget),
        space_(space),
        on_(moved(diagram, on, diagram_)),
        off_(moved(diagram, off, diagram_)),
        length_(length) {}

  std::optional<std::vector<Region>> find() {
    for (uint64_t seed = 0; seed < kAttempts && tried_ <= kMostTried; ++seed) attempt({}, seed);
    for (uint64_t i = 0; may_improve() && i < kImprovements && tried_ <= kMostTried; ++i) {
      attempt(without_some(best_->wide, i), kAttempts + i);
    }
    if (!best_) return std::nullopt;
    return std::move(best_->shown);
  }

 private:
  [[nodiscard]] bool may_improve() const { return best_ && best_->shown.size() > 1; }

  // Of descriptions as long as each other the later one is kept, so that the search moves on.
  void attempt(std::vector<Region> given, uint64_t seed) {
    Diagram scratch = diagram_;  // what an attempt makes goes with it
    const size_t kept = given.size();
    const size_t mixed = seed % (kMostMixed + 1);
    FoundRegions one = find_regions(scratch, space_, on_, off_, {mixed, seed}, std::move(given));
    tried_ += one.wide.size() > kept ? one.wide.size() - kept : 1;
    if (scratch.exhausted()) return;
    size_t all = 0;
    for (const Region& region : one.shown) all += length_(region);
    if (all > least_) return;
    least_ = all;
    best_ = std::move(one);
  }

  static std::vector<Region> without_some(std::vector<Region> regions, uint64_t seed) {
    std::mt19937_64 random(seed);
    const size_t out = 1 + random() % std::min<size_t>(3, regions.size());
    for (size_t i = 0; i < out; ++i)
      regions.erase(regions.begin() + static_cast<std::ptrdiff_t>(random() % regions.size()));
    return regions;
  }

  Diagram diagram_;
  const Space& space_;
  NodeId on_;
  NodeId off_;
  const RegionLength& length_;
  size_t tried_ = 0;
  size_t least_ = SIZE_MAX;
  std::optional<FoundRegions> best_;
};

}  // namespace

std::optional<std::vector<Region>> describe_by_regions(const Diagram& diagram, const Space& space,
                                                       NodeId on, NodeId off,
                                                       const RegionLength& length) {
  return Shortest(diagram, space, on, off, length).find();
}

}  // namespace firebreak::policy
