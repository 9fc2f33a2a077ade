// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>
#include <unordered_map>

#include "policy/region_wish.h"

namespace firebreak::policy {
namespace {

constexpr size_t kCandidates = 4;  // regions tried for each that is taken

template <typename T>
void erase_at(std::vector<T>& items, size_t at) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
}

NodeId alternatives_node(Diagram& diagram, const Alternatives& any) {
  NodeId out = diagram.falsehood();
  for (const Literal& one : any) {
    out = diagram.any_of(out, diagram.literal(one.level, one.values));
  }
  return out;
}

// Of each level the values that no situation of `node` has.
std::vector<std::vector<bool>> absent_values(const Diagram& diagram, size_t levels, NodeId node) {
  const auto is_false = [&](NodeId at) {
    return diagram.is_terminal(at) && diagram.payload(at) == 0;
  };
  std::vector<std::vector<bool>> out;
  out.reserve(levels);
  for (uint32_t i = 0; i < levels; ++i) out.emplace_back(diagram.size(i), true);
  // A level that a way to truth passes over has every value on that way.
  const auto pass_over = [&](uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < std::min<size_t>(to, levels); ++i) {
      out[i].assign(out[i].size(), false);
    }
  };
  if (!is_false(node)) pass_over(0, diagram.level(node));
  for (const NodeId at : diagram.reachable(node)) {
    if (diagram.is_terminal(at)) continue;
    const uint32_t level = diagram.level(at);
    for (uint32_t i = 0; i < diagram.size(level); ++i) {
      const NodeId child = diagram.children(at)[i];
      if (is_false(child)) continue;
      out[level][i] = false;
      pass_over(level + 1, diagram.level(child));
    }
  }
  return out;
}

class RegionFinder {
 public:
  RegionFinder(Diagram& diagram, const Space& space, NodeId on, NodeId off, const RegionWish& wish)
      : diagram_(diagram),
        space_(space),
        on_(on),
        off_(off),
        mixed_(wish.mixed),
        random_(wish.seed) {
    prefer_at_random();
  }

  // Describes what the given regions do not hold, and then leaves out what can be left out.
  FoundRegions run(std::vector<Region> given) {
    regions_ = std::move(given);
    NodeId remaining = on_;
    for (const Region& region : regions_) {
      remaining = minus(remaining, region_node(diagram_, region));
    }
    while (!empty(remaining) && !diagram_.exhausted()) {
      Region region = best_candidate(remaining);
      remaining = minus(remaining, region_node(diagram_, region));
      regions_.push_back(std::move(region));
    }
    drop_redundant();
    FoundRegions out;
    out.wide = regions_;
    reduce();
    for (Region& region : regions_) {
      join_parts(region);
      drop_parts(region);
    }
    drop_redundant();
    out.shown = std::move(regions_);
    return out;
  }

 private:
  bool empty(NodeId node) { return node == diagram_.falsehood(); }
  NodeId minus(NodeId a, NodeId b) { return diagram_.all_of(a, diagram_.negation(b)); }
  // What of `start` meets every part of the region but one.
  NodeId meeting(NodeId start, const Region& region, size_t left_out) {
    NodeId out = start;
    for (size_t i = 0; i < region.size(); ++i) {
      if (i != left_out) out = diagram_.all_of(out, alternatives_node(diagram_, region[i]));
    }
    return out;
  }
  // The share of all situations, near enough to compare by, that is in the region and in `start`.
  double held(NodeId start, const Region& region) {
    const NodeId node = meeting(start, region, region.size());
    std::unordered_map<NodeId, double> share;
    for (const NodeId at : diagram_.reachable(node)) {
      if (diagram_.is_terminal(at)) {
        share[at] = diagram_.payload(at);
        continue;
      }
      double sum = 0;
      for (const NodeId child : diagram_.children(at)) sum += share.at(child);
      share[at] = sum / diagram_.size(diagram_.level(at));
    }
    return share.at(node);
  }

  // Which attributes are best left out of a region.
  void prefer_at_random() {
    for (const Level& level : space_.levels()) preference_[level.attribute] = random_();
  }

  // The one of several that holds the most of what remains.
  Region best_candidate(NodeId remaining) {
    Region best;
    double most = -1;
    for (size_t i = 0; i < kCandidates && !diagram_.exhausted(); ++i) {
      if (i % 2 == 1) prefer_at_random();
      Region region = expanded(situation_in(remaining));
      widen(region, remaining);
      const double gain = held(remaining, region);
      if (gain <= most) continue;
      most = gain;
      best = std::move(region);
    }
    return best;
  }

  // One situation as a region, by a random way down the diagram.
  Region situation_in(NodeId set) {
    Region out;
    for (uint32_t level = 0; level < space_.levels().size(); ++level) {
      const bool here = diagram_.level(set) == level;
      std::vector<uint32_t> open;
      for (uint32_t i = 0; i < diagram_.size(level); ++i) {
        if (!here || !empty(diagram_.children(set)[i])) open.push_back(i);
      }
      const uint32_t value = open[random_() % open.size()];
      Literal one{level, std::vector<bool>(diagram_.size(level), false)};
      one.values[value] = true;
      out.push_back({std::move(one)});
      if (here) set = diagram_.children(set)[value];
    }
    return out;
  }

  // Leaves out what can be left out, then lets each fact that is left have every value that it can.
  Region expanded(Region region) {
    std::shuffle(region.begin(), region.end(), random_);
    // Attributes go whole and mostly in one order, so that regions come to speak of the same few.
    std::stable_sort(region.begin(), region.end(), [&](const auto& a, const auto& b) {
      return preference_.at(attribute_of(a)) < preference_.at(attribute_of(b));
    });
    drop_parts(region);
    for (size_t i = 0; i < region.size(); ++i) {
      Literal& one = region[i].front();
      one.values = clear_of(meeting(off_, region, i))[one.level];
    }
    return region;
  }
  [[nodiscard]] uint32_t attribute_of(const Alternatives& any) const {
    return space_.levels()[any.front().level].attribute;
  }

  void drop_parts(Region& region) {
    // What is met by the parts from each one on.
    std::vector<NodeId> rest(region.size() + 1, diagram_.truth());
    for (size_t i = region.size(); i-- > 0;) {
      rest[i] = diagram_.all_of(alternatives_node(diagram_, region[i]), rest[i + 1]);
    }
    Region kept;
    NodeId outside = off_;
    for (size_t i = 0; i < region.size(); ++i) {
      if (empty(diagram_.all_of(outside, rest[i + 1]))) continue;
      outside = diagram_.all_of(outside, alternatives_node(diagram_, region[i]));
      kept.push_back(std::move(region[i]));
    }
    region = std::move(kept);
  }

  [[nodiscard]] std::vector<std::vector<bool>> clear_of(NodeId outside) const {
    return absent_values(diagram_, space_.levels().size(), outside);
  }

  // Gives each part of the region the other facts that may stand in its place: of the same
  // attribute, and in a few parts of any.
  void widen(Region& region, NodeId remaining) {
    std::shuffle(region.begin(), region.end(), random_);
    size_t mixed = 0;
    for (size_t i = 0; i < region.size() && !diagram_.exhausted();) {
      const NodeId outside = meeting(off_, region, i);
      if (empty(outside)) {
        erase_at(region, i);
        continue;
      }
      const NodeId wanted = meeting(remaining, region, i);
      region[i] = alternatives(clear_of(outside), wanted, region[i].front(), mixed < mixed_);
      mixed += std::ranges::any_of(region[i], [&](const Literal& one) {
        return attribute_of({one}) != attribute_of(region[i]);
      });
      ++i;
    }
  }

  // The facts that are clear of what is outside: those of `now`, and those that hold something
  // wanted.
  Alternatives alternatives(const std::vector<std::vector<bool>>& clear, NodeId wanted,
                            const Literal& now, bool mixed) {
    Alternatives out;
    for (uint32_t level = 0; level < clear.size(); ++level) {
      if (std::ranges::find(clear[level], true) == clear[level].end()) continue;
      const std::vector<Level>& levels = space_.levels();
      if (!mixed && levels[level].attribute != levels[now.level].attribute) continue;
      const NodeId literal = diagram_.literal(level, clear[level]);
      if (level == now.level || !empty(diagram_.all_of(wanted, literal))) {
        out.push_back({level, clear[level]});
      }
    }
    return out;
  }

  // What the other regions leave to this one.
  NodeId own(size_t index) {
    NodeId out = on_;
    for (size_t i = 0; i < regions_.size(); ++i) {
      if (i != index) out = minus(out, region_node(diagram_, regions_[i]));
    }
    return out;
  }

  // The smallest regions go first.
  void drop_redundant() {
    std::vector<std::pair<double, Region>> sorted;
    for (Region& region : regions_) {
      const double count = held(on_, region);
      sorted.emplace_back(count, std::move(region));
    }
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    regions_.clear();
    for (auto& [count, region] : sorted) regions_.push_back(std::move(region));
    for (size_t i = 0; i < regions_.size() && !diagram_.exhausted();) {
      if (empty(own(i))) {
        erase_at(regions_, i);
      } else {
        ++i;
      }
    }
  }

  // Two parts that speak of one fact alone are one part.
  static void join_parts(Region& region) {
    Region out;
    for (Alternatives& any : region) {
      const auto same = std::ranges::find_if(out, [&](const Alternatives& one) {
        return one.size() == 1 && any.size() == 1 && one.front().level == any.front().level;
      });
      if (same == out.end()) {
        out.push_back(std::move(any));
        continue;
      }
      std::vector<bool>& values = same->front().values;
      for (size_t i = 0; i < values.size(); ++i) values[i] = values[i] && any.front().values[i];
    }
    region = std::move(out);
  }

  // Takes alternatives out that hold nothing which other regions do not hold already.
  void reduce() {
    for (size_t i = 0; i < regions_.size() && !diagram_.exhausted(); ++i) {
      const NodeId needed = own(i);
      for (Alternatives& any : regions_[i]) {
        for (size_t j = 0; j < any.size() && any.size() > 1;) {
          Alternatives fewer = any;
          erase_at(fewer, j);
          if (empty(minus(needed, alternatives_node(diagram_, fewer)))) {
            any = std::move(fewer);
          } else {
            ++j;
          }
        }
        if (any.size() == 1) reduce_values(any.front(), needed);
      }
    }
  }
  // Keeps the values that are needed, where they take fewer names than those that can be.
  void reduce_values(Literal& one, NodeId needed) {
    std::vector<bool> values = clear_of(needed)[one.level];
    values.flip();
    const auto names = [](const std::vector<bool>& some) {
      const auto chosen = std::ranges::count(some, true);
      return std::min<std::ptrdiff_t>(chosen, std::ssize(some) - chosen);
    };
    if (names(values) < names(one.values)) one.values = std::move(values);
  }

  Diagram& diagram_;
  const Space& space_;
  NodeId on_;
  NodeId off_;
  size_t mixed_;
  std::mt19937_64 random_;
  std::unordered_map<uint32_t, uint64_t> preference_;  // by attribute; the least goes first
  std::vector<Region> regions_;
};

}  // namespace

NodeId region_node(Diagram& diagram, const Region& region) {
  NodeId out = diagram.truth();
  for (const Alternatives& any : region) out = diagram.all_of(out, alternatives_node(diagram, any));
  return out;
}

FoundRegions find_regions(Diagram& diagram, const Space& space, NodeId on, NodeId off,
                          const RegionWish& wish, std::vector<Region> given) {
  return RegionFinder(diagram, space, on, off, wish).run(std::move(given));
}

}  // namespace firebreak::policy
