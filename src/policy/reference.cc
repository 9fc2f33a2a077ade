// SPDX-License-Identifier: Apache-2.0
#include "policy/reference.h"

#include <algorithm>
#include <map>

namespace firebreak::policy {
namespace {

bool test_holds(const Condition& condition, const Attribute& attribute, const Facts& facts) {
  const int32_t value = facts[attribute.first_slot];
  const auto listed = [&](size_t member) {
    return std::find(condition.operands.begin(), condition.operands.end(),
                     static_cast<int32_t>(member)) != condition.operands.end();
  };
  size_t inside = 0;
  size_t outside = 0;
  if (attribute.kind == AttributeKind::any_of) {
    for (size_t i = 0; i < attribute.values.size(); ++i) {
      if (facts[attribute.first_slot + i] == 1) ++(listed(i) ? inside : outside);
    }
  }
  switch (condition.test) {
    case Test::is_any:
      return listed(static_cast<size_t>(value));
    case Test::includes_any:
      return inside > 0;
    case Test::includes_all:
      return inside == condition.operands.size();
    case Test::includes_none:
      return inside == 0;
    case Test::only:
      return inside > 0 && outside == 0;
    case Test::empty:
      return inside + outside == 0;
    case Test::at_least:
      return value >= condition.operands[0];
    case Test::at_most:
      return value <= condition.operands[0];
    case Test::above:
      return value > condition.operands[0];
    case Test::below:
      return value < condition.operands[0];
    case Test::equals:
      return value == condition.operands[0];
  }
  return false;
}

// Adds the rules that answer for this one: its exceptions where any applies, otherwise itself.
void add_effective(const Model& model, const Vocabulary& words, const Facts& facts, uint32_t rule,
                   std::vector<uint32_t>& out) {
  if (!holds(model.rules[rule].when, words, facts)) return;
  const size_t before = out.size();
  for (const uint32_t except : model.rules[rule].excepts) {
    add_effective(model, words, facts, except, out);
  }
  if (out.size() == before) out.push_back(rule);
}

// The values a slot may have.
std::vector<int32_t> domain(const Attribute& attribute) {
  int32_t low = 0;
  int32_t high = 1;
  if (attribute.kind == AttributeKind::one_of) {
    high = static_cast<int32_t>(attribute.values.size()) - 1;
  } else if (attribute.kind == AttributeKind::number) {
    low = attribute.minimum;
    high = attribute.maximum;
  }
  std::vector<int32_t> out;
  for (int32_t value = low; value <= high; ++value) out.push_back(value);
  return out;
}

// Attributes with two completions that differ in it alone and have different answers.
std::vector<std::string> facts_that_matter(const Vocabulary& words, const Facts& facts,
                                           const std::vector<Facts>& all,
                                           const std::vector<Decision>& answers) {
  std::vector<std::string> out;
  for (const Attribute& attribute : words.attributes) {
    bool matters = false;
    for (size_t i = 0; i < attribute.slots() && !matters; ++i) {
      const size_t slot = attribute.first_slot + i;
      if (facts[slot] != Facts::kMissing) continue;
      std::map<std::vector<int32_t>, size_t> seen;
      for (size_t f = 0; f < all.size() && !matters; ++f) {
        std::vector<int32_t> others(all[f].data(), all[f].data() + all[f].size());
        others[slot] = Facts::kMissing;
        const auto [first, fresh] = seen.emplace(std::move(others), f);
        matters = !fresh && !same_answer(answers[first->second], answers[f]);
      }
    }
    if (matters) out.push_back(attribute.name);
  }
  return out;
}

}  // namespace

bool holds(const Condition& condition, const Vocabulary& words, const Facts& facts) {
  const auto part_holds = [&](const Condition& part) { return holds(part, words, facts); };
  switch (condition.kind) {
    case Condition::Kind::test:
      return test_holds(condition, words.attributes[condition.attribute], facts);
    case Condition::Kind::negation:
      return !part_holds(condition.parts[0]);
    case Condition::Kind::conjunction:
      return std::all_of(condition.parts.begin(), condition.parts.end(), part_holds);
    case Condition::Kind::disjunction:
      return std::any_of(condition.parts.begin(), condition.parts.end(), part_holds);
  }
  return false;
}

bool possible(const VocabularyModel& vocabulary, const Facts& facts) {
  for (const Attribute& attribute : vocabulary.words.attributes) {
    if (!attribute.at_least_one) continue;
    bool any = false;
    for (size_t i = 0; i < attribute.slots(); ++i) any |= facts[attribute.first_slot + i] == 1;
    if (!any) return false;
  }
  return std::none_of(
      vocabulary.impossible.begin(), vocabulary.impossible.end(),
      [&](const Impossible& one) { return holds(one.condition, vocabulary.words, facts); });
}

Applied applied_rules(const Model& model, const Vocabulary& words, const Facts& facts) {
  Applied out;
  for (uint32_t i = 0; i < model.rules.size(); ++i) {
    if (model.rules[i].never && holds(model.rules[i].when, words, facts)) out.rules.push_back(i);
  }
  if (!out.rules.empty()) return out;
  for (uint32_t i = 0; i < model.rules.size(); ++i) {
    if (!model.rules[i].never && !model.rules[i].parent) {
      add_effective(model, words, facts, i, out.rules);
    }
  }
  if (out.rules.empty()) out.rules.push_back(default_index(model));
  std::sort(out.rules.begin(), out.rules.end());
  if (in_conflict(model, out)) return out;
  const RuleOutcome& outcome = outcome_of(model, out.rules.front());
  const std::vector<uint32_t>& only = outcome.channel;
  if (!only.empty()) {
    const auto at_hand = static_cast<uint32_t>(facts[words.find("channel")->first_slot]);
    out.off_channel = std::find(only.begin(), only.end(), at_hand) == only.end();
  }
  if (out.off_channel) return out;
  const auto value_of = [&](uint32_t attribute) {
    return facts[words.attributes[attribute].first_slot];
  };
  if (outcome.rank_setting) {
    const Attribute& setting = words.attributes[*outcome.rank_setting];
    const auto value = static_cast<size_t>(value_of(*outcome.rank_setting));
    out.rank = words.rank_index(setting.values[value].name);
  }
  if (outcome.count_setting) out.count = value_of(*outcome.count_setting);
  return out;
}

std::optional<std::vector<Facts>> completions(const Vocabulary& words, const Facts& facts,
                                              size_t most) {
  std::vector<Facts> out = {facts};
  for (const Attribute& attribute : words.attributes) {
    for (size_t i = 0; i < attribute.slots(); ++i) {
      const size_t slot = attribute.first_slot + i;
      if (facts[slot] != Facts::kMissing) continue;
      std::vector<Facts> more;
      for (const int32_t value : domain(attribute)) {
        for (Facts one : out) {
          one.set(slot, value);
          more.push_back(std::move(one));
        }
        if (more.size() > most) return std::nullopt;
      }
      out = std::move(more);
    }
  }
  return out;
}

std::optional<Decision> reference_decide(const Model& model, const VocabularyModel& vocabulary,
                                         const Facts& facts, size_t most) {
  const Vocabulary& words = vocabulary.words;
  const auto all = completions(words, facts, most);
  if (!all) return std::nullopt;
  std::vector<Decision> answers;
  std::vector<Applied> in_possible;
  std::vector<Decision> possible_answers;
  for (const Facts& one : *all) {
    const Applied applied = applied_rules(model, words, one);
    answers.push_back(describe(model, words, applied));
    if (!possible(vocabulary, one)) continue;
    in_possible.push_back(applied);
    possible_answers.push_back(answers.back());
  }
  const auto all_same = [](const std::vector<Decision>& list) {
    return std::all_of(list.begin(), list.end(),
                       [&](const Decision& one) { return same_answer(one, list.front()); });
  };
  // What cannot be may settle on a refusal, but never on a permit.
  const bool settled = all_same(answers) || (all_same(possible_answers) &&
                                             possible_answers.front().decision == Outcome::refuse);
  if (settled) return combine(model, words, in_possible);
  Decision out;
  out.decision = Outcome::undetermined;
  out.missing = facts_that_matter(words, facts, *all, answers);
  return out;
}

}  // namespace firebreak::policy
