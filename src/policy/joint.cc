// SPDX-License-Identifier: Apache-2.0
#include "policy/joint.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace firebreak::policy {
namespace {

Vocabulary without_settings(Vocabulary words) {
  std::erase_if(words.attributes, [](const Attribute& one) { return one.setting.has_value(); });
  words.slot_count = 0;
  for (const Attribute& attribute : words.attributes) words.slot_count += attribute.slots();
  return words;
}

template <typename Item>
bool same_names(const std::vector<Item>& a, const std::vector<Item>& b) {
  return std::ranges::equal(a, b, {}, &Item::name, &Item::name);
}

bool same_attribute(const Attribute& a, const Attribute& b) {
  return a.name == b.name && a.kind == b.kind && a.at_least_one == b.at_least_one &&
         a.minimum == b.minimum && a.maximum == b.maximum && same_names(a.values, b.values);
}

// Names and kinds: what people read may differ.
bool same_words(const Vocabulary& a, const Vocabulary& b) {
  return a.id == b.id && a.version == b.version &&
         std::ranges::equal(a.attributes, b.attributes, same_attribute) &&
         same_names(a.ranks, b.ranks) && same_names(a.fields, b.fields) &&
         same_names(a.bodies, b.bodies) && same_names(a.reasons, b.reasons);
}

// Brings a policy's diagram into the joint one, whose levels may stand in another order.
class Translator {
 public:
  Translator(Joint& joint, const Policy::Compiled& from)
      : joint_(joint), from_(from), settings_(from.vocabulary.words) {}

  NodeId run(NodeId root) {
    std::unordered_map<NodeId, NodeId> done;
    for (const NodeId node : from_.diagram.reachable(root)) {
      done[node] = joint_.diagram.exhausted() ? joint_.diagram.falsehood() : translate(node, done);
    }
    return done.at(root);
  }

 private:
  NodeId translate(NodeId node, const std::unordered_map<NodeId, NodeId>& done) {
    if (from_.diagram.is_terminal(node))
      return joint_.diagram.terminal(from_.diagram.payload(node));
    const uint32_t level = from_.diagram.level(node);
    const uint32_t slot = from_.space.levels()[level].slot;
    const auto children = from_.diagram.children(node);
    if (slot >= joint_.words.slot_count) {
      return done.at(children[from_.space.value_at(level, settings_[slot])]);
    }
    const uint32_t to = *joint_.space.level_of(slot);
    std::vector<NodeId> out;
    out.reserve(joint_.diagram.size(to));
    for (uint32_t i = 0; i < joint_.diagram.size(to); ++i) {
      out.push_back(done.at(children[from_.space.value_at(level, joint_.space.raw_at(to, i))]));
    }
    return choose(to, out);
  }

  // The function that is each child where the level has that value.
  NodeId choose(uint32_t level, const std::vector<NodeId>& children) {
    Diagram& diagram = joint_.diagram;
    uint32_t top = level;
    for (const NodeId child : children) top = std::min(top, diagram.level(child));
    if (top == level) return diagram.make(level, children);
    const auto key = std::pair(level, children);
    if (const auto known = chosen_.find(key); known != chosen_.end()) return known->second;
    std::vector<NodeId> result;
    for (uint32_t i = 0; i < diagram.size(top) && !diagram.exhausted(); ++i) {
      std::vector<NodeId> below = children;
      for (NodeId& child : below) {
        if (diagram.level(child) == top) child = diagram.children(child)[i];
      }
      result.push_back(choose(level, below));
    }
    const NodeId out = diagram.exhausted() ? diagram.falsehood() : diagram.make(top, result);
    chosen_.emplace(key, out);
    return out;
  }

  Joint& joint_;
  const Policy::Compiled& from_;
  Facts settings_;
  std::map<std::pair<uint32_t, std::vector<NodeId>>, NodeId> chosen_;
};

// Where each rule answers, nevers among them standing over all others.
std::vector<NodeId> answering_rules(Diagram& diagram, Translator& translator,
                                    const Policy::Compiled& from) {
  std::vector<NodeId> out;
  if (!from.by_kind) return out;
  const NodeId no_never = diagram.negation(translator.run(from.nevers));
  for (size_t i = 0; i < from.answering.size(); ++i) {
    const NodeId own = translator.run(from.answering[i]);
    const bool never = i < from.model.rules.size() && from.model.rules[i].never;
    out.push_back(never ? own : diagram.all_of(own, no_never));
  }
  return out;
}

Error other_vocabulary(const Policy::Compiled& a, const Policy::Compiled& b) {
  const auto used = [](const Policy::Compiled& one) {
    return one.model.id + " uses " + one.vocabulary.words.id + " " + one.vocabulary.words.version;
  };
  return bad_input("These policies cannot be compared: their vocabularies differ.", {},
                   used(a) + ", " + used(b) + ": give both the same vocabulary file.");
}

}  // namespace

Result<Joint> join(const Policy::Compiled& a, const Policy::Compiled& b) {
  Vocabulary words = without_settings(a.vocabulary.words);
  if (!same_words(words, without_settings(b.vocabulary.words))) return other_vocabulary(a, b);
  Space space(words, a.space, b.space);
  Diagram diagram(space.sizes(), 2 * kNodeBudget);
  Joint out{std::move(words), std::move(space), std::move(diagram)};
  Translator from_a(out, a);
  Translator from_b(out, b);
  // A set that is never empty is known to be so by a policy that looks at it, so both are needed.
  out.possible = out.diagram.all_of(from_a.run(a.possible), from_b.run(b.possible));
  bool same = a.impossible.size() == b.impossible.size();
  for (size_t i = 0; same && i < a.impossible.size(); ++i) {
    same = from_a.run(a.impossible[i]) == from_b.run(b.impossible[i]);
  }
  out.answers = {from_a.run(a.answers), from_b.run(b.answers)};
  out.answering = {answering_rules(out.diagram, from_a, a),
                   answering_rules(out.diagram, from_b, b)};
  if (out.diagram.exhausted()) {
    return Error{ErrorCode::too_large,
                 "These two policies have too many different situations together to be compared.",
                 a.model.id + ", " + b.model.id, "Make exceptions of rules that overlap freely."};
  }
  if (!same) return other_vocabulary(a, b);
  return out;
}

Facts first_situation(const Joint& joint, NodeId region) {
  const Diagram& diagram = joint.diagram;
  // By node: how many facts the shortest way to truth tells, and its first step.
  constexpr uint32_t kNoWay = UINT32_MAX / 2;
  std::unordered_map<NodeId, std::pair<uint32_t, uint32_t>> best;
  for (const NodeId node : diagram.reachable(region)) {
    if (diagram.is_terminal(node)) {
      best[node] = {diagram.payload(node) == 1 ? 0 : kNoWay, 0};
      continue;
    }
    std::pair<uint32_t, uint32_t> found = {kNoWay, 0};
    for (uint32_t i = 0; i < diagram.size(diagram.level(node)); ++i) {
      const uint32_t cost = best.at(diagram.children(node)[i]).first + 1;
      if (cost < found.first) found = {cost, i};
    }
    best[node] = found;
  }
  Facts out(joint.words);
  for (const Attribute& attribute : joint.words.attributes) {
    for (size_t i = 0; i < attribute.slots(); ++i) {
      // A set that is never empty and that nobody looks at has its first member.
      const bool first = attribute.at_least_one && i == 0 &&
                         !joint.space.level_of(attribute.first_slot).has_value();
      out.set(attribute.first_slot + i,
              attribute.kind == AttributeKind::number ? attribute.minimum : (first ? 1 : 0));
    }
  }
  for (NodeId node = region; !diagram.is_terminal(node);) {
    const uint32_t level = diagram.level(node);
    const uint32_t value = best.at(node).second;
    out.set(joint.space.levels()[level].slot, joint.space.raw_at(level, value));
    node = diagram.children(node)[value];
  }
  return out;
}

Facts facts_for(const Vocabulary& words, const Facts& facts) {
  Facts out(words);
  for (const Attribute& attribute : words.attributes) {
    if (attribute.setting) continue;
    for (size_t i = 0; i < attribute.slots(); ++i) {
      out.set(attribute.first_slot + i, facts[attribute.first_slot + i]);
    }
  }
  return out;
}

}  // namespace firebreak::policy
