// SPDX-License-Identifier: Apache-2.0
#include "policy/diagram.h"

#include <algorithm>

namespace firebreak::policy {
namespace {

constexpr NodeId kFree = UINT32_MAX;
// The caches of one operation may hold so many times the nodes: time is bounded with memory.
constexpr size_t kCacheFactor = 4;

// And: false wins. Or: true wins.
class Boolean final : public Operation {
 public:
  Boolean(NodeId absorbing, NodeId neutral, bool conjunction)
      : absorbing_(absorbing), neutral_(neutral), conjunction_(conjunction) {}
  uint32_t on_terminals(uint32_t a, uint32_t b) override {
    return conjunction_ ? (a & b) : (a | b);
  }
  NodeId shortcut(NodeId a, NodeId b) override {
    if (a == absorbing_ || b == absorbing_) return absorbing_;
    if (a == neutral_ || a == b) return b;
    return b == neutral_ ? a : kNone;
  }

 private:
  NodeId absorbing_;
  NodeId neutral_;
  bool conjunction_;
};

}  // namespace

Diagram::Diagram(std::vector<uint32_t> sizes, size_t budget)
    : sizes_(std::move(sizes)), budget_(budget), table_(1024, kFree) {}

NodeId Diagram::terminal(uint32_t payload) {
  const uint32_t known = terminals_.find(payload);
  if (known != FlatMap::kNone) return known;
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.push_back({kTerminal, payload});
  terminals_.insert(payload, id);
  return id;
}

size_t Diagram::hash(uint32_t level, std::span<const NodeId> children) const {
  uint64_t out = level + 0x9E3779B97F4A7C15ULL;
  for (const NodeId child : children) {
    out = (out ^ child) * 0xFF51AFD7ED558CCDULL;
    out ^= out >> 32U;
  }
  return out & (table_.size() - 1);
}

NodeId Diagram::make(uint32_t level, std::span<const NodeId> children) {
  if (std::all_of(children.begin(), children.end(),
                  [&](NodeId child) { return child == children[0]; })) {
    return children[0];
  }
  size_t at = hash(level, children);
  for (; table_[at] != kFree; at = (at + 1) & (table_.size() - 1)) {
    const NodeId node = table_[at];
    if (nodes_[node].level == level && std::ranges::equal(this->children(node), children)) {
      return node;
    }
  }
  if (nodes_.size() >= budget_ || edges_.size() >= 8 * budget_) {
    exhausted_ = true;
    return children[0];
  }
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.push_back({level, static_cast<uint32_t>(edges_.size())});
  edges_.insert(edges_.end(), children.begin(), children.end());
  table_[at] = id;
  if (++inner_nodes_ * 2 > table_.size()) grow_table();
  return id;
}

void Diagram::grow_table() {
  table_.assign(table_.size() * 2, kFree);
  for (NodeId node = 0; node < nodes_.size(); ++node) {
    if (is_terminal(node)) continue;
    size_t at = hash(nodes_[node].level, children(node));
    while (table_[at] != kFree) at = (at + 1) & (table_.size() - 1);
    table_[at] = node;
  }
}

NodeId Diagram::literal(uint32_t level, const std::vector<bool>& values) {
  std::vector<NodeId> children(sizes_[level]);
  for (size_t i = 0; i < children.size(); ++i) children[i] = terminal(values[i] ? 1 : 0);
  return make(level, children);
}

NodeId Diagram::make_pending(uint32_t level) {
  const auto first = making_.end() - static_cast<std::ptrdiff_t>(sizes_[level]);
  const NodeId out = make(level, {first, making_.end()});
  making_.erase(first, making_.end());
  return out;
}

NodeId Diagram::apply(Operation& operation, NodeId a, NodeId b) {
  if (exhausted_) return a;
  const NodeId quick = operation.shortcut(a, b);
  if (quick != Operation::kNone) return quick;
  if (is_terminal(a) && is_terminal(b)) {
    return terminal(operation.on_terminals(payload(a), payload(b)));
  }
  const uint64_t key = (uint64_t{a} << 32U) | b;
  const uint32_t known = operation.cache_.find(key);
  if (known != FlatMap::kNone) return known;
  if (operation.cache_.size() > kCacheFactor * budget_) {
    exhausted_ = true;
    return a;
  }
  const uint32_t top = std::min(level(a), level(b));
  for (uint32_t i = 0; i < sizes_[top]; ++i) {
    // The edges may move while the recursion makes nodes, so they are looked up each time.
    const NodeId left = level(a) == top ? children(a)[i] : a;
    const NodeId right = level(b) == top ? children(b)[i] : b;
    const NodeId child = apply(operation, left, right);
    making_.push_back(child);
  }
  const NodeId out = make_pending(top);
  operation.cache_.insert(key, out);
  return out;
}

NodeId Diagram::rebuild(NodeId node, FlatMap& done, const std::function<NodeId(NodeId)>& stop) {
  if (exhausted_) return node;
  const uint32_t known = done.find(node);
  if (known != FlatMap::kNone) return known;
  NodeId out = stop(node);
  if (out == Operation::kNone) {
    for (uint32_t i = 0; i < sizes_[level(node)]; ++i) {
      const NodeId child = rebuild(children(node)[i], done, stop);
      making_.push_back(child);
    }
    out = make_pending(level(node));
  }
  done.insert(node, out);
  return out;
}

NodeId Diagram::map(NodeId node, const std::function<uint32_t(uint32_t)>& change) {
  FlatMap done;
  return rebuild(node, done, [&](NodeId at) {
    return is_terminal(at) ? terminal(change(payload(at))) : Operation::kNone;
  });
}

NodeId Diagram::fix(NodeId node, uint32_t level, uint32_t value) {
  FlatMap done;
  return rebuild(node, done, [&](NodeId at) {
    if (this->level(at) == level) return children(at)[value];
    return this->level(at) > level ? at : Operation::kNone;
  });
}

NodeId Diagram::all_of(NodeId a, NodeId b) {
  Boolean operation(falsehood(), truth(), true);
  return apply(operation, a, b);
}
NodeId Diagram::any_of(NodeId a, NodeId b) {
  Boolean operation(truth(), falsehood(), false);
  return apply(operation, a, b);
}
NodeId Diagram::negation(NodeId a) {
  return map(a, [](uint32_t value) { return 1 - value; });
}

std::vector<NodeId> Diagram::reachable(NodeId root) const {
  return reachable(std::span<const NodeId>(&root, 1));
}

std::vector<NodeId> Diagram::reachable(std::span<const NodeId> roots) const {
  FlatMap seen;
  std::vector<NodeId> out;
  const auto see = [&](NodeId node) {
    if (seen.find(node) != FlatMap::kNone) return;
    seen.insert(node, 1);
    out.push_back(node);
  };
  for (const NodeId root : roots) see(root);
  for (size_t i = 0; i < out.size(); ++i) {
    if (is_terminal(out[i])) continue;
    for (const NodeId child : children(out[i])) see(child);
  }
  // A node is made after its children, so the order of making is an order from the bottom up.
  std::sort(out.begin(), out.end());
  return out;
}

Diagram Diagram::compacted(std::span<NodeId* const> roots) const {
  std::vector<NodeId> each;
  each.reserve(roots.size());
  for (const NodeId* root : roots) each.push_back(*root);
  // Room for all of it, however many branches its nodes have.
  Diagram out(sizes_, nodes_.size() + edges_.size());
  FlatMap place;
  std::vector<NodeId> below;
  for (const NodeId node : reachable(each)) {
    if (is_terminal(node)) {
      place.insert(node, out.terminal(payload(node)));
      continue;
    }
    below.clear();
    for (const NodeId child : children(node)) below.push_back(place.find(child));
    place.insert(node, out.make(level(node), below));
  }
  for (NodeId* root : roots) *root = place.find(*root);
  out.budget_ = out.nodes_.size();
  return out;
}

std::vector<uint32_t> Diagram::payloads(NodeId root) const {
  std::vector<uint32_t> out;
  for (const NodeId node : reachable(root)) {
    if (is_terminal(node)) out.push_back(payload(node));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace firebreak::policy
