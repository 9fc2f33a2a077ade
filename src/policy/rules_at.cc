// SPDX-License-Identifier: Apache-2.0
#include "policy/rules_at.h"

#include <algorithm>
#include <set>

namespace firebreak::policy {
namespace {

constexpr size_t kMostWanted = 4;

// Looks for a way down all nodes at once.
class WayDown {
 public:
  WayDown(const Policy::Compiled& compiled, const Diagram& diagram, const Facts& facts)
      : compiled_(compiled), diagram_(diagram), facts_(facts) {}

  bool find(std::span<const Wanted> wanted) {
    State start;
    start.fill(kDone);
    for (size_t i = 0; i < wanted.size(); ++i) {
      start[i] = wanted[i].first;
      value_[i] = wanted[i].second;
    }
    return find(start);
  }

 private:
  static constexpr NodeId kDone = UINT32_MAX;
  using State = std::array<NodeId, kMostWanted>;

  bool find(State at) {
    uint32_t top = Diagram::kTerminal;
    for (size_t i = 0; i < at.size(); ++i) {
      if (at[i] == kDone) continue;
      if (!diagram_.is_terminal(at[i])) {
        top = std::min(top, diagram_.level(at[i]));
        continue;
      }
      if ((diagram_.payload(at[i]) != 0) != value_[i]) return false;
      at[i] = kDone;
    }
    if (top == Diagram::kTerminal) return true;
    if (!failed_.insert(at).second) return false;
    const int32_t raw = facts_[compiled_.space.levels()[top].slot];
    for (uint32_t value = 0; value < diagram_.size(top); ++value) {
      if (raw != Facts::kMissing && compiled_.space.value_at(top, raw) != value) continue;
      State below = at;
      for (NodeId& node : below) {
        if (node != kDone && diagram_.level(node) == top) node = diagram_.children(node)[value];
      }
      if (find(below)) return true;
    }
    return false;
  }

  const Policy::Compiled& compiled_;
  const Diagram& diagram_;
  const Facts& facts_;
  std::array<bool, kMostWanted> value_ = {};
  std::set<State> failed_;
};

// The reasons of the rules that stand behind one kind of answer.
void add_reasons(const Policy::Compiled& compiled, const Applied& kind,
                 const std::vector<uint32_t>& rules, std::vector<std::string>& out) {
  const auto add = [&](const std::string& reason) {
    if (std::find(out.begin(), out.end(), reason) == out.end()) out.push_back(reason);
  };
  const Model& model = compiled.model;
  const auto described = [&](std::vector<uint32_t> of) {
    return describe(model, compiled.vocabulary.words,
                    Applied{std::move(of), kind.off_channel, kind.rank, kind.count});
  };
  if (in_conflict(model, kind)) return add(described(rules).because);
  for (const uint32_t rule : rules) {
    const bool never = rule < model.rules.size() && model.rules[rule].never;
    const uint32_t front = kind.rules.front();
    const bool of_nevers = front < model.rules.size() && model.rules[front].never;
    const bool same = never == of_nevers &&
                      (never || same_outcome(outcome_of(model, rule), outcome_of(model, front)));
    if (same) add(described({rule}).because);
  }
}

}  // namespace

bool can_be_together(const Policy::Compiled& compiled, const Diagram& diagram,
                     std::span<const Wanted> wanted, const Facts& facts) {
  return WayDown(compiled, diagram, facts).find(wanted);
}

RulesAt rules_at(const Policy::Compiled& compiled, const Facts& facts) {
  const Diagram& diagram = compiled.diagram;
  const auto can = [&](std::initializer_list<Wanted> wanted) {
    return can_be_together(compiled, diagram, std::span(wanted.begin(), wanted.size()), facts);
  };
  // Where the vocabulary allows nothing, every situation stands for what it allows.
  const NodeId within = can({{compiled.possible, true}}) ? compiled.possible : compiled.anywhere;
  const bool some_never = can({{within, true}, {compiled.nevers, true}});
  const bool none_never = can({{within, true}, {compiled.nevers, false}});
  RulesAt out;
  for (uint32_t i = 0; i < compiled.answering.size(); ++i) {
    const bool never = i < compiled.model.rules.size() && compiled.model.rules[i].never;
    const NodeId own = compiled.answering[i];
    const bool any =
        never ? can({{within, true}, {own, true}})
              : none_never && can({{within, true}, {own, true}, {compiled.nevers, false}});
    if (!any) continue;
    out.in_any.push_back(i);
    if ((never || !some_never) && !can({{within, true}, {own, false}})) out.in_all.push_back(i);
  }
  return out;
}

Decision decide_by_kind(const Policy::Compiled& compiled, const Facts& facts,
                        const std::vector<OutcomeId>& outcomes) {
  const RulesAt rules = rules_at(compiled, facts);
  std::vector<Applied> kinds;
  kinds.reserve(outcomes.size());
  for (const OutcomeId id : outcomes) kinds.push_back(compiled.outcomes[id].applied);
  std::vector<std::string> reasons;
  for (const Applied& kind : kinds) add_reasons(compiled, kind, rules.in_any, reasons);
  return combine(compiled.model, compiled.vocabulary.words, kinds, rules.in_all, rules.in_any,
                 reasons);
}

}  // namespace firebreak::policy
