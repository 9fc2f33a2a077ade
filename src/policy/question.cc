// SPDX-License-Identifier: Apache-2.0
#include "policy/question.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace firebreak::policy {
namespace {

// The steps that ordering the questions may take; beyond, they stand in the diagram's order.
constexpr size_t kMostSteps = 4'000'000;
// The members of a set that are varied together; 2^8 answers to one question.
constexpr size_t kMostMembers = 8;

// Visits the nodes that completions of the facts reach, each once.
template <typename Visit>
void visit(const Policy::Compiled& compiled, const Diagram& diagram, NodeId root,
           const Facts& facts, Visit on_terminal) {
  FlatMap seen;
  std::vector<NodeId> open = {root};
  seen.insert(root, 1);
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    if (diagram.is_terminal(node)) {
      on_terminal(diagram.payload(node));
      continue;
    }
    const uint32_t level = diagram.level(node);
    const int32_t raw = facts[compiled.space.levels()[level].slot];
    for (uint32_t i = 0; i < diagram.size(level); ++i) {
      if (raw != Facts::kMissing && compiled.space.value_at(level, raw) != i) continue;
      const NodeId child = diagram.children(node)[i];
      if (seen.find(child) != FlatMap::kNone) continue;
      seen.insert(child, 1);
      open.push_back(child);
    }
  }
}

// The diagram of classes under the known facts, reduced again: what is left depends on just the
// missing facts that matter. Nodes stand from the bottom up.
class Remainder {
 public:
  Remainder(const Policy::Compiled& compiled, const Facts& facts)
      : space_(compiled.space), diagram_(compiled.diagram) {
    FlatMap place;
    for (const NodeId node : reachable(compiled, facts)) {
      place.insert(node, take(node, facts, place));
    }
    root_ = place.find(compiled.classes);
    mark_used();
    share_levels();
    weight_.resize(nodes_.size());
    held_.assign(space_.levels().size(), kOpen);
  }

  [[nodiscard]] size_t size() const { return nodes_.size(); }
  [[nodiscard]] bool depends_on(uint32_t level) const { return levels_used_[level]; }

  // How the weight of all completions is spread over the classes when these levels are fixed.
  // Gives the undecided weight (0 or 1) and one minus the sum of the squared shares.
  struct Left {
    double undecided = 0;
    double mixed = 0;
  };
  [[nodiscard]] Left left(const std::vector<std::pair<uint32_t, uint32_t>>& fixed) {
    for (const auto& [level, value] : fixed) held_[level] = value;
    std::fill(weight_.begin(), weight_.end(), 0.0);
    weight_[root_] = 1.0;
    double squares = 0;
    size_t classes = 0;
    for (size_t i = root_ + 1; i-- > 0;) {
      if (weight_[i] <= 0) continue;
      if (nodes_[i].level == Diagram::kTerminal) {
        ++classes;
        squares += weight_[i] * weight_[i];
      } else {
        spread(nodes_[i], weight_[i]);
      }
    }
    for (const auto& each : fixed) held_[each.first] = kOpen;
    return {classes > 1 ? 1.0 : 0.0, 1.0 - squares};
  }

  // How likely a value is when all values of the fact are. Of a level that it depends on.
  [[nodiscard]] double share(uint32_t level, size_t value) const {
    return shares_[first_share_[level] + value];
  }

 private:
  static constexpr uint32_t kOpen = UINT32_MAX;
  struct Node {
    uint32_t level;
    uint32_t first;  // where the children stand; of a terminal: its class
  };

  std::vector<NodeId> reachable(const Policy::Compiled& compiled, const Facts& facts) {
    std::vector<NodeId> out = {compiled.classes};
    FlatMap seen;
    seen.insert(compiled.classes, 1);
    for (size_t i = 0; i < out.size(); ++i) {
      if (diagram_.is_terminal(out[i])) continue;
      const uint32_t level = diagram_.level(out[i]);
      const int32_t raw = facts[space_.levels()[level].slot];
      for (uint32_t value = 0; value < diagram_.size(level); ++value) {
        if (raw != Facts::kMissing && space_.value_at(level, raw) != value) continue;
        const NodeId child = diagram_.children(out[i])[value];
        if (seen.find(child) != FlatMap::kNone) continue;
        seen.insert(child, 1);
        out.push_back(child);
      }
    }
    std::sort(out.begin(), out.end());  // children before parents
    return out;
  }

  // The node that stands here for one of the diagram; `place` has those of its children.
  uint32_t take(NodeId node, const Facts& facts, const FlatMap& place) {
    if (diagram_.is_terminal(node)) {
      nodes_.push_back({Diagram::kTerminal, diagram_.payload(node)});
      return static_cast<uint32_t>(nodes_.size() - 1);
    }
    const uint32_t level = diagram_.level(node);
    const int32_t raw = facts[space_.levels()[level].slot];
    const auto children = diagram_.children(node);
    if (raw != Facts::kMissing) return place.find(children[space_.value_at(level, raw)]);
    // Put at the end, and taken away again where the node is not new.
    const Node fresh{level, static_cast<uint32_t>(children_.size())};
    for (const NodeId child : children) children_.push_back(place.find(child));
    const uint32_t* const first = children_.data() + fresh.first;
    const bool same = std::all_of(first, first + children.size(),
                                  [&](uint32_t child) { return child == *first; });
    const uint32_t out = same ? *first : known(fresh);
    if (out != nodes_.size()) {
      children_.resize(fresh.first);
    } else {
      nodes_.push_back(fresh);
    }
    return out;
  }

  // The node with the same level and children, or the next one there will be.
  uint32_t known(const Node& fresh) {
    const std::span<const uint32_t> mine = children(fresh);
    uint64_t key = fresh.level;
    for (const uint32_t child : mine) key = (key ^ child) * 0xFF51AFD7ED558CCDULL;
    // One bit less: FlatMap does not take the key of all ones. Where others have the key, the next.
    for (key >>= 1U;; key = (key + 1) & (UINT64_MAX >> 1U)) {
      const uint32_t at = known_.find(key);
      if (at == FlatMap::kNone) break;
      if (nodes_[at].level == fresh.level && std::ranges::equal(children(nodes_[at]), mine)) {
        return at;
      }
    }
    known_.insert(key, static_cast<uint32_t>(nodes_.size()));
    return static_cast<uint32_t>(nodes_.size());
  }

  [[nodiscard]] std::span<const uint32_t> children(const Node& node) const {
    return {children_.data() + node.first, space_.levels()[node.level].size};
  }

  void spread(const Node& node, double weight) {
    const uint32_t* const first = children_.data() + node.first;
    if (held_[node.level] != kOpen) {
      weight_[first[held_[node.level]]] += weight;
      return;
    }
    const double* const shares = shares_.data() + first_share_[node.level];
    const size_t size = space_.levels()[node.level].size;
    for (size_t value = 0; value < size; ++value) weight_[first[value]] += weight * shares[value];
  }

  void mark_used() {
    levels_used_.assign(space_.levels().size(), false);
    std::vector<bool> used(nodes_.size(), false);
    used[root_] = true;
    for (size_t i = root_ + 1; i-- > 0;) {
      if (!used[i] || nodes_[i].level == Diagram::kTerminal) continue;
      levels_used_[nodes_[i].level] = true;
      for (const uint32_t child : children(nodes_[i])) used[child] = true;
    }
  }

  void share_levels() {
    first_share_.assign(space_.levels().size(), 0);
    for (uint32_t level = 0; level < first_share_.size(); ++level) {
      if (!levels_used_[level]) continue;
      first_share_[level] = shares_.size();
      double all = 0;
      const uint32_t size = space_.levels()[level].size;
      for (uint32_t i = 0; i < size; ++i) all += space_.width(level, i);
      for (uint32_t i = 0; i < size; ++i) shares_.push_back(space_.width(level, i) / all);
    }
  }

  const Space& space_;
  const Diagram& diagram_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> children_;
  FlatMap known_;
  std::vector<bool> levels_used_;
  std::vector<size_t> first_share_;  // by level
  std::vector<double> shares_;
  std::vector<double> weight_;  // by node, while left() works
  std::vector<uint32_t> held_;  // by level, while left() works: the fixed value, or kOpen
  uint32_t root_ = 0;
};

struct Question {
  uint32_t attribute = 0;
  std::vector<uint32_t> levels;
  size_t answers = 1;
  double undecided = 0;
  double mixed = 0;
};

// Weighs every answer to the question by how likely it is.
void weigh(Remainder& remainder, const Space& space, Question& question) {
  std::vector<std::pair<uint32_t, uint32_t>> fixed;
  const size_t varied = std::min(question.levels.size(), kMostMembers);
  fixed.reserve(varied);
  for (size_t i = 0; i < varied; ++i) fixed.emplace_back(question.levels[i], 0U);
  while (true) {
    double likely = 1;
    for (const auto& [level, value] : fixed) likely *= remainder.share(level, value);
    const Remainder::Left left = remainder.left(fixed);
    question.undecided += likely * left.undecided;
    question.mixed += likely * left.mixed;
    size_t i = 0;
    while (i < fixed.size() && ++fixed[i].second == space.levels()[fixed[i].first].size) {
      fixed[i++].second = 0;
    }
    if (i == fixed.size()) return;
  }
}

}  // namespace

Reach reach_of(const Policy::Compiled& compiled, const Facts& facts) {
  Reach out;
  visit(compiled, compiled.diagram, compiled.judged, facts, [&](uint32_t judged) {
    out.any.push_back(judged / 2);
    if (judged % 2 == 1) out.possible.push_back(judged / 2);
  });
  std::sort(out.any.begin(), out.any.end());
  out.any.erase(std::unique(out.any.begin(), out.any.end()), out.any.end());
  std::sort(out.possible.begin(), out.possible.end());
  return out;
}

bool can_be(const Policy::Compiled& compiled, const Diagram& diagram, NodeId node,
            const Facts& facts, bool value) {
  bool found = false;
  visit(compiled, diagram, node, facts, [&](uint32_t truth) { found |= (truth != 0) == value; });
  return found;
}

std::vector<std::string> questions(const Policy::Compiled& compiled, const Facts& facts) {
  Remainder remainder(compiled, facts);
  std::vector<Question> open;
  size_t steps = 0;
  for (uint32_t level = 0; level < compiled.space.levels().size(); ++level) {
    if (!remainder.depends_on(level)) continue;
    const uint32_t attribute = compiled.space.levels()[level].attribute;
    if (open.empty() || open.back().attribute != attribute)
      open.push_back({attribute, {}, 1, 0, 0});
    open.back().levels.push_back(level);
    if (open.back().levels.size() <= kMostMembers) {
      open.back().answers *= compiled.space.levels()[level].size;
    }
  }
  for (const Question& question : open) steps += question.answers * remainder.size();
  if (steps <= kMostSteps) {
    for (Question& question : open) weigh(remainder, compiled.space, question);
    // Sums of shares in another order differ in the last bits, so they are rounded.
    const auto key = [](const Question& question) {
      return std::tuple(std::llround(question.undecided * 1e9), std::llround(question.mixed * 1e9),
                        question.attribute);
    };
    const auto before = [&](const Question& a, const Question& b) { return key(a) < key(b); };
    std::sort(open.begin(), open.end(), before);
  }
  std::vector<std::string> out;
  out.reserve(open.size());
  for (const Question& question : open) {
    out.push_back(compiled.vocabulary.words.attributes[question.attribute].name);
  }
  return out;
}

}  // namespace firebreak::policy
