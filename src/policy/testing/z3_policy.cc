// SPDX-License-Identifier: Apache-2.0
#include "policy/testing/z3_policy.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace firebreak::policy::testing {
namespace {

constexpr unsigned kBits = 32;  // numbers of the language are below 2^30 in size

bool listed(const std::vector<uint32_t>& list, size_t item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Everything in which two outcomes must agree not to be a conflict.
auto agreed(const RuleOutcome& outcome) {
  return std::tie(outcome.decision, outcome.covered, outcome.discretion, outcome.rank,
                  outcome.rank_setting, outcome.count, outcome.count_setting, outcome.channel,
                  outcome.disclose, outcome.report_to, outcome.notify, outcome.reasons,
                  outcome.expires_hours);
}

size_t channel_slot(const Vocabulary& words) {
  for (const Attribute& attribute : words.attributes) {
    if (attribute.name == "channel") return attribute.first_slot;
  }
  return 0;
}

size_t channel_count(const Vocabulary& words) {
  const Attribute* channel = words.find("channel");
  return channel == nullptr ? 0 : channel->values.size();
}

template <typename Items>
void add_flags(const Items& items, const std::vector<std::string>& named, AnswerParts& out) {
  for (const auto& item : items) {
    out.push_back(std::find(named.begin(), named.end(), item.name) != named.end() ? 1 : 0);
  }
}

}  // namespace

AnswerParts parts_of(const Vocabulary& words, const Decision& decision) {
  AnswerParts out = {static_cast<int64_t>(decision.decision), decision.covered,
                     decision.discretion};
  int64_t rank = 0;
  for (size_t i = 0; decision.sign_off && i < words.ranks.size(); ++i) {
    if (words.ranks[i].name == decision.sign_off->rank) rank = static_cast<int64_t>(i);
  }
  const Conditions& bound = decision.conditions;
  int64_t hours = 0;
  if (bound.expires_after) {
    std::from_chars(bound.expires_after->data() + 2,
                    bound.expires_after->data() + bound.expires_after->size() - 1, hours);
  }
  out.insert(out.end(), {rank, decision.sign_off ? decision.sign_off->count : 0, hours});
  if (const Attribute* channel = words.find("channel")) {
    add_flags(channel->values, bound.channel, out);
  }
  add_flags(words.fields, bound.disclose, out);
  add_flags(words.bodies, bound.report_to, out);
  add_flags(words.bodies, bound.notify, out);
  add_flags(words.reasons, bound.reasons, out);
  return out;
}

Z3Policy::Z3Policy(const Model& model, const VocabularyModel& vocabulary)
    : model_(model),
      vocabulary_(vocabulary),
      words_(vocabulary.words),
      solver_(context_, z3::solver::simple()),
      possible_(context_.bool_val(true)),
      never_(context_.bool_val(false)) {
  add_variables();
  add_possible();
  add_rules();
  add_kinds();
  add_parts();
}

void Z3Policy::add_variables() {
  for (size_t i = 0; i < words_.attributes.size(); ++i) {
    const Attribute& attribute = words_.attributes[i];
    for (size_t member = 0; member < attribute.slots(); ++member) {
      const std::string name = attribute.name + "." + std::to_string(member);
      attribute_of_.push_back(i);
      if (attribute.kind == AttributeKind::any_of || attribute.kind == AttributeKind::yes_no) {
        slots_.push_back(context_.bool_const(name.c_str()));
        continue;
      }
      slots_.push_back(context_.bv_const(name.c_str(), kBits));
      const bool counted = attribute.kind == AttributeKind::number;
      const auto last = static_cast<int64_t>(attribute.values.size()) - 1;
      solver_.add(slots_.back() >= number(counted ? attribute.minimum : 0));
      solver_.add(slots_.back() <= number(counted ? attribute.maximum : last));
    }
  }
}

void Z3Policy::add_possible() {
  for (const Attribute& attribute : words_.attributes) {
    if (!attribute.at_least_one) continue;
    z3::expr any = context_.bool_val(false);
    for (size_t i = 0; i < attribute.slots(); ++i) any = any || slots_[attribute.first_slot + i];
    possible_ = possible_ && any;
  }
  for (const Impossible& one : vocabulary_.impossible) {
    possible_ = possible_ && !holds(one.condition);
  }
  possible_ = literal(possible_);
}

void Z3Policy::add_rules() {
  answers_.assign(model_.rules.size() + 1, context_.bool_val(false));
  for (const Rule& rule : model_.rules) {
    if (rule.never) never_ = never_ || holds(rule.when);
  }
  z3::expr none = !never_;
  for (uint32_t i = 0; i < model_.rules.size(); ++i) {
    const Rule& rule = model_.rules[i];
    if (rule.never) answers_[i] = holds(rule.when);
    if (rule.never || rule.parent) continue;
    add_answering(i, !never_);
    none = none && !holds(rule.when);
  }
  answers_.back() = none;
}

void Z3Policy::add_answering(uint32_t rule, const z3::expr& within) {
  const z3::expr here = within && holds(model_.rules[rule].when);
  z3::expr itself = here;
  for (const uint32_t except : model_.rules[rule].excepts) {
    add_answering(except, here);
    itself = itself && !holds(model_.rules[except].when);
  }
  answers_[rule] = itself;
}

void Z3Policy::add_kinds() {
  for (uint32_t i = 0; i < answers_.size(); ++i) {
    if (i < model_.rules.size() && model_.rules[i].never) continue;
    const RuleOutcome& outcome =
        i < model_.rules.size() ? model_.rules[i].outcome : model_.fallback;
    const auto same = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& kind) {
      return agreed(*kind.outcome) == agreed(outcome);
    });
    if (same == kinds_.end()) {
      kinds_.push_back({&outcome, answers_[i]});
    } else {
      same->where = same->where || answers_[i];
    }
  }
}

void Z3Policy::add_parts() {
  z3::expr conflict = context_.bool_val(false);
  z3::expr before = context_.bool_val(false);
  for (const Kind& kind : kinds_) {
    conflict = conflict || (before && kind.where);
    before = before || kind.where;
  }
  const z3::expr truth = context_.bool_val(true);
  // A conflict, and a channel that a permit is not open for, are refusals without conditions.
  std::vector<z3::expr> plain;
  plain.reserve(kinds_.size());
  for (const Kind& kind : kinds_) {
    z3::expr open = truth;
    if (!kind.outcome->channel.empty()) {
      open = !truth;
      for (const uint32_t channel : kind.outcome->channel) {
        open = open || value_is(channel_slot(words_), static_cast<int32_t>(channel));
      }
    }
    plain.push_back(kind.where && !conflict && open);
  }
  const auto choose = [&](z3::expr otherwise, auto part) {
    for (size_t i = 0; i < plain.size(); ++i) {
      otherwise = z3::ite(plain[i], part(*kinds_[i].outcome), otherwise);
    }
    return otherwise;
  };
  const z3::expr refused = number(static_cast<int64_t>(Outcome::refuse));
  parts_.push_back(choose(
      refused, [&](const RuleOutcome& o) { return number(static_cast<int64_t>(o.decision)); }));
  parts_.push_back(
      choose(truth, [&](const RuleOutcome& o) { return context_.bool_val(o.covered); }));
  parts_.push_back(
      choose(!truth, [&](const RuleOutcome& o) { return context_.bool_val(o.discretion); }));
  parts_.push_back(choose(number(0), [&](const RuleOutcome& o) { return rank_of(o); }));
  parts_.push_back(choose(number(0), [&](const RuleOutcome& o) { return signers_of(o); }));
  parts_.push_back(
      choose(number(0), [&](const RuleOutcome& o) { return number(o.expires_hours); }));
  // A list of an outcome, one flag for each word. Nevers may have two of the lists: their union.
  const auto add_list = [&](size_t count, std::vector<uint32_t> RuleOutcome::* list) {
    for (size_t item = 0; item < count; ++item) {
      z3::expr flag = choose(!truth, [&](const RuleOutcome& outcome) {
        return context_.bool_val(listed(outcome.*list, item));
      });
      for (size_t i = 0; i < model_.rules.size(); ++i) {
        const bool told = model_.rules[i].never && listed(model_.rules[i].outcome.*list, item);
        if (told) flag = flag || answers_[i];
      }
      parts_.push_back(flag);
    }
  };
  add_list(channel_count(words_), &RuleOutcome::channel);
  add_list(words_.fields.size(), &RuleOutcome::disclose);
  add_list(words_.bodies.size(), &RuleOutcome::report_to);
  add_list(words_.bodies.size(), &RuleOutcome::notify);
  add_list(words_.reasons.size(), &RuleOutcome::reasons);
}

z3::expr Z3Policy::number(int64_t value) const { return context_.bv_val(value, kBits); }

z3::expr Z3Policy::value_is(size_t slot, int32_t value) const {
  if (slots_[slot].is_bool()) return value == 1 ? slots_[slot] : !slots_[slot];
  return slots_[slot] == number(value);
}

z3::expr Z3Policy::rank_of(const RuleOutcome& outcome) const {
  if (!outcome.rank_setting) return number(static_cast<int64_t>(outcome.rank));
  const Attribute& setting = words_.attributes[*outcome.rank_setting];
  z3::expr out = number(0);
  for (size_t value = 0; value < setting.values.size(); ++value) {
    size_t rank = 0;
    while (words_.ranks[rank].name != setting.values[value].name) ++rank;
    out = z3::ite(value_is(setting.first_slot, static_cast<int32_t>(value)),
                  number(static_cast<int64_t>(rank)), out);
  }
  return out;
}

z3::expr Z3Policy::signers_of(const RuleOutcome& outcome) const {
  if (!outcome.count_setting) return number(outcome.count);
  return slots_[words_.attributes[*outcome.count_setting].first_slot];
}

z3::expr Z3Policy::holds(const Condition& condition) const {
  if (condition.kind == Condition::Kind::test) return test(condition);
  if (condition.kind == Condition::Kind::negation) return !holds(condition.parts[0]);
  z3::expr out = holds(condition.parts[0]);
  for (size_t i = 1; i < condition.parts.size(); ++i) {
    const z3::expr part = holds(condition.parts[i]);
    out = condition.kind == Condition::Kind::conjunction ? out && part : out || part;
  }
  return out;
}

z3::expr Z3Policy::test(const Condition& condition) const {
  const Attribute& attribute = words_.attributes[condition.attribute];
  const z3::expr& first = slots_[attribute.first_slot];
  const z3::expr truth = context_.bool_val(true);
  z3::expr any_listed = !truth;
  z3::expr all_listed = truth;
  z3::expr any_other = !truth;
  for (size_t i = 0; i < attribute.slots() && attribute.kind == AttributeKind::any_of; ++i) {
    const z3::expr& member = slots_[attribute.first_slot + i];
    const bool named = std::count(condition.operands.begin(), condition.operands.end(), i) > 0;
    (named ? any_listed : any_other) = (named ? any_listed : any_other) || member;
    if (named) all_listed = all_listed && member;
  }
  switch (condition.test) {
    case Test::includes_any:
      return any_listed;
    case Test::includes_all:
      return all_listed;
    case Test::includes_none:
      return !any_listed;
    case Test::only:
      return any_listed && !any_other;
    case Test::empty:
      return !any_other;
    case Test::is_any:
      break;
    case Test::at_least:
      return first >= number(condition.operands[0]);
    case Test::at_most:
      return first <= number(condition.operands[0]);
    case Test::above:
      return first > number(condition.operands[0]);
    case Test::below:
      return first < number(condition.operands[0]);
    case Test::equals:
      return first == number(condition.operands[0]);
  }
  z3::expr is = !truth;
  for (const int32_t value : condition.operands) {
    is = is || value_is(attribute.first_slot, value);
  }
  return is;
}

}  // namespace firebreak::policy::testing
