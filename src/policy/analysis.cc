// SPDX-License-Identifier: Apache-2.0
#include "policy/analysis.h"

#include <algorithm>
#include <unordered_map>

#include "policy/loader.h"
#include "policy/question.h"
#include "policy/witness.h"

namespace firebreak::policy {
namespace {

// What a fact costs in a witness, and what it costs more when it is not the first value.
constexpr uint64_t kFactCost = 1000;
constexpr uint64_t kValueCost = 1;

int allowance(Outcome outcome) {
  return outcome == Outcome::permit ? 2 : (outcome == Outcome::sign_off ? 1 : 0);
}

std::string given_text(const Attribute& attribute, const Facts& facts) {
  const int32_t value = facts[attribute.first_slot];
  switch (attribute.kind) {
    case AttributeKind::one_of:
    case AttributeKind::yes_no:
      return attribute.values[static_cast<size_t>(value)].name;
    case AttributeKind::number:
      return std::to_string(value);
    case AttributeKind::any_of:
      break;
  }
  std::string out;
  for (size_t i = 0; i < attribute.values.size(); ++i) {
    if (facts[attribute.first_slot + i] != 1) continue;
    out += (out.empty() ? "" : " and ") + attribute.values[i].name;
  }
  return out.empty() ? "empty" : out;
}

}  // namespace

Analysis::Analysis(const Policy::Compiled& compiled)
    : compiled_(compiled), diagram_(compiled.diagram) {
  diagram_.extend(kNodeBudget);
}

NodeId Analysis::condition(const Condition& condition) {
  return compile_condition(diagram_, compiled_.space, compiled_.vocabulary.words, condition);
}

NodeId Analysis::where(const std::function<bool(const CompiledOutcome&)>& chosen) {
  return diagram_.map(compiled_.answers, [&](uint32_t id) -> uint32_t {
    return chosen(compiled_.outcomes[id]) ? 1 : 0;
  });
}

NodeId Analysis::answering(uint32_t rule) {
  if (compiled_.by_kind) {
    const bool never = rule < compiled_.model.rules.size() && compiled_.model.rules[rule].never;
    const NodeId own = compiled_.answering[rule];
    return never ? own : diagram_.all_of(own, diagram_.negation(compiled_.nevers));
  }
  return where([&](const CompiledOutcome& outcome) {
    return std::binary_search(outcome.applied.rules.begin(), outcome.applied.rules.end(), rule);
  });
}

NodeId Analysis::all(std::initializer_list<NodeId> regions) {
  NodeId out = diagram_.truth();
  for (const NodeId region : regions) out = diagram_.all_of(out, region);
  return out;
}

Count Analysis::count(NodeId region) const { return count_true(diagram_, compiled_.space, region); }

// The cheapest path to truth; what it leaves open takes the first value of each fact.
Facts Analysis::situation_in(NodeId region) const {
  struct Best {
    uint64_t cost = UINT64_MAX / 2;
    uint32_t value = 0;
  };
  std::unordered_map<NodeId, Best> best;
  for (const NodeId node : diagram_.reachable(region)) {
    if (diagram_.is_terminal(node)) {
      if (diagram_.payload(node) == 1) best[node].cost = 0;
      continue;
    }
    Best found;
    for (uint32_t i = 0; i < diagram_.size(diagram_.level(node)); ++i) {
      const uint64_t cost =
          best[diagram_.children(node)[i]].cost + kFactCost + (i == 0 ? 0 : kValueCost);
      if (cost < found.cost) found = {cost, i};
    }
    best[node] = found;
  }
  Facts out(compiled_.vocabulary.words);
  for (uint32_t level = 0; level < compiled_.space.levels().size(); ++level) {
    out.set(compiled_.space.levels()[level].slot, compiled_.space.raw_at(level, 0));
  }
  for (NodeId node = region; !diagram_.is_terminal(node);) {
    const uint32_t level = diagram_.level(node);
    const uint32_t value = best[node].value;
    out.set(compiled_.space.levels()[level].slot, compiled_.space.raw_at(level, value));
    node = diagram_.children(node)[value];
  }
  return out;
}

bool Analysis::shows(NodeId outside, const Facts& facts) const {
  return !can_be(compiled_, diagram_, outside, facts, true) &&
         decide(compiled_, facts).decision != Outcome::undetermined;
}

std::optional<Facts> Analysis::witness(NodeId region, std::optional<uint32_t> kept) {
  if (is_empty(region) || exhausted()) return std::nullopt;
  if (std::optional<Facts> found = smallest(compiled_, diagram_, region, kept)) return found;
  // Too many to look at: close to the smallest will do.
  Facts out = situation_in(region);
  const NodeId outside = diagram_.all_of(possible(), diagram_.negation(region));
  // Facts go one after the other, the least telling first: the space has them at the bottom.
  std::vector<uint32_t> attributes;
  for (const Level& level : compiled_.space.levels()) {
    if (attributes.empty() || attributes.back() != level.attribute) {
      attributes.push_back(level.attribute);
    }
  }
  std::reverse(attributes.begin(), attributes.end());
  for (const uint32_t index : attributes) {
    const Attribute& attribute = compiled_.vocabulary.words.attributes[index];
    const size_t end = attribute.first_slot + attribute.slots();
    if (kept && *kept >= attribute.first_slot && *kept < end) continue;
    Facts fewer = out;
    for (size_t slot = attribute.first_slot; slot < end; ++slot) fewer.set(slot, Facts::kMissing);
    if (shows(outside, fewer)) out = std::move(fewer);
  }
  return out;
}

std::string case_text(const Policy::Compiled& compiled, const Facts& facts,
                      const std::string& name) {
  std::string given;
  for (const Attribute& attribute : compiled.vocabulary.words.attributes) {
    if (!facts.has(attribute)) continue;
    if (attribute.setting && facts[attribute.first_slot] == attribute.setting->value) continue;
    given += (given.empty() ? "" : ", ") + attribute.name + " " + given_text(attribute, facts);
  }
  // A case is run with the settings in force where it names none.
  Facts run = facts;
  for (const Attribute& attribute : compiled.vocabulary.words.attributes) {
    if (attribute.setting && !facts.has(attribute)) {
      run.set(attribute.first_slot, attribute.setting->value);
    }
  }
  const Decision decision = decide(compiled, run);
  std::string quoted;
  for (const char c : name)
    quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  std::string out = "case \"" + quoted + "\"\n";
  if (!given.empty()) out += "  given " + given + "\n";
  out += std::string("  expect ") +
         (decision.covered ? policy::name(decision.decision) : "not_covered");
  if (!decision.rule.empty()) out += " by " + decision.rule;
  return out + "\n";
}

std::string quoted_list(const std::vector<std::string>& items, const char* between) {
  std::string out;
  for (const std::string& item : items) {
    if (!out.empty()) out += between;
    out.append("`").append(item).append("`");
  }
  return out;
}

std::string shown(const Decision& decision) {
  std::string out =
      std::string("`") + (decision.covered ? name(decision.decision) : "not_covered") + "`";
  if (decision.sign_off) out += " of " + decision.sign_off->rank;
  if (!decision.rules.empty()) out += " by " + quoted_list(decision.rules);
  if (!decision.missing.empty()) out += ", missing " + quoted_list(decision.missing);
  return out;
}

bool breaks(const Vocabulary& words, const Assertion& assertion, const Decision& decision) {
  switch (assertion.kind) {
    case Assertion::Kind::always_refuse:
      return decision.decision != Outcome::refuse;
    case Assertion::Kind::always_permit:
      return decision.decision != Outcome::permit;
    case Assertion::Kind::never_permit:
      break;
  }
  if (decision.decision != Outcome::sign_off || !assertion.unless_rank) {
    return decision.decision != Outcome::refuse;
  }
  return words.rank_index(decision.sign_off->rank) < assertion.unless_rank ||
         decision.sign_off->count < assertion.unless_count;
}

bool more_permissive(const Policy::Compiled& compiled, const Decision& a, const Decision& b) {
  if (allowance(a.decision) != allowance(b.decision)) {
    return allowance(b.decision) > allowance(a.decision);
  }
  if (b.decision == Outcome::refuse) return false;
  if (a.sign_off && b.sign_off) {
    const Vocabulary& words = compiled.vocabulary.words;
    if (words.rank_index(b.sign_off->rank) < words.rank_index(a.sign_off->rank)) return true;
    if (b.sign_off->count < a.sign_off->count) return true;
  }
  const std::vector<std::string>& before = a.conditions.disclose;
  const std::vector<std::string>& after = b.conditions.disclose;
  if (before.empty()) return false;  // every field was allowed already
  return after.empty() || std::any_of(after.begin(), after.end(), [&](const std::string& field) {
           return std::find(before.begin(), before.end(), field) == before.end();
         });
}

bool under_these_settings(const Vocabulary& words, const Facts& facts) {
  return std::all_of(words.attributes.begin(), words.attributes.end(),
                     [&](const Attribute& attribute) {
                       return !attribute.setting || !attribute.setting->decided ||
                              facts[attribute.first_slot] == attribute.setting->value;
                     });
}

}  // namespace firebreak::policy
