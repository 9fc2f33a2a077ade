// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "policy/nested.h"
#include "policy/render_parts.h"
#include "policy/wording.h"

namespace firebreak::policy {
namespace {

class TableMaker {
 public:
  explicit TableMaker(Analysis& analysis)
      : analysis_(analysis),
        diagram_(analysis.diagram()),
        model_(analysis.compiled().model),
        left_(analysis.possible()) {
    const NodeId kinds = kinds_of(analysis);
    for (const ShownKind kind : kShownKinds) {
      kinds_.push_back(diagram_.map(kinds, [kind](uint32_t at) -> uint32_t {
        return at == static_cast<uint32_t>(kind) ? 1 : 0;
      }));
    }
  }

  std::vector<DecisionRow> run() {
    for (const bool never : {true, false}) {
      if (!never) add_conflicts();
      for (uint32_t i = 0; i < model_.rules.size(); ++i) {
        if (model_.rules[i].never == never && !model_.rules[i].parent) {
          add_rule(i, diagram_.truth());
        }
      }
    }
    add({DecisionRow::What::fallback, default_index(model_), {}, 0, {}}, diagram_.truth());
    return std::move(rows_);
  }

 private:
  static constexpr std::array kShownKinds = {ShownKind::refuse, ShownKind::silent,
                                             ShownKind::sign_off, ShownKind::discretion,
                                             ShownKind::permit};

  // Where rules contradict each other, whichever they are.
  void add_conflicts() {
    const NodeId where = analysis_.where([](const CompiledOutcome& one) { return one.conflict; });
    add({DecisionRow::What::conflict, 0, {}, 0, {}}, where);
  }

  // The exceptions first: the first row that applies then is of a rule none of whose exceptions
  // does, and which therefore answers. Rules that apply beside it say the same, or there is a
  // conflict, which stands above.
  void add_rule(uint32_t index, NodeId within) {
    const Rule& rule = model_.rules[index];
    const NodeId applies = analysis_.all({within, analysis_.condition(rule.when)});
    for (const uint32_t except : rule.excepts) add_rule(except, applies);
    // A rule bound to a channel refuses by any other.
    if (!rule.outcome.channel.empty()) {
      const Condition channel = channel_test(rule.outcome);
      add({DecisionRow::What::rule, index, channel, 0, {}},
          analysis_.all({applies, analysis_.condition(channel)}));
    }
    add({DecisionRow::What::rule, index, {}, 0, {}}, applies);
  }

  [[nodiscard]] Condition channel_test(const RuleOutcome& outcome) const {
    const Vocabulary& words = analysis_.compiled().vocabulary.words;
    Condition out;
    out.attribute = static_cast<uint32_t>(words.find("channel") - words.attributes.data());
    out.operands.assign(outcome.channel.begin(), outcome.channel.end());
    return out;
  }

  // A row that holds what `where` holds and no row above it; none when that is nothing.
  void add(DecisionRow row, NodeId where) {
    row.holds = analysis_.all({left_, where});
    if (analysis_.is_empty(row.holds)) return;
    left_ = analysis_.all({left_, diagram_.negation(where)});
    for (size_t i = 0; i < kinds_.size(); ++i) {
      if (analysis_.is_empty(analysis_.all({row.holds, kinds_[i]}))) continue;
      row.kinds.push_back(kShownKinds.at(i));
    }
    rows_.push_back(std::move(row));
  }

  Analysis& analysis_;
  Diagram& diagram_;
  const Model& model_;
  NodeId left_;  // in no row yet
  std::vector<NodeId> kinds_;
  std::vector<DecisionRow> rows_;
};

// A row in words. The rules that an exception belongs to are named and not said again.
Json shown_row(const Policy::Compiled& compiled, const DecisionRow& row, size_t number) {
  std::vector<std::string> kinds;
  kinds.reserve(row.kinds.size());
  for (const ShownKind kind : row.kinds) kinds.emplace_back(kind_label(kind));
  Json out = {{"TABLE_NUMBER", std::to_string(number)}, {"TABLE_ANSWER", in_words(kinds, "or")}};
  out["TABLE_CONFLICT"] = row.what == DecisionRow::What::conflict;
  out["TABLE_DEFAULT"] = row.what == DecisionRow::What::fallback;
  if (row.what != DecisionRow::What::rule) return out;
  const Vocabulary& words = compiled.vocabulary.words;
  const std::vector<Rule>& rules = compiled.model.rules;
  Json parents = Json::array();
  for (auto parent = rules[row.rule].parent; parent; parent = rules[*parent].parent) {
    Json shown = {{"TABLE_PARENT_NAME", spoken_rule(rules[*parent].name)},
                  {"TABLE_PARENT_ANCHOR", rule_anchor(*parent)}};
    parents.insert(parents.begin(), std::move(shown));
  }
  Json channel;
  if (row.channel) channel = {{"TABLE_CHANNEL_TEXT", worded(*row.channel, words).front().text}};
  out["TABLE_RULE"] = {{"TABLE_RULE_NAME", spoken_rule(rules[row.rule].name)},
                       {"TABLE_RULE_ANCHOR", rule_anchor(row.rule)},
                       {"TABLE_PARENT", std::move(parents)},
                       {"WHEN_PART", when_parts(rules[row.rule].when, words)},
                       {"TABLE_CHANNEL", std::move(channel)}};
  return out;
}

const Attribute& attribute_at(const Policy::Compiled& compiled, uint32_t level) {
  return compiled.vocabulary.words.attributes[compiled.space.levels()[level].attribute];
}

}  // namespace

ShownKind shown_kind(const Decision& decision) {
  if (decision.decision == Outcome::sign_off) return ShownKind::sign_off;
  if (decision.decision == Outcome::permit) {
    return decision.discretion ? ShownKind::discretion : ShownKind::permit;
  }
  return decision.covered ? ShownKind::refuse : ShownKind::silent;
}

const char* kind_label(ShownKind kind) {
  switch (kind) {
    case ShownKind::silent:
      return "Silent (refused)";
    case ShownKind::sign_off:
      return "After a sign-off";
    case ShownKind::discretion:
      return "At discretion";
    case ShownKind::permit:
      return "Allowed";
    default:
      return "Refused";
  }
}

NodeId kinds_of(Analysis& analysis) {
  const Policy::Compiled& compiled = analysis.compiled();
  return analysis.diagram().map(compiled.answers, [&](uint32_t id) {
    return static_cast<uint32_t>(shown_kind(compiled.outcomes[id].decision));
  });
}

std::string level_answer(const Policy::Compiled& compiled, uint32_t level, uint32_t value) {
  const Attribute& attribute = attribute_at(compiled, level);
  if (attribute.kind == AttributeKind::any_of) return value == 1 ? "yes" : "no";
  if (attribute.kind != AttributeKind::number) return attribute.values[value].label;
  const int32_t low = compiled.space.raw_at(level, value);
  const int32_t high = low + static_cast<int32_t>(compiled.space.width(level, value)) - 1;
  return low == high ? std::to_string(low) : std::to_string(low) + " to " + std::to_string(high);
}

std::string rule_anchor(uint32_t rule) { return "rule-" + std::to_string(rule + 1); }

std::string level_question(const Policy::Compiled& compiled, uint32_t level) {
  const Attribute& attribute = attribute_at(compiled, level);
  if (attribute.kind != AttributeKind::any_of) return asked_as(attribute);
  const size_t member = compiled.space.levels()[level].slot - attribute.first_slot;
  return asked_as(attribute) + " “" + attribute.values[member].label + "”?";
}

std::vector<DecisionRow> decision_rows(Analysis& analysis) {
  std::vector<DecisionRow> rows = TableMaker(analysis).run();
  if (analysis.exhausted()) rows.clear();
  return rows;
}

Json decision_table(Analysis& analysis) {
  Json out = Json::array();
  for (const DecisionRow& row : decision_rows(analysis)) {
    out.push_back(shown_row(analysis.compiled(), row, out.size() + 1));
  }
  return out;
}

}  // namespace firebreak::policy
