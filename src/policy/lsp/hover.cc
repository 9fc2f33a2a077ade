// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/lsp/features.h"
#include "policy/wording.h"

namespace firebreak::policy::lsp {
namespace {

std::string described_clause(const Clause& clause) {
  std::string out = clause.id + ": " + clause.text;
  if (!clause.source.empty()) out += "\n\nSource: " + clause.source;
  return out + "\n\nBasis: " + clause.basis + ". " + worded_basis(clause.basis) + ".";
}

std::string described_values(const Attribute& attribute) {
  if (attribute.kind == AttributeKind::number) {
    return "A whole number from " + std::to_string(attribute.minimum) + " to " +
           std::to_string(attribute.maximum) + ".";
  }
  std::string out;
  switch (attribute.kind) {
    case AttributeKind::one_of:
      out = "One of:";
      break;
    case AttributeKind::any_of:
      out = attribute.at_least_one ? "Any of, at least one:" : "Any of:";
      break;
    default:
      out = "Yes or no:";
  }
  for (const Value& value : attribute.values) {
    out += "\n  " + value.name;
    if (value.label != value.name) out += "  " + value.label;
    if (value.is_protected) out += " (protected: never helps a disclosure)";
  }
  return out;
}

std::string described_attribute(const Attribute& attribute) {
  std::string out = attribute.name + ": " + attribute.question;
  if (attribute.protected_reason) {
    out += *attribute.protected_reason + " No page asks for it, and no live question may bring it.";
  }
  if (!attribute.hint.empty()) out += "\n" + attribute.hint;
  out += "\n\n" + described_values(attribute);
  if (attribute.setting) {
    const size_t value = static_cast<size_t>(attribute.setting->value);
    out += "\n\nA setting, which the force decides. Default: ";
    out += attribute.kind == AttributeKind::number ? std::to_string(attribute.setting->value)
           : value < attribute.values.size()       ? attribute.values[value].name
                                                   : "";
  } else if (attribute.nature == FactNature::choice) {
    out += "\n\nA choice of whoever asks.";
  } else if (attribute.nature == FactNature::finding) {
    out += "\n\nA finding of a named person.";
  }
  return out;
}

std::string described_value(const Attribute& attribute, const std::string& name) {
  const std::optional<size_t> index = attribute.value_index(name);
  if (!index) return {};
  const Value& value = attribute.values[*index];
  std::string out = value.name + ": " + value.label + "\n\nA value of " + attribute.name + ": " +
                    (attribute.protected_reason ? *attribute.protected_reason : attribute.question);
  if (value.is_protected) out += "\nProtected: it may be refused, and never helps a disclosure.";
  return out;
}

// Only of an outcome that was read whole up to its clauses: what is missing has no words.
std::string described_rule(const Model& model, const Vocabulary& words, const Rule& rule) {
  std::string out = (rule.never ? "never " : (rule.parent ? "except " : "rule ")) + rule.name;
  if (rule.outcome.clauses.empty()) return out;
  out += "\n\n" + worded_outcome(rule.outcome, words);
  if (!rule.outcome.reason.empty()) out += " " + rule.outcome.reason;
  for (const std::string& line : worded_conditions(rule.outcome, words)) out += "\n" + line;
  for (const uint32_t clause : rule.outcome.clauses) {
    out += "\n\n" + model.clauses[clause].id + ": " + model.clauses[clause].text;
  }
  return out;
}

template <typename Items>
std::string described_word(const Items& items, const std::string& name, const char* what) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? "" : name + ": " + found->label + "\n\n" + what;
}

std::string described_rank(const Vocabulary& words, const std::string& name) {
  std::string out = described_word(words.ranks, name, "A rank. From the lowest: ");
  if (out.empty()) return {};
  for (const Word& rank : words.ranks) out += (&rank == &words.ranks[0] ? "" : ", ") + rank.name;
  return out + ".";
}

}  // namespace

std::string described(const Reading& reading, const Named& named) {
  const Vocabulary& words = reading.words.words;
  const Model& model = reading.model;
  const auto named_so = [&](const auto& item) { return item.name == named.name; };
  switch (named.symbol) {
    case Symbol::clause: {
      const auto found = std::find_if(model.clauses.begin(), model.clauses.end(),
                                      [&](const Clause& c) { return c.id == named.name; });
      return found == model.clauses.end() ? "" : described_clause(*found);
    }
    case Symbol::attribute: {
      const Attribute* found = words.find(named.name);
      return found == nullptr ? "" : described_attribute(*found);
    }
    case Symbol::rank:
      return described_rank(words, named.name);
    case Symbol::value: {
      const Attribute* found = words.find(named.owner);
      return found == nullptr ? "" : described_value(*found, named.name);
    }
    case Symbol::rule: {
      const auto found = std::find_if(model.rules.begin(), model.rules.end(), named_so);
      return found == model.rules.end() ? "" : described_rule(model, words, *found);
    }
    case Symbol::vocabulary:
      return words.id.empty() ? "" : words.id + " version " + words.version + ": " + words.title;
    case Symbol::field:
      return described_word(words.fields, named.name, "A field of the message.");
    case Symbol::body:
      return described_word(words.bodies, named.name, "A body that is told or that gets reports.");
    case Symbol::reason:
      return described_word(words.reasons, named.name, "A part of the justification.");
    case Symbol::assertion:
    case Symbol::policy_case:
      return {};
  }
  return {};
}

Json hover(const View& view, size_t offset) {
  const std::optional<Named> named = named_at(view.reading, offset);
  const std::string text = named ? described(view.reading, *named) : "";
  if (text.empty()) return nullptr;
  return {{"contents", {{"kind", "plaintext"}, {"value", text}}},
          {"range", view.range(view.reading.token_at(offset))}};
}

}  // namespace firebreak::policy::lsp
