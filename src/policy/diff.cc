// SPDX-License-Identifier: Apache-2.0
#include "policy/diff.h"

#include <algorithm>
#include <map>
#include <set>

#include "policy/analysis.h"
#include "policy/condition_text.h"
#include "policy/diff_describe.h"
#include "policy/diff_grid.h"
#include "policy/loader.h"

namespace firebreak::policy {
namespace {

// Whether two answers are the same but for what they are bound to.
bool diff_same_decision(const Decision& a, const Decision& b) {
  return a.decision == b.decision && a.covered == b.covered && a.discretion == b.discretion &&
         a.sign_off == b.sign_off;
}

SettingValues settings_of(const Vocabulary& words, bool decided_alone) {
  SettingValues out;
  for (const Attribute& attribute : words.attributes) {
    if (!attribute.setting || (decided_alone && !attribute.setting->decided)) continue;
    const int32_t value = attribute.setting->value;
    out[attribute.name] = attribute.kind == AttributeKind::number
                              ? std::to_string(value)
                              : attribute.values[static_cast<size_t>(value)].name;
  }
  return out;
}

// The two outcomes of a situation as one number.
class OutcomePairs final : public Operation {
 public:
  uint32_t on_terminals(uint32_t a, uint32_t b) override {
    const auto [at, fresh] = ids_.emplace(std::pair(a, b), static_cast<uint32_t>(pairs_.size()));
    if (fresh) pairs_.push_back(at->first);
    return at->second;
  }
  [[nodiscard]] std::pair<uint32_t, uint32_t> operator[](uint32_t id) const { return pairs_[id]; }

 private:
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> ids_;
  std::vector<std::pair<uint32_t, uint32_t>> pairs_;
};

// One number inside a region, 0 outside.
class Inside final : public Operation {
 public:
  uint32_t on_terminals(uint32_t inside, uint32_t number) override { return inside * number; }
};

class Differ {
 public:
  Differ(const Policy& a, const Policy& b, Joint joint)
      : policy_(a),
        compiled_{&a.compiled(), &b.compiled()},
        joint_(std::move(joint)),
        diagram_(joint_.diagram),
        describer_(joint_),
        described_(diagram_.falsehood()) {}

  Result<Diff> run() {
    pairs_ = diagram_.apply(outcomes_, joint_.answers[0], joint_.answers[1]);
    sort_pairs();
    Diff out;
    for (size_t i = 0; i < 2; ++i) {
      const Model& model = compiled_[i]->model;
      const Vocabulary& words = compiled_[i]->vocabulary.words;
      out.policies[i] = {model.id, model.version, compiled_[i]->digest, settings_of(words, false),
                         settings_of(words, true)};
    }
    out.words = joint_.words;
    out.situations = count(joint_.possible);
    // The smallest groups first: a larger one may then leave out what they describe.
    for (const Pending& pending : by_size()) {
      FB_TRY(DiffGroup group, describe_group(pending));
      out.differing += group.situations;
      out.groups.push_back(std::move(group));
    }
    if (diagram_.exhausted()) return too_large();
    if (described_ != differing()) return unproved();
    number_regions(out);
    const DiffKindNodes kinds = kind_nodes();
    out.kinds = counts_of(joint_, kinds, joint_.possible);
    if (diagram_.exhausted()) return too_large();
    out.grid = diff_grid(joint_, kinds);
    return out;
  }

 private:
  [[nodiscard]] const Decision& decision(size_t side, uint32_t pair) const {
    const auto [first, second] = outcomes_[pair];
    return compiled_[side]->outcomes[side == 0 ? first : second].decision;
  }
  [[nodiscard]] Count count(NodeId node) const { return count_true(diagram_, joint_.space, node); }
  NodeId minus(NodeId a, NodeId b) { return diagram_.all_of(a, diagram_.negation(b)); }

  // The pairs of outcomes that differ, those of one group together.
  void sort_pairs() {
    for (const uint32_t pair : diagram_.payloads(pairs_)) {
      if (same_answer(decision(0, pair), decision(1, pair))) continue;
      const auto group = std::find_if(members_.begin(), members_.end(), [&](const auto& members) {
        return same_group(members.front(), pair);
      });
      if (group != members_.end()) {
        group->push_back(pair);
      } else {
        members_.push_back({pair});
      }
    }
  }
  [[nodiscard]] bool same_group(uint32_t x, uint32_t y) const {
    if (!diff_same_decision(decision(0, x), decision(0, y)) ||
        !diff_same_decision(decision(1, x), decision(1, y))) {
      return false;
    }
    return !diff_same_decision(decision(0, x), decision(1, x)) ||
           (same_answer(decision(0, x), decision(0, y)) &&
            same_answer(decision(1, x), decision(1, y)));
  }

  // A group that is still to be described.
  struct Pending {
    uint32_t example;
    NodeId on;
    Count situations;
  };
  std::vector<Pending> by_size() {
    std::vector<Pending> out;
    for (const std::vector<uint32_t>& members : members_) {
      const NodeId on = where(members);
      if (on != diagram_.falsehood()) out.push_back({members.front(), on, count(on)});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.situations < b.situations; });
    return out;
  }

  NodeId where(const std::vector<uint32_t>& members) {
    const std::set<uint32_t> chosen(members.begin(), members.end());
    const NodeId all = diagram_.map(
        pairs_, [&](uint32_t pair) -> uint32_t { return chosen.contains(pair) ? 1 : 0; });
    return diagram_.all_of(all, joint_.possible);
  }
  // Straight from the answers, without the groups: what the regions are held against.
  NodeId differing() {
    const NodeId all = diagram_.map(pairs_, [&](uint32_t pair) -> uint32_t {
      return same_answer(decision(0, pair), decision(1, pair)) ? 0 : 1;
    });
    return diagram_.all_of(all, joint_.possible);
  }

  // Where the second policy's decision is stricter, looser, or the same but for something else.
  DiffKindNodes kind_nodes() {
    const auto where_order_is = [&](int wanted) {
      const NodeId all = diagram_.map(pairs_, [&](uint32_t pair) -> uint32_t {
        const Decision& a = decision(0, pair);
        const Decision& b = decision(1, pair);
        if (same_answer(a, b)) return 0;
        const int step = openness(b.decision) - openness(a.decision);
        return (step > 0) - (step < 0) == wanted ? 1 : 0;
      });
      return diagram_.all_of(all, joint_.possible);
    };
    return {where_order_is(-1), where_order_is(1), where_order_is(0)};
  }
  static int openness(Outcome decision) {
    if (decision == Outcome::permit) return 2;
    return decision == Outcome::sign_off ? 1 : 0;
  }

  Result<DiffGroup> describe_group(const Pending& pending) {
    DiffGroup out;
    for (size_t side = 0; side < 2; ++side) out.answers[side] = decision(side, pending.example);
    out.conditions_only = diff_same_decision(out.answers[0], out.answers[1]);
    out.situations = pending.situations;
    auto found = describer_.describe(pending.on);
    if (!found) return too_large();
    NodeId left = pending.on;
    for (DiffDescription& one : *found) {
      if (minus(one.node, pending.on) != diagram_.falsehood()) return unproved();
      left = minus(left, one.node);
      described_ = diagram_.any_of(described_, one.node);
      DiffRegion region;
      region.where = condition_text(one.condition, joint_.words);
      region.condition = std::move(one.condition);
      region.parts = std::move(one.parts);
      region.except = std::move(one.except);
      region.situations = count(one.node);
      region.left = count(left);
      fill(region, one.node);
      out.regions.push_back(std::move(region));
    }
    if (left != diagram_.falsehood()) return unproved();
    return out;
  }

  // Sorts the groups, the largest first, and numbers their regions in that order.
  static void number_regions(Diff& diff) {
    size_t place = 0;
    for (DiffGroup& group : diff.groups) {
      for (DiffRegion& region : group.regions) region.number = place++;
    }
    std::stable_sort(diff.groups.begin(), diff.groups.end(),
                     [](const auto& a, const auto& b) { return a.situations > b.situations; });
    std::vector<size_t> number_at(place);
    size_t number = 0;
    for (DiffGroup& group : diff.groups) {
      for (DiffRegion& region : group.regions) {
        number_at[region.number] = ++number;
        region.number = number;
      }
    }
    for (DiffGroup& group : diff.groups) {
      for (DiffRegion& region : group.regions) {
        for (size_t& except : region.except) except = number_at[except];
        std::ranges::sort(region.except);
      }
    }
  }

  // What either policy answers in the region, and a situation in it.
  void fill(DiffRegion& region, NodeId node) {
    const Facts shared = smallest(node);
    for (size_t side = 0; side < 2; ++side) {
      const Policy::Compiled& policy = *compiled_[side];
      const NodeId here = ids_in(side, node);
      std::set<uint32_t> rules;
      DiffSide& out = region.sides[side];
      for (const uint32_t id : diagram_.payloads(here)) {
        if (id == 0) continue;
        const CompiledOutcome& outcome = policy.outcomes[id - 1];
        if (!policy.by_kind) {
          rules.insert(outcome.applied.rules.begin(), outcome.applied.rules.end());
        }
        const bool known = std::ranges::any_of(out.answers, [&](const Decision& answer) {
          return same_answer(answer, outcome.decision);
        });
        if (!known) out.answers.push_back(outcome.decision);
      }
      for (uint32_t rule = 0; rule < joint_.answering[side].size(); ++rule) {
        if (have_common(joint_.answering[side][rule], node)) rules.insert(rule);
      }
      name_rules(policy.model, rules, out);
      out.witness_case =
          case_text(policy, facts_for(policy.vocabulary.words, shared), region.where);
    }
    region.witness = policy_.facts_json(facts_for(policy_.vocabulary(), shared));
  }

  // Whether a situation is in both. Makes no nodes, as there may be many rules to ask for.
  bool have_common(NodeId a, NodeId b) {
    std::set<std::pair<NodeId, NodeId>> tried;
    return have_common(a, b, tried);
  }
  bool have_common(NodeId a, NodeId b, std::set<std::pair<NodeId, NodeId>>& tried) {
    if (a == diagram_.falsehood() || b == diagram_.falsehood()) return false;
    const uint32_t top = std::min(diagram_.level(a), diagram_.level(b));
    if (top == Diagram::kTerminal) return true;
    if (!tried.emplace(a, b).second) return false;
    for (uint32_t i = 0; i < diagram_.size(top); ++i) {
      const NodeId below_a = diagram_.level(a) == top ? diagram_.children(a)[i] : a;
      const NodeId below_b = diagram_.level(b) == top ? diagram_.children(b)[i] : b;
      if (have_common(below_a, below_b, tried)) return true;
    }
    return false;
  }

  // One more than the OutcomeId inside the region, 0 outside.
  NodeId ids_in(size_t side, NodeId node) {
    const NodeId ids = diagram_.map(joint_.answers[side], [](uint32_t id) { return id + 1; });
    Inside inside;
    return diagram_.apply(inside, node, ids);
  }

  static void name_rules(const Model& model, const std::set<uint32_t>& rules, DiffSide& out) {
    for (const bool never : {true, false}) {
      for (const uint32_t rule : rules) {
        if ((rule < model.rules.size() && model.rules[rule].never) != never) continue;
        out.rules.push_back(rule_name(model, rule));
        for (const uint32_t clause : outcome_of(model, rule).clauses) {
          const std::string& id = model.clauses[clause].id;
          if (std::ranges::find(out.clauses, id) == out.clauses.end()) out.clauses.push_back(id);
        }
      }
    }
  }

  // Facts go one after the other, the last attributes first, and then members of sets, while what
  // is left stays in the region and either policy has one answer to it.
  Facts smallest(NodeId node) {
    Facts out = first_situation(joint_, node);
    const std::vector<Attribute>& attributes = joint_.words.attributes;
    for (size_t i = attributes.size(); i-- > 0;) {
      Facts fewer = out;
      for (size_t j = 0; j < attributes[i].slots(); ++j) {
        fewer.set(attributes[i].first_slot + j, Facts::kMissing);
      }
      if (settled(fewer, node)) out = std::move(fewer);
    }
    for (const Attribute& attribute : attributes) {
      if (attribute.kind != AttributeKind::any_of) continue;
      for (size_t j = 0; j < attribute.slots(); ++j) {
        if (out[attribute.first_slot + j] != 1) continue;
        Facts fewer = out;
        fewer.set(attribute.first_slot + j, 0);
        if (settled(fewer, node)) out = std::move(fewer);
      }
    }
    return out;
  }
  bool settled(const Facts& facts, NodeId inside) {
    NodeId outside = minus(joint_.possible, inside);
    for (uint32_t level = 0; level < joint_.space.levels().size(); ++level) {
      const int32_t raw = facts[joint_.space.levels()[level].slot];
      if (raw == Facts::kMissing) continue;
      outside = diagram_.fix(outside, level, joint_.space.value_at(level, raw));
      inside = diagram_.fix(inside, level, joint_.space.value_at(level, raw));
    }
    if (outside != diagram_.falsehood() || inside == diagram_.falsehood()) return false;
    return std::ranges::all_of(compiled_, [&](const Policy::Compiled* policy) {
      const Facts own = facts_for(policy->vocabulary.words, facts);
      return decide(*policy, own).decision != Outcome::undetermined;
    });
  }

  [[nodiscard]] Error too_large() const {
    return {ErrorCode::too_large, "The difference of these two policies is too large to describe.",
            compiled_[0]->model.id + ", " + compiled_[1]->model.id,
            "Compare versions that are closer to each other."};
  }
  static Error unproved() {
    return internal_error("The regions found are not the situations that differ.");
  }

  const Policy& policy_;  // the first
  std::array<const Policy::Compiled*, 2> compiled_;
  Joint joint_;
  Diagram& diagram_;
  OutcomePairs outcomes_;
  NodeId pairs_ = 0;
  std::vector<std::vector<uint32_t>> members_;
  DiffDescriber describer_;
  NodeId described_;  // by the regions so far
};

}  // namespace

Result<Diff> compare(const Policy& a, const Policy& b) {
  FB_TRY(Joint joint, join(a.compiled(), b.compiled()));
  return Differ(a, b, std::move(joint)).run();
}

}  // namespace firebreak::policy
