// SPDX-License-Identifier: Apache-2.0
// Facts to measure decisions with: at random, and the worst there are.
//
//   std::vector<Facts> facts = bench::drawn_facts(*policy, 4096, bench::Kind::longest);
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "policy/compile.h"

namespace firebreak::bench {

enum class Kind {
  random,   // complete, each value as likely as another; they may be impossible
  longest,  // of those the ones whose walk through the decision diagram looks at most facts
};

class FactsMaker {
 public:
  explicit FactsMaker(const policy::Policy& policy)
      : compiled_(policy.compiled()), words_(policy.vocabulary()) {
    const policy::Diagram& diagram = compiled_.diagram;
    longest_.resize(diagram.node_count());
    for (const policy::NodeId node : diagram.reachable(compiled_.answers)) {
      if (diagram.is_terminal(node)) continue;
      for (const uint32_t value : values(node)) {
        const uint32_t below = longest_[diagram.children(node)[value]];
        longest_[node] = std::max(longest_[node], below + (setting(node) ? 0 : 1));
      }
    }
  }

  policy::Facts make(Kind kind) {
    policy::Facts out(words_);
    for (const policy::Attribute& attribute : words_.attributes) {
      if (attribute.setting) continue;
      for (size_t i = 0; i < attribute.slots(); ++i) {
        out.set(attribute.first_slot + i, any_value(attribute));
      }
    }
    if (kind == Kind::longest) follow_longest(out);
    return out;
  }

 private:
  size_t below(size_t n) { return random_() % n; }

  int32_t any_value(const policy::Attribute& attribute) {
    if (attribute.kind == policy::AttributeKind::any_of) return static_cast<int32_t>(below(2));
    if (attribute.kind != policy::AttributeKind::number) {
      return static_cast<int32_t>(below(attribute.values.size()));
    }
    const auto range = static_cast<size_t>(attribute.maximum - attribute.minimum) + 1;
    return attribute.minimum + static_cast<int32_t>(below(range));
  }

  [[nodiscard]] const policy::Level& level(policy::NodeId node) const {
    return compiled_.space.levels()[compiled_.diagram.level(node)];
  }
  [[nodiscard]] bool setting(policy::NodeId node) const {
    return words_.attributes[level(node).attribute].setting.has_value();
  }

  // The children that facts may lead to: of a setting the one in force.
  [[nodiscard]] std::vector<uint32_t> values(policy::NodeId node) const {
    const auto& given = words_.attributes[level(node).attribute].setting;
    if (given) return {compiled_.space.value_at(compiled_.diagram.level(node), given->value)};
    std::vector<uint32_t> out(level(node).size);
    for (uint32_t i = 0; i < out.size(); ++i) out[i] = i;
    return out;
  }

  void follow_longest(policy::Facts& facts) {
    const policy::Diagram& diagram = compiled_.diagram;
    policy::NodeId node = compiled_.answers;
    while (!diagram.is_terminal(node)) {
      const auto children = diagram.children(node);
      std::vector<uint32_t> open = values(node);
      std::shuffle(open.begin(), open.end(), random_);
      const uint32_t value = *std::max_element(
          open.begin(), open.end(),
          [&](uint32_t a, uint32_t b) { return longest_[children[a]] < longest_[children[b]]; });
      if (!setting(node)) {
        facts.set(level(node).slot, compiled_.space.raw_at(diagram.level(node), value));
      }
      node = children[value];
    }
  }

  const policy::Policy::Compiled& compiled_;
  const policy::Vocabulary& words_;
  std::vector<uint32_t> longest_;  // by node: how many facts its longest walk looks at
  std::mt19937_64 random_{1};
};

inline std::vector<policy::Facts> drawn_facts(const policy::Policy& policy, size_t count,
                                              Kind kind) {
  FactsMaker maker(policy);
  std::vector<policy::Facts> out;
  out.reserve(count);
  while (out.size() < count) out.push_back(maker.make(kind));
  return out;
}

}  // namespace firebreak::bench
