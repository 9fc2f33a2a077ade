// SPDX-License-Identifier: Apache-2.0
#include "policy/effects.h"

#include <algorithm>
#include <map>
#include <set>

#include "policy/rules_at.h"

namespace firebreak::policy {
namespace {

// Nodes that the work on one rule after the other may leave behind before they are cleared away.
constexpr size_t kClearAt = 300'000;

Facts nothing_known(const Policy::Compiled& compiled) {
  Facts out(compiled.vocabulary.words);
  for (size_t i = 0; i < out.size(); ++i) out.set(i, Facts::kMissing);
  return out;
}

std::vector<OutcomeId> occurring(const Policy::Compiled& compiled) {
  std::vector<OutcomeId> out;
  for (const uint32_t judged : compiled.diagram.payloads(compiled.judged)) {
    if (judged % 2 == 1) out.push_back(judged / 2);
  }
  return out;
}

std::vector<RuleEffect> effects_by_sets(const Policy::Compiled& compiled) {
  std::vector<RuleEffect> out(compiled.model.rules.size() + 1);  // and the default
  for (const OutcomeId id : occurring(compiled)) {
    const CompiledOutcome& outcome = compiled.outcomes[id];
    for (const uint32_t rule : outcome.applied.rules) {
      out[rule].answers = true;
      out[rule].leads |= rule == outcome.applied.rules.front() || outcome.conflict;
    }
  }
  return out;
}

// Goes through the rules in the file's order and remembers where an earlier one answers.
class EffectsByRule {
 public:
  explicit EffectsByRule(const Policy::Compiled& compiled)
      : compiled_(compiled),
        diagram_(compiled.diagram),
        facts_(nothing_known(compiled)),
        answering_(compiled.answering),
        nevers_(compiled.nevers),
        possible_(compiled.possible) {
    diagram_.extend(kNodeBudget);
    earlier_.fill(diagram_.falsehood());
    conflict_ = diagram_.map(compiled.answers, [&](uint32_t id) -> uint32_t {
      return compiled.outcomes[id].conflict ? 1 : 0;
    });
  }

  std::optional<std::vector<RuleEffect>> run() {
    std::vector<RuleEffect> out;
    for (uint32_t i = 0; i < compiled_.model.rules.size() && !diagram_.exhausted(); ++i) {
      const bool never = compiled_.model.rules[i].never;
      out.push_back(effect(i, never));
      NodeId& earlier = earlier_[never ? 1 : 0];
      earlier = diagram_.any_of(earlier, answering_[i]);
      if (diagram_.node_count() > kClearAt) clear();
    }
    if (diagram_.exhausted()) return std::nullopt;
    return out;
  }

 private:
  RuleEffect effect(uint32_t rule, bool never) {
    const NodeId own = answering_[rule];
    const NodeId over = never ? diagram_.falsehood() : nevers_;
    RuleEffect out;
    out.answers = can({{{own, true}, {possible_, true}, {over, false}}});
    out.leads =
        out.answers &&
        (can({{{own, true}, {possible_, true}, {over, false}, {earlier_[never ? 1 : 0], false}}}) ||
         can({{{own, true}, {possible_, true}, {conflict_, true}}}));
    return out;
  }
  bool can(const std::vector<Wanted>& wanted) {
    return can_be_together(compiled_, diagram_, wanted, facts_);
  }

  void clear() {
    std::vector<NodeId*> roots = {&nevers_, &possible_, &conflict_, earlier_.data(),
                                  earlier_.data() + 1};
    for (NodeId& node : answering_) roots.push_back(&node);
    diagram_ = diagram_.compacted(roots);
    diagram_.extend(kNodeBudget);
  }

  const Policy::Compiled& compiled_;
  Diagram diagram_;
  Facts facts_;
  std::vector<NodeId> answering_;
  NodeId nevers_;
  NodeId possible_;
  NodeId conflict_ = 0;
  std::array<NodeId, 2> earlier_ = {};  // rules; nevers
};

// The first of the rules, and the first that contradicts it.
std::pair<uint32_t, uint32_t> leading_pair(const Model& model, const std::vector<uint32_t>& rules) {
  for (const uint32_t rule : rules) {
    if (contradict(model, rules.front(), rule)) return {rules.front(), rule};
  }
  return {rules.front(), rules.front()};
}

std::vector<Contradiction> contradictions_by_sets(Analysis& analysis) {
  const Policy::Compiled& compiled = analysis.compiled();
  std::map<std::pair<uint32_t, uint32_t>, std::set<OutcomeId>> pairs;
  for (const OutcomeId id : occurring(compiled)) {
    const CompiledOutcome& outcome = compiled.outcomes[id];
    if (outcome.conflict) pairs[leading_pair(compiled.model, outcome.applied.rules)].insert(id);
  }
  std::vector<Contradiction> out;
  for (const auto& [pair, ids] : pairs) {
    if (out.size() == kMostContradictions) break;
    const NodeId region = analysis.where([&, held = &ids](const CompiledOutcome& outcome) {
      return held->contains(static_cast<OutcomeId>(&outcome - compiled.outcomes.data()));
    });
    out.push_back({pair.first, pair.second, analysis.all({analysis.possible(), region})});
  }
  return out;
}

// One situation after the other, each in none of the regions before.
std::vector<Contradiction> contradictions_by_rule(Analysis& analysis) {
  const Policy::Compiled& compiled = analysis.compiled();
  Diagram& diagram = analysis.diagram();
  const NodeId all = analysis.all(
      {analysis.possible(),
       analysis.where([](const CompiledOutcome& outcome) { return outcome.conflict; })});
  std::vector<Contradiction> out;
  NodeId left = all;
  while (!analysis.is_empty(left) && !analysis.exhausted() && out.size() < kMostContradictions) {
    const auto pair =
        leading_pair(compiled.model, rules_at(compiled, analysis.situation_in(left)).in_any);
    const NodeId both =
        analysis.all({compiled.answering[pair.first], compiled.answering[pair.second]});
    out.push_back({pair.first, pair.second, analysis.all({all, both})});
    left = analysis.all({left, diagram.negation(both)});
  }
  return out;
}

}  // namespace

std::optional<std::vector<RuleEffect>> rule_effects(const Policy::Compiled& compiled) {
  if (!compiled.by_kind) return effects_by_sets(compiled);
  return EffectsByRule(compiled).run();
}

std::vector<Contradiction> contradictions(Analysis& analysis) {
  return analysis.compiled().by_kind ? contradictions_by_rule(analysis)
                                     : contradictions_by_sets(analysis);
}

}  // namespace firebreak::policy
