// SPDX-License-Identifier: Apache-2.0
#include "policy/explain.h"

#include <algorithm>

#include "policy/analysis.h"
#include "policy/explain_words.h"
#include "policy/loader.h"
#include "policy/question.h"

namespace firebreak::policy {
namespace {

// Says of each rule and each test whether it holds in all, none or some of the situations that the
// facts leave.
class Explainer {
 public:
  Explainer(const Policy::Compiled& compiled, const Facts& facts, Outcome outcome)
      : compiled_(compiled), analysis_(compiled), facts_(facts) {
    // An answer leaves out what cannot be; that something is missing is said over all completions.
    if (outcome != Outcome::undetermined && can_be_here(compiled.possible, true)) {
      within_ = compiled.possible;
    } else {
      within_ = analysis_.diagram().truth();
    }
  }

  void rules(Explanation& out) {
    const std::vector<Rule>& rules = compiled_.model.rules;
    for (uint32_t i = 0; i < rules.size(); ++i) {
      if (rules[i].parent) continue;
      RuleView one = view(i, analysis_.diagram().truth());
      if (one.applies == Holds::no) {
        out.others.push_back(rules[i].name);
      } else {
        out.rules.push_back(std::move(one));
      }
    }
    std::vector<std::string> nevers;
    for (const RuleView& one : out.rules) {
      if (rules[one.rule].never) nevers.push_back(rules[one.rule].name);
    }
    for (RuleView& one : out.rules) name_overriders(one, nevers);
  }

 private:
  bool can_be_here(NodeId node, bool value) {
    return can_be(compiled_, analysis_.diagram(), node, facts_, value);
  }

  Holds state(NodeId region) {
    if (!can_be_here(analysis_.all({within_, region}), true)) return Holds::no;
    const NodeId outside = analysis_.diagram().negation(region);
    return can_be_here(analysis_.all({within_, outside}), true) ? Holds::open : Holds::yes;
  }

  RuleView view(uint32_t index, NodeId above) {
    const Rule& rule = compiled_.model.rules[index];
    RuleView out;
    out.rule = index;
    const NodeId region = analysis_.all({above, analysis_.condition(rule.when)});
    out.applies = state(region);
    out.answers = state(analysis_.answering(index));
    out.reason = reason(rule.when, false);
    for (const uint32_t except : rule.excepts) out.excepts.push_back(view(except, region));
    return out;
  }

  Reason reason(const Condition& condition, bool negated) {
    if (condition.kind == Condition::Kind::negation) return reason(condition.parts[0], !negated);
    Reason out;
    NodeId region = analysis_.condition(condition);
    if (negated) region = analysis_.diagram().negation(region);
    out.holds = state(region);
    if (condition.kind == Condition::Kind::test) {
      out.attribute = condition.attribute;
      out.words =
          tested(compiled_.vocabulary.words.attributes[condition.attribute], condition, negated);
      return out;
    }
    for (const Condition& part : condition.parts) out.parts.push_back(reason(part, negated));
    const bool all = (condition.kind == Condition::Kind::conjunction) != negated;
    keep_deciding(out, all);
    if (out.parts.size() == 1) return std::move(out.parts.front());
    out.words = all ? "all of these" : "at least one of these";
    return out;
  }

  // What holds of a conjunction needs all its parts; what fails, fails for those that fail. Parts
  // that decide it only together all stay.
  static void keep_deciding(Reason& out, bool all) {
    if (out.holds == (all ? Holds::yes : Holds::no)) return;
    const auto decides = [&](const Reason& part) { return part.holds == out.holds; };
    if (!std::any_of(out.parts.begin(), out.parts.end(), decides)) return;
    std::erase_if(out.parts, [&](const Reason& part) { return !decides(part); });
  }

  void name_overriders(RuleView& view, const std::vector<std::string>& nevers) {
    const std::vector<Rule>& rules = compiled_.model.rules;
    for (RuleView& except : view.excepts) name_overriders(except, nevers);
    if (view.applies != Holds::yes || view.answers != Holds::no) return;
    if (!nevers.empty()) {
      view.overridden_by = nevers;
      return;
    }
    for (const RuleView& except : view.excepts) {
      if (except.applies != Holds::no) view.overridden_by.push_back(rules[except.rule].name);
    }
  }

  const Policy::Compiled& compiled_;
  Analysis analysis_;
  const Facts& facts_;
  NodeId within_ = 0;
};

bool hangs_on(const Reason& reason, uint32_t attribute) {
  if (reason.attribute) return reason.holds == Holds::open && *reason.attribute == attribute;
  return std::any_of(reason.parts.begin(), reason.parts.end(),
                     [&](const Reason& part) { return hangs_on(part, attribute); });
}

void add_dependants(const Policy::Compiled& compiled, const RuleView& view, OpenFact& out) {
  const Rule& rule = compiled.model.rules[view.rule];
  const Attribute& attribute = compiled.vocabulary.words.attributes[out.attribute];
  const bool bound = attribute.name == "channel" && !rule.outcome.channel.empty();
  if (view.applies != Holds::no && (bound || hangs_on(view.reason, out.attribute))) {
    out.rules.push_back(rule.name);
    for (const uint32_t clause : rule.outcome.clauses) {
      const std::string& id = compiled.model.clauses[clause].id;
      if (std::find(out.clauses.begin(), out.clauses.end(), id) == out.clauses.end()) {
        out.clauses.push_back(id);
      }
    }
  }
  for (const RuleView& except : view.excepts) add_dependants(compiled, except, out);
}

// Which kinds of answer are left for each value of the fact.
void add_values(const Policy::Compiled& compiled, const Facts& facts, OpenFact& out) {
  const Attribute& attribute = compiled.vocabulary.words.attributes[out.attribute];
  if (attribute.kind == AttributeKind::any_of || attribute.kind == AttributeKind::number) return;
  for (size_t value = 0; value < attribute.values.size(); ++value) {
    Facts known = facts;
    known.set(attribute.first_slot, static_cast<int32_t>(value));
    std::vector<Verdict> kinds;
    for (const OutcomeId id : reach_of(compiled, known).possible) {
      kinds.push_back(verdict_of(compiled.outcomes[id].decision));
    }
    std::sort(kinds.begin(), kinds.end());
    kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
    if (!kinds.empty()) out.values.emplace_back(said(attribute, known), std::move(kinds));
  }
}

std::vector<OpenFact> open_facts(const Policy::Compiled& compiled, const Explanation& so_far,
                                 Advice advice) {
  std::vector<OpenFact> out;
  const Vocabulary& words = compiled.vocabulary.words;
  for (const std::string& name : so_far.decision.missing) {
    OpenFact one;
    one.attribute = static_cast<uint32_t>(words.find(name) - words.attributes.data());
    for (const RuleView& view : so_far.rules) add_dependants(compiled, view, one);
    if (advice == Advice::whole_policy) add_values(compiled, so_far.facts, one);
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<bool> changeable(const Vocabulary& words, bool person_too) {
  std::vector<bool> out;
  out.reserve(words.attributes.size());
  for (const Attribute& attribute : words.attributes) {
    out.push_back(!attribute.setting &&
                  (person_too || attribute.nature != FactNature::about_person));
  }
  return out;
}

void add_nearest(const Policy::Compiled& compiled, Advice advice, Explanation& out) {
  const Vocabulary& words = compiled.vocabulary.words;
  const Verdict now = verdict_of(out.decision);
  for (Nearest& near : nearest(compiled, out.facts, changeable(words, false))) {
    if (near.answer == now) continue;
    if (advice != Advice::whole_policy && how_permissive(near.answer) > how_permissive(now))
      continue;
    out.choices.push_back(std::move(near));
  }
  if (advice != Advice::whole_policy) return;
  for (Nearest& near : nearest(compiled, out.facts, changeable(words, true))) {
    std::erase_if(near.ways, [&](const Way& way) {
      return std::all_of(way.changed.begin(), way.changed.end(), [&](uint32_t i) {
        return words.attributes[i].nature != FactNature::about_person;
      });
    });
    if (near.answer != now && !near.ways.empty()) out.record.push_back(std::move(near));
  }
}

}  // namespace

int how_permissive(Verdict kind) {
  return kind == Verdict::permit ? 2 : (kind == Verdict::sign_off ? 1 : 0);
}

Explanation explain(const Policy& policy, const Facts& facts, Advice advice) {
  const Policy::Compiled& compiled = policy.compiled();
  Explanation out;
  out.decision = policy.decide(facts);
  out.facts = facts;
  Explainer(compiled, facts, out.decision.decision).rules(out);
  if (out.decision.decision == Outcome::undetermined) {
    out.open = open_facts(compiled, out, advice);
    return out;
  }
  const std::vector<OutcomeId> reach = reach_of(compiled, facts).possible;
  out.off_channel = !reach.empty() && std::all_of(reach.begin(), reach.end(), [&](OutcomeId id) {
    return compiled.outcomes[id].applied.off_channel;
  });
  add_nearest(compiled, advice, out);
  return out;
}

}  // namespace firebreak::policy
