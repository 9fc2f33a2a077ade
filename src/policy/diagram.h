// SPDX-License-Identifier: Apache-2.0
// Multi-valued reduced ordered decision diagrams: functions of variables with small finite domains,
// each function held once, so that two functions are equal when their nodes are the same.
//
//   Diagram diagram({2, 7}, 1'000'000);                    // two variables: of 2 and of 7 values
//   NodeId a = diagram.literal(0, {false, true});          // variable 0 is 1
//   NodeId f = diagram.all_of(a, b);
//   if (diagram.exhausted()) …                             // too large: the nodes mean nothing
//
// After R. E. Bryant, Graph-based algorithms for Boolean function manipulation (1986), with more
// than two branches and terminals that carry a number. Truth is the terminal 1, falsehood 0.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "policy/flat_map.h"

namespace firebreak::policy {

using NodeId = uint32_t;

// What two terminals come to. `shortcut` may answer for inner nodes too, or give kNone.
class Operation {
 public:
  static constexpr NodeId kNone = UINT32_MAX;

  Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual ~Operation() = default;
  virtual uint32_t on_terminals(uint32_t a, uint32_t b) = 0;
  virtual NodeId shortcut(NodeId, NodeId) { return kNone; }

 private:
  friend class Diagram;
  FlatMap cache_;
};

class Diagram {
 public:
  static constexpr uint32_t kTerminal = UINT32_MAX;  // the level of terminals, below all others

  // `sizes` gives each level's number of values, top first. When more than `budget` nodes would be
  // made the diagram is exhausted, and every operation ends at once.
  Diagram(std::vector<uint32_t> sizes, size_t budget);

  [[nodiscard]] bool exhausted() const { return exhausted_; }
  // For an operation that itself has become too large.
  void give_up() { exhausted_ = true; }
  // Room for so many more nodes.
  void extend(size_t nodes) { budget_ += nodes; }
  [[nodiscard]] size_t node_count() const { return nodes_.size(); }
  [[nodiscard]] uint32_t level(NodeId node) const { return nodes_[node].level; }
  [[nodiscard]] bool is_terminal(NodeId node) const { return level(node) == kTerminal; }
  // Of a terminal alone.
  [[nodiscard]] uint32_t payload(NodeId node) const { return nodes_[node].first; }
  // Of an inner node alone: one for each value.
  [[nodiscard]] std::span<const NodeId> children(NodeId node) const {
    return {edges_.data() + nodes_[node].first, sizes_[nodes_[node].level]};
  }
  [[nodiscard]] uint32_t size(uint32_t level) const { return sizes_[level]; }

  NodeId terminal(uint32_t payload);
  // The node of a level with these children, which stand on lower levels.
  NodeId make(uint32_t level, std::span<const NodeId> children);
  // True when the level's value is one of the marked.
  NodeId literal(uint32_t level, const std::vector<bool>& values);

  NodeId apply(Operation& operation, NodeId a, NodeId b);
  // Another payload in place of each.
  NodeId map(NodeId node, const std::function<uint32_t(uint32_t)>& change);
  // The function with the level's value fixed.
  NodeId fix(NodeId node, uint32_t level, uint32_t value);

  NodeId truth() { return terminal(1); }
  NodeId falsehood() { return terminal(0); }
  NodeId all_of(NodeId a, NodeId b);
  NodeId any_of(NodeId a, NodeId b);
  NodeId negation(NodeId a);

  // The nodes below `root` and itself, or below several, each after its children.
  [[nodiscard]] std::vector<NodeId> reachable(NodeId root) const;
  [[nodiscard]] std::vector<NodeId> reachable(std::span<const NodeId> roots) const;
  // These functions alone, in a diagram with no room for more nodes; their numbers there replace
  // those here.
  [[nodiscard]] Diagram compacted(std::span<NodeId* const> roots) const;
  // The payloads below `root`, each once, in increasing order.
  [[nodiscard]] std::vector<uint32_t> payloads(NodeId root) const;

 private:
  struct Node {
    uint32_t level;
    uint32_t first;  // of a terminal: its payload; else where its children stand in edges_
  };

  // make() of the last children in making_, of which it then takes off as many as the level has.
  NodeId make_pending(uint32_t level);
  NodeId rebuild(NodeId node, FlatMap& done, const std::function<NodeId(NodeId)>& stop);
  [[nodiscard]] size_t hash(uint32_t level, std::span<const NodeId> children) const;
  void grow_table();

  std::vector<uint32_t> sizes_;
  size_t budget_;
  bool exhausted_ = false;
  std::vector<Node> nodes_;
  std::vector<NodeId> edges_;
  std::vector<NodeId> table_;  // open addressing over the inner nodes
  size_t inner_nodes_ = 0;
  FlatMap terminals_;
  std::vector<NodeId> making_;  // the children so far of all nodes that a recursion is making
};

}  // namespace firebreak::policy
