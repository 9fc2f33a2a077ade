// SPDX-License-Identifier: Apache-2.0
#include "policy/space.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

namespace firebreak::policy {
namespace {

constexpr uint32_t kNoLevel = UINT32_MAX;

void add_uses(const Condition& condition, FactUses& out) {
  for (const Condition& part : condition.parts) add_uses(part, out);
  if (condition.kind != Condition::Kind::test) return;
  ++out.count[condition.attribute];
  if (condition.test < Test::at_least) return;
  // Numbers are at most a thousand million in size, so the next one is an int32_t too.
  const int32_t at = condition.operands[0];
  const bool below = condition.test == Test::at_least || condition.test == Test::below;
  std::set<int32_t>& cuts = out.cuts[condition.attribute];
  if (below || condition.test == Test::equals) cuts.insert(at);
  if (!below) cuts.insert(at + 1);
}

// Every value makes a difference: of a number, each is a band.
void use_whole(const Vocabulary& words, uint32_t attribute, FactUses& out) {
  ++out.count[attribute];
  const Attribute& at = words.attributes[attribute];
  for (int32_t i = at.minimum; i <= at.maximum && at.kind == AttributeKind::number; ++i) {
    out.cuts[attribute].insert(i);
  }
}

Count combinations(const Attribute& attribute) {
  switch (attribute.kind) {
    case AttributeKind::one_of:
    case AttributeKind::yes_no:
      return attribute.values.size();
    case AttributeKind::number:
      return Count(attribute.maximum) - attribute.minimum + 1;
    case AttributeKind::any_of:
      return (Count(1) << attribute.values.size()) - (attribute.at_least_one ? 1 : 0);
  }
  return 1;
}

}  // namespace

FactUses uses_of(const Model& model, const VocabularyModel& vocabulary) {
  const std::vector<Attribute>& attributes = vocabulary.words.attributes;
  FactUses out{std::vector<size_t>(attributes.size()),
               std::vector<std::set<int32_t>>(attributes.size())};
  bool channel = false;
  for (const Rule& rule : model.rules) {
    add_uses(rule.when, out);
    channel |= !rule.outcome.channel.empty();
    for (const auto& setting : {rule.outcome.rank_setting, rule.outcome.count_setting}) {
      if (setting) use_whole(vocabulary.words, *setting, out);
    }
  }
  for (const Assertion& assertion : model.assertions) add_uses(assertion.when, out);
  for (const Condition& condition : model.asked) add_uses(condition, out);
  for (const Impossible& impossible : vocabulary.impossible) add_uses(impossible.condition, out);
  if (channel)
    ++out.count[static_cast<size_t>(vocabulary.words.find("channel") - attributes.data())];
  return out;
}

Space::Space(const VocabularyModel& vocabulary, const FactUses& uses, const FactOrder& order) {
  const std::vector<Attribute>& attributes = vocabulary.words.attributes;
  std::vector<uint32_t> attribute_of(vocabulary.words.slot_count);
  for (uint32_t i = 0; i < attributes.size(); ++i) {
    std::fill_n(attribute_of.begin() + static_cast<std::ptrdiff_t>(attributes[i].first_slot),
                attributes[i].slots(), i);
    if (uses.count[i] == 0 && !attributes[i].setting) unseen_ *= combinations(attributes[i]);
  }
  level_of_.assign(vocabulary.words.slot_count, kNoLevel);
  for (const uint32_t slot : order) {
    const uint32_t index = attribute_of[slot];
    add_level(attributes[index], index, slot, uses.cuts[index]);
  }
}

Space::Space(const Vocabulary& words, const Space& one, const Space& other) {
  // In the order in which either has them, so that a policy's diagram keeps its shape.
  std::vector<std::pair<uint32_t, uint32_t>> order;
  for (uint32_t i = 0; i < words.attributes.size(); ++i) {
    const size_t slot = words.attributes[i].first_slot;
    order.emplace_back(std::min(one.level_of_[slot], other.level_of_[slot]), i);
  }
  std::sort(order.begin(), order.end());
  level_of_.assign(words.slot_count, kNoLevel);
  for (const auto& [place, index] : order) {
    const Attribute& attribute = words.attributes[index];
    if (place == kNoLevel) {
      unseen_ *= combinations(attribute);
      continue;
    }
    std::set<int32_t> cuts;
    for (const Space* space : {&one, &other}) {
      const uint32_t level = space->level_of_[attribute.first_slot];
      if (level == kNoLevel) continue;
      const std::vector<int32_t>& bands = space->levels_[level].bands;
      cuts.insert(bands.begin(), bands.end());
    }
    // Members too stand as in the policy that has them.
    const Space& shape = one.level_of_[attribute.first_slot] != kNoLevel ? one : other;
    std::vector<size_t> slots(attribute.slots());
    std::iota(slots.begin(), slots.end(), attribute.first_slot);
    std::ranges::sort(slots, {}, [&](size_t slot) { return shape.level_of_[slot]; });
    for (const size_t slot : slots) add_level(attribute, index, slot, cuts);
  }
}

void Space::add_level(const Attribute& attribute, uint32_t index, size_t slot,
                      const std::set<int32_t>& cuts) {
  Level level;
  level.slot = static_cast<uint32_t>(slot);
  level.attribute = index;
  level.size =
      attribute.kind == AttributeKind::any_of ? 2 : static_cast<uint32_t>(attribute.values.size());
  if (attribute.kind == AttributeKind::number) {
    level.bands.push_back(attribute.minimum);
    level.maximum = attribute.maximum;
    for (const int32_t cut : cuts) {
      if (cut > attribute.minimum && cut <= attribute.maximum) level.bands.push_back(cut);
    }
    level.size = static_cast<uint32_t>(level.bands.size());
  }
  level_of_[level.slot] = static_cast<uint32_t>(levels_.size());
  levels_.push_back(std::move(level));
}

std::optional<uint32_t> Space::level_of(size_t slot) const {
  return level_of_[slot] == kNoLevel ? std::nullopt : std::optional(level_of_[slot]);
}

std::vector<uint32_t> Space::sizes() const {
  std::vector<uint32_t> out;
  out.reserve(levels_.size());
  for (const Level& level : levels_) out.push_back(level.size);
  return out;
}

uint32_t Space::value_at(uint32_t level, int32_t raw) const {
  const std::vector<int32_t>& bands = levels_[level].bands;
  if (bands.empty()) return static_cast<uint32_t>(raw);
  const auto above = std::upper_bound(bands.begin() + 1, bands.end(), raw);
  return static_cast<uint32_t>(above - bands.begin()) - 1;
}

int32_t Space::raw_at(uint32_t level, uint32_t value) const {
  const std::vector<int32_t>& bands = levels_[level].bands;
  return bands.empty() ? static_cast<int32_t>(value) : bands[value];
}

uint32_t Space::width(uint32_t level, uint32_t value) const {
  const Level& at = levels_[level];
  if (at.bands.empty()) return 1;
  const int64_t end = value + 1 < at.bands.size() ? at.bands[value + 1] : int64_t{at.maximum} + 1;
  return static_cast<uint32_t>(end - at.bands[value]);
}

namespace {

class ConditionCompiler {
 public:
  ConditionCompiler(Diagram& diagram, const Space& space, const Vocabulary& words)
      : diagram_(diagram), space_(space), words_(words) {}

  NodeId compile(const Condition& condition) {
    switch (condition.kind) {
      case Condition::Kind::test:
        return test(condition);
      case Condition::Kind::negation:
        return diagram_.negation(compile(condition.parts[0]));
      case Condition::Kind::conjunction:
      case Condition::Kind::disjunction:
        break;
    }
    const bool conjunction = condition.kind == Condition::Kind::conjunction;
    NodeId out = compile(condition.parts[0]);
    for (size_t i = 1; i < condition.parts.size(); ++i) {
      const NodeId part = compile(condition.parts[i]);
      out = conjunction ? diagram_.all_of(out, part) : diagram_.any_of(out, part);
    }
    return out;
  }

 private:
  NodeId test(const Condition& condition) {
    const Attribute& attribute = words_.attributes[condition.attribute];
    if (attribute.kind == AttributeKind::any_of) return set_test(condition, attribute);
    const uint32_t level = *space_.level_of(attribute.first_slot);
    std::vector<bool> values(diagram_.size(level), false);
    if (attribute.kind == AttributeKind::number) {
      for (uint32_t i = 0; i < values.size(); ++i) {
        values[i] = compares(condition.test, space_.raw_at(level, i), condition.operands[0]);
      }
    } else {
      for (const int32_t value : condition.operands) values[static_cast<size_t>(value)] = true;
    }
    return diagram_.literal(level, values);
  }

  // Whether a band, by its least number, is on the test's side: bands are cut so that all of it is.
  static bool compares(Test test, int32_t number, int32_t with) {
    if (test == Test::at_least) return number >= with;
    if (test == Test::at_most) return number <= with;
    if (test == Test::above) return number > with;
    return test == Test::below ? number < with : number == with;
  }

  NodeId set_test(const Condition& condition, const Attribute& attribute) {
    std::vector<bool> listed(attribute.values.size(), condition.test == Test::empty);
    for (const int32_t value : condition.operands) listed[static_cast<size_t>(value)] = true;
    switch (condition.test) {
      case Test::includes_any:
        return some(attribute, listed);
      case Test::includes_none:
      case Test::empty:
        return diagram_.negation(some(attribute, listed));
      case Test::includes_all: {
        NodeId out = diagram_.truth();
        for (size_t i = 0; i < listed.size(); ++i) {
          if (listed[i]) out = diagram_.all_of(out, member(attribute, i));
        }
        return out;
      }
      default:
        break;
    }
    std::vector<bool> others = listed;
    others.flip();
    return diagram_.all_of(some(attribute, listed), diagram_.negation(some(attribute, others)));
  }

  NodeId some(const Attribute& attribute, const std::vector<bool>& listed) {
    NodeId out = diagram_.falsehood();
    for (size_t i = 0; i < listed.size(); ++i) {
      if (listed[i]) out = diagram_.any_of(out, member(attribute, i));
    }
    return out;
  }

  NodeId member(const Attribute& attribute, size_t i) {
    return diagram_.literal(*space_.level_of(attribute.first_slot + i), {false, true});
  }

  Diagram& diagram_;
  const Space& space_;
  const Vocabulary& words_;
};

}  // namespace

NodeId compile_condition(Diagram& diagram, const Space& space, const Vocabulary& words,
                         const Condition& condition) {
  return ConditionCompiler(diagram, space, words).compile(condition);
}

Count count_true(const Diagram& diagram, const Space& space, NodeId node) {
  const auto bottom = static_cast<uint32_t>(space.levels().size());
  const auto level_of = [&](NodeId at) { return std::min(diagram.level(at), bottom); };
  // How many combinations the levels from `from` up to `to` have that lie between two nodes.
  std::vector<Count> up_to(bottom + 1, 1);
  for (uint32_t i = 0; i < bottom; ++i) {
    Count all = 0;
    for (uint32_t value = 0; value < diagram.size(i); ++value) all += space.width(i, value);
    up_to[i + 1] = up_to[i] * all;
  }
  const auto between = [&](uint32_t from, uint32_t to) -> Count { return up_to[to] / up_to[from]; };
  std::unordered_map<NodeId, Count> below;
  for (const NodeId at : diagram.reachable(node)) {
    if (diagram.is_terminal(at)) {
      below[at] = diagram.payload(at);
      continue;
    }
    Count sum = 0;
    const uint32_t level = diagram.level(at);
    for (uint32_t i = 0; i < diagram.size(level); ++i) {
      const NodeId child = diagram.children(at)[i];
      sum += space.width(level, i) * between(level + 1, level_of(child)) * below[child];
    }
    below[at] = sum;
  }
  return below[node] * between(0, level_of(node)) * space.unseen();
}

}  // namespace firebreak::policy
