// SPDX-License-Identifier: Apache-2.0
#include "policy/witness.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace firebreak::policy {
namespace {

constexpr uint64_t kToldCost = uint64_t{1} << 40U;
constexpr uint64_t kToldMemberCost = uint64_t{1} << 20U;
constexpr uint64_t kUntellable = UINT64_MAX / 2;
// Beyond these the search ends, so that a report of many findings stays quick. The packs take some
// hundred of each.
constexpr size_t kSearchRoom = 100'000;
constexpr size_t kMostSearched = 20'000;

// Which classes of answers the region holds.
class ClassInside final : public Operation {
 public:
  uint32_t on_terminals(uint32_t inside, uint32_t answer_class) override {
    return inside == 0 ? 0 : answer_class + 1;
  }
};

class WitnessSearch {
 public:
  WitnessSearch(const Policy::Compiled& compiled, const Diagram& from, NodeId region,
                std::optional<uint32_t> kept)
      : compiled_(compiled), kept_(kept), diagram_(compiled.space.sizes(), kSearchRoom) {
    diagram_.extend(from.node_count());
    region_ = taken_over(from, region);
    possible_ = taken_over(from, compiled.possible);
    classes_ = taken_over(from, compiled.classes);
  }

  std::optional<Facts> run() {
    ClassInside inside;
    std::optional<State> best;
    for (const uint32_t payload : diagram_.payloads(diagram_.apply(inside, region_, classes_))) {
      if (payload == 0) continue;
      const State start{telling(payload - 1), region_, kNoAttribute, false};
      const uint64_t cost = solve(start).cost;
      if (diagram_.exhausted() || best_.size() > kMostSearched) return std::nullopt;
      if (!best || cost < solve(*best).cost) best = start;
    }
    return best ? std::optional(facts_from(*best)) : std::nullopt;
  }

 private:
  static constexpr uint32_t kNoAttribute = UINT32_MAX;
  static constexpr uint32_t kLeaveOut = UINT32_MAX;

  // What is left to decide: `all` must be true of every completion of the facts left out, `some` of
  // one. `open` is the attribute at hand, which is `given` or left out.
  struct State {
    NodeId all;
    NodeId some;
    uint32_t open;
    bool given;
  };
  struct Best {
    uint64_t cost = kUntellable;
    uint32_t choice = 0;  // a value, or kLeaveOut
  };

  NodeId taken_over(const Diagram& from, NodeId root) {
    std::unordered_map<NodeId, NodeId> here;
    for (const NodeId node : from.reachable(root)) {
      if (from.is_terminal(node)) {
        here[node] = diagram_.terminal(from.payload(node));
        continue;
      }
      std::vector<NodeId> children;
      for (const NodeId child : from.children(node)) children.push_back(here[child]);
      here[node] = diagram_.make(from.level(node), children);
    }
    return here[root];
  }

  // The situations that facts may leave open without leaving the answer open, when it is of this
  // class: what cannot be settles on a refusal, but never on a permit (see decide).
  NodeId telling(uint32_t answer_class) {
    const NodeId answered =
        diagram_.map(classes_, [&](uint32_t at) -> uint32_t { return at == answer_class ? 1 : 0; });
    const NodeId cannot_be = diagram_.negation(possible_);
    const OutcomeId example = compiled_.class_example[answer_class];
    if (compiled_.outcomes[example].decision.decision == Outcome::refuse) {
      return diagram_.any_of(diagram_.all_of(answered, region_), cannot_be);
    }
    return diagram_.all_of(answered, diagram_.any_of(region_, cannot_be));
  }

  [[nodiscard]] uint32_t level_of(const State& state) const {
    return std::min(diagram_.level(state.all), diagram_.level(state.some));
  }
  [[nodiscard]] uint32_t attribute_at(uint32_t level) const {
    return level == Diagram::kTerminal ? kNoAttribute : compiled_.space.levels()[level].attribute;
  }

  // The levels of an attribute stand together: when the next is of another, this one is done.
  [[nodiscard]] State settled(State state) const {
    if (attribute_at(level_of(state)) != state.open) state.open = kNoAttribute;
    return state;
  }

  [[nodiscard]] bool must_be_given(uint32_t attribute) const {
    const Attribute& at = compiled_.vocabulary.words.attributes[attribute];
    return kept_ && *kept_ >= at.first_slot && *kept_ < at.first_slot + at.slots();
  }

  [[nodiscard]] uint64_t fact_cost(uint32_t attribute) const {
    return compiled_.vocabulary.words.attributes[attribute].setting ? 0 : kToldCost;
  }
  [[nodiscard]] uint64_t value_cost(uint32_t level, uint32_t value) const {
    const Attribute& attribute = compiled_.vocabulary.words.attributes[attribute_at(level)];
    if (attribute.setting) return in_force(attribute, level, value) ? 0 : kToldCost;
    if (value == 0) return 0;
    return attribute.kind == AttributeKind::any_of ? kToldMemberCost : 1;
  }

  [[nodiscard]] bool in_force(const Attribute& attribute, uint32_t level, uint32_t value) const {
    return attribute.setting && compiled_.space.value_at(level, attribute.setting->value) == value;
  }

  [[nodiscard]] State child(const State& state, uint32_t level, uint32_t value) const {
    const auto below = [&](NodeId node) {
      return diagram_.level(node) == level ? diagram_.children(node)[value] : node;
    };
    return {below(state.all), below(state.some), state.open, state.given};
  }

  // Whatever the value of the level is.
  State left_out(const State& state, uint32_t level) {
    State out = child(state, level, 0);
    for (uint32_t i = 1; i < diagram_.size(level); ++i) {
      const State one = child(state, level, i);
      out.all = diagram_.all_of(out.all, one.all);
      out.some = diagram_.any_of(out.some, one.some);
    }
    return out;
  }

  Best solve(State state) {
    state = settled(state);
    const bool within = state.open != kNoAttribute;
    if (state.all == diagram_.falsehood() || state.some == diagram_.falsehood()) return {};
    // What is given to the end may still have members that must fit together.
    if (state.all == diagram_.truth() && !(within && state.given)) return {0, 0};
    if (diagram_.exhausted() || best_.size() > kMostSearched) return {};
    const uint64_t key = (uint64_t{state.all} << 32U) | state.some;
    auto& known = best_[key][within ? (state.given ? 1 : 2) : 0];
    if (known) return *known;
    const Best found = search(state, within);
    best_[key][within ? (state.given ? 1 : 2) : 0] = found;
    return found;
  }

  Best search(const State& state, bool within) {
    const uint32_t level = level_of(state);
    if (!within) {
      const uint32_t attribute = attribute_at(level);
      Best best;
      if (!must_be_given(attribute)) {
        best = {solve({state.all, state.some, attribute, false}).cost, kLeaveOut};
      }
      const uint64_t given =
          fact_cost(attribute) + solve({state.all, state.some, attribute, true}).cost;
      return given < best.cost ? Best{given, 0} : best;
    }
    if (!state.given) return {solve(left_out(state, level)).cost, kLeaveOut};
    Best best;
    for (uint32_t i = 0; i < diagram_.size(level); ++i) {
      const uint64_t cost = value_cost(level, i) + solve(child(state, level, i)).cost;
      if (cost < best.cost) best = {cost, i};
    }
    return best;
  }

  Facts facts_from(State state) {
    Facts out(compiled_.vocabulary.words);
    while (true) {
      state = settled(state);
      const bool within = state.open != kNoAttribute;
      if (state.all == diagram_.truth() && !(within && state.given)) return out;
      const uint32_t level = level_of(state);
      const Best best = solve(state);
      if (!within) {
        state.open = attribute_at(level);
        state.given = best.choice != kLeaveOut;
        if (state.given) give(out, state.open);
      } else if (!state.given) {
        state = left_out(state, level);
      } else {
        take(out, level, best.choice);
        state = child(state, level, best.choice);
      }
    }
  }

  // The first value, or no member, until the search says otherwise.
  void give(Facts& facts, uint32_t attribute) const {
    const Attribute& at = compiled_.vocabulary.words.attributes[attribute];
    for (uint32_t i = 0; i < at.slots(); ++i) {
      take(facts, *compiled_.space.level_of(at.first_slot + i), 0);
    }
  }
  void take(Facts& facts, uint32_t level, uint32_t value) const {
    const Attribute& attribute = compiled_.vocabulary.words.attributes[attribute_at(level)];
    facts.set(compiled_.space.levels()[level].slot, in_force(attribute, level, value)
                                                        ? attribute.setting->value
                                                        : compiled_.space.raw_at(level, value));
  }

  const Policy::Compiled& compiled_;
  std::optional<uint32_t> kept_;
  Diagram diagram_;
  NodeId region_ = 0;
  NodeId possible_ = 0;
  NodeId classes_ = 0;
  std::unordered_map<uint64_t, std::array<std::optional<Best>, 3>> best_;
};

}  // namespace

std::optional<Facts> smallest(const Policy::Compiled& compiled, const Diagram& diagram,
                              NodeId region, std::optional<uint32_t> kept) {
  if (compiled.diagram.node_count() > kSearchRoom) return std::nullopt;
  return WitnessSearch(compiled, diagram, region, kept).run();
}

}  // namespace firebreak::policy
