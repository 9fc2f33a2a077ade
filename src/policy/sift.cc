// SPDX-License-Identifier: Apache-2.0
#include "policy/sift.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

namespace firebreak::policy {
namespace {

// Nodes rewritten, all in all: some tenths of a second.
constexpr size_t kMostRewritten = 150'000;
// Another round follows one that made the diagram smaller by more than one node in so many.
constexpr size_t kWorthIt = 20;
// A group is moved no further in a direction in which the diagram has grown by half.
constexpr size_t kGrowthInHalves = 3;

// A diagram whose neighbouring levels can be swapped. "Variable" is a level of the diagram that it
// was made from, wherever it stands now.
class SwappableDiagram {
 public:
  SwappableDiagram(const Diagram& diagram, NodeId root, size_t levels)
      : at_(levels), order_(levels), sizes_(levels) {
    std::iota(order_.begin(), order_.end(), 0U);
    for (uint32_t i = 0; i < levels; ++i) sizes_[i] = diagram.size(i);
    std::unordered_map<NodeId, uint32_t> place;
    std::vector<uint32_t> below;
    for (const NodeId node : diagram.reachable(root)) {
      if (diagram.is_terminal(node)) {
        place[node] = add(kNoVariable, {});
        continue;
      }
      below.clear();
      for (const NodeId child : diagram.children(node)) below.push_back(place.at(child));
      place[node] = find_or_add(diagram.level(node), below);
    }
    ++nodes_[place.at(root)].used;
  }

  [[nodiscard]] size_t size() const { return live_; }
  [[nodiscard]] size_t rewritten() const { return rewritten_; }
  [[nodiscard]] const std::vector<uint32_t>& order() const { return order_; }

  // The variable that stands at `place` changes places with the one below it.
  void swap(size_t place) {
    const uint32_t upper = order_[place];
    const uint32_t lower = order_[place + 1];
    std::vector<uint32_t> moved;
    for (const auto& [children, node] : at_[upper]) {
      const bool meets = std::any_of(children.begin(), children.end(), [&](uint32_t child) {
        return nodes_[child].variable == lower;
      });
      if (meets) moved.push_back(node);
    }
    std::sort(moved.begin(), moved.end());  // the table's own order is nobody's business
    rewritten_ += moved.size();
    for (const uint32_t node : moved) at_[upper].erase(nodes_[node].children);
    for (const uint32_t node : moved) rewrite(node, upper, lower);
    std::swap(order_[place], order_[place + 1]);
  }

 private:
  static constexpr uint32_t kNoVariable = UINT32_MAX;
  using Children = std::vector<uint32_t>;
  struct Node {
    uint32_t variable;
    uint32_t used = 0;  // by how many parents
    Children children;
  };
  struct HashChildren {
    size_t operator()(const Children& children) const {
      uint64_t out = 0x9E3779B97F4A7C15ULL;
      for (const uint32_t child : children) {
        out = (out ^ child) * 0xFF51AFD7ED558CCDULL;
        out ^= out >> 32U;
      }
      return out;
    }
  };

  uint32_t add(uint32_t variable, Children children) {
    for (const uint32_t child : children) ++nodes_[child].used;
    uint32_t id = 0;
    if (free_.empty()) {
      id = static_cast<uint32_t>(nodes_.size());
      nodes_.push_back({variable, 0, std::move(children)});
    } else {
      id = free_.back();
      free_.pop_back();
      nodes_[id] = {variable, 0, std::move(children)};
    }
    ++live_;
    return id;
  }

  uint32_t find_or_add(uint32_t variable, const Children& children) {
    if (std::equal(children.begin() + 1, children.end(), children.begin())) return children[0];
    const auto known = at_[variable].find(children);
    if (known != at_[variable].end()) return known->second;
    const uint32_t id = add(variable, children);
    at_[variable].emplace(children, id);
    return id;
  }

  // The same function, asking the lower variable first.
  void rewrite(uint32_t node, uint32_t upper, uint32_t lower) {
    const Children before = nodes_[node].children;
    Children after;
    for (uint32_t value = 0; value < sizes_[lower]; ++value) {
      Children part;
      for (const uint32_t child : before) {
        const bool asks = nodes_[child].variable == lower;
        part.push_back(asks ? nodes_[child].children[value] : child);
      }
      const uint32_t below = find_or_add(upper, part);
      ++nodes_[below].used;  // at once, so that nothing in use is ever dropped
      after.push_back(below);
    }
    nodes_[node].variable = lower;
    nodes_[node].children = after;
    at_[lower].emplace(std::move(after), node);
    for (const uint32_t child : before) drop(child);
  }

  void drop(uint32_t node) {
    if (--nodes_[node].used > 0 || nodes_[node].variable == kNoVariable) return;
    const Children children = std::move(nodes_[node].children);
    at_[nodes_[node].variable].erase(children);
    free_.push_back(node);
    --live_;
    for (const uint32_t child : children) drop(child);
  }

  std::vector<Node> nodes_;
  std::vector<uint32_t> free_;
  std::vector<std::unordered_map<Children, uint32_t, HashChildren>> at_;  // by variable
  std::vector<uint32_t> order_;
  std::vector<uint32_t> sizes_;
  size_t live_ = 0;
  size_t rewritten_ = 0;
};

class Sifter {
 public:
  Sifter(SwappableDiagram& diagram, std::vector<uint32_t> groups)
      : diagram_(diagram), groups_(std::move(groups)) {}

  void run() {
    // By the number that a group has at the start, and where each stands now.
    std::vector<uint32_t> groups(groups_.size());
    std::iota(groups.begin(), groups.end(), 0U);
    standing_ = groups;
    for (size_t before = SIZE_MAX;
         before - diagram_.size() > diagram_.size() / kWorthIt && !tired();) {
      before = diagram_.size();
      for (const uint32_t group : groups) {
        if (!tired()) sift_group(group);
      }
      for (const uint32_t group : groups) sift_members(group);
    }
  }

 private:
  [[nodiscard]] bool tired() const { return diagram_.rewritten() > kMostRewritten; }
  [[nodiscard]] bool grown(size_t best) const {
    return tired() || 2 * diagram_.size() > kGrowthInHalves * best + 100;
  }

  void sift_group(uint32_t group) {
    size_t at = static_cast<size_t>(std::find(standing_.begin(), standing_.end(), group) -
                                    standing_.begin());
    size_t best_at = at;
    size_t best = diagram_.size();
    const auto look = [&] {
      if (diagram_.size() >= best) return;
      best = diagram_.size();
      best_at = at;
    };
    const auto down = [&] { swap_groups(at++); };
    const auto up = [&] { swap_groups(--at); };
    while (at + 1 < standing_.size() && !grown(best)) {
      down();
      look();
    }
    while (at > best_at) up();
    while (at > 0 && !grown(best)) {
      up();
      look();
    }
    while (at < best_at) down();
    while (at > best_at) up();
  }

  // Of all orders of the members those that one move makes.
  void sift_members(uint32_t group) {
    const size_t at = static_cast<size_t>(std::find(standing_.begin(), standing_.end(), group) -
                                          standing_.begin());
    const size_t first = first_level(at);
    const std::vector<uint32_t> members(
        diagram_.order().begin() + static_cast<std::ptrdiff_t>(first),
        diagram_.order().begin() + static_cast<std::ptrdiff_t>(first + groups_[group]));
    for (const uint32_t member : members) {
      if (tired()) return;
      sift_member(member, first, first + groups_[group]);
    }
  }

  void sift_member(uint32_t member, size_t first, size_t end) {
    const std::vector<uint32_t>& order = diagram_.order();
    size_t at = static_cast<size_t>(std::find(order.begin(), order.end(), member) - order.begin());
    size_t best_at = at;
    size_t best = diagram_.size();
    const auto move = [&](bool down) {
      diagram_.swap(down ? at : at - 1);
      at = down ? at + 1 : at - 1;
    };
    const auto look = [&] {
      if (diagram_.size() >= best) return;
      best = diagram_.size();
      best_at = at;
    };
    while (at + 1 < end && !grown(best)) {
      move(true);
      look();
    }
    while (at > best_at) move(false);
    while (at > first && !grown(best)) {
      move(false);
      look();
    }
    while (at != best_at) move(at < best_at);
  }

  [[nodiscard]] size_t first_level(size_t place) const {
    size_t out = 0;
    for (size_t i = 0; i < place; ++i) out += groups_[standing_[i]];
    return out;
  }

  // The group at `place` and the next one.
  void swap_groups(size_t place) {
    const size_t first = first_level(place);
    const size_t above = groups_[standing_[place]];
    const size_t below = groups_[standing_[place + 1]];
    for (size_t i = 0; i < below; ++i) {
      for (size_t j = above; j-- > 0;) diagram_.swap(first + i + j);
    }
    std::swap(standing_[place], standing_[place + 1]);
  }

  SwappableDiagram& diagram_;
  std::vector<uint32_t> groups_;
  std::vector<uint32_t> standing_;  // groups from the top
};

}  // namespace

std::vector<uint32_t> sifted(const Diagram& diagram, NodeId root,
                             const std::vector<uint32_t>& groups) {
  const size_t levels = std::accumulate(groups.begin(), groups.end(), size_t{0});
  SwappableDiagram swappable(diagram, root, levels);
  Sifter(swappable, groups).run();
  return swappable.order();
}

}  // namespace firebreak::policy
