// SPDX-License-Identifier: Apache-2.0
#include "policy/explain_words.h"

namespace firebreak::policy {
namespace {

std::string said_value(const Value& value) {
  return "\"" + (value.label.empty() ? value.name : value.label) + "\"";
}

std::string said_values(const Attribute& attribute, const std::vector<int32_t>& values,
                        const std::string& between) {
  std::string out;
  for (const int32_t value : values) {
    out += (out.empty() ? "" : between) + said_value(attribute.values[static_cast<size_t>(value)]);
  }
  return out;
}

std::string said_members(const Attribute& attribute, const Facts& facts) {
  std::string out;
  std::string absent;
  size_t missing = 0;
  for (size_t i = 0; i < attribute.values.size(); ++i) {
    const int32_t member = facts[attribute.first_slot + i];
    if (member == Facts::kMissing) ++missing;
    if (member == 1) out += (out.empty() ? "" : "; ") + said_value(attribute.values[i]);
    if (member == 0) absent += (absent.empty() ? "" : ", ") + said_value(attribute.values[i]);
  }
  if (missing == attribute.values.size()) return "not known";
  if (missing == 0) return out.empty() ? "none of them" : out;
  if (!absent.empty()) out += (out.empty() ? "not " : "; not ") + absent;
  return out + "; the rest not known";
}

std::string tested_number(const Condition& test, bool negated) {
  const std::string number = std::to_string(test.operands[0]);
  const std::string is = negated ? "is not " : "is ";
  switch (test.test) {
    case Test::at_least:
      return is + "at least " + number;
    case Test::at_most:
      return is + "at most " + number;
    case Test::above:
      return is + "above " + number;
    case Test::below:
      return is + "below " + number;
    default:
      return is + number;
  }
}

}  // namespace

std::string said(const Attribute& attribute, const Facts& facts) {
  if (attribute.kind == AttributeKind::any_of) return said_members(attribute, facts);
  const int32_t value = facts[attribute.first_slot];
  if (value == Facts::kMissing) return "not known";
  if (attribute.kind == AttributeKind::number) return std::to_string(value);
  return said_value(attribute.values[static_cast<size_t>(value)]);
}

std::string tested(const Attribute& attribute, const Condition& test, bool negated) {
  const std::vector<int32_t>& operands = test.operands;
  switch (test.test) {
    case Test::is_any:
      return (negated ? "is not " : "is ") + said_values(attribute, operands, " or ");
    case Test::includes_any:
      return (negated ? "includes none of " : "includes ") +
             said_values(attribute, operands, negated ? ", " : " or ");
    case Test::includes_all:
      return (negated ? "does not include all of " : "includes ") +
             said_values(attribute, operands, negated ? ", " : " and ");
    case Test::includes_none:
      return (negated ? "includes " : "includes none of ") +
             said_values(attribute, operands, negated ? " or " : ", ");
    case Test::only:
      return (negated ? "is empty or holds more than " : "is nothing but ") +
             said_values(attribute, operands, ", ");
    case Test::empty:
      return negated ? "is not empty" : "is empty";
    default:
      return tested_number(test, negated);
  }
}

std::string does(const RuleOutcome& outcome) {
  if (outcome.decision == Outcome::permit) return "permits";
  if (outcome.decision == Outcome::sign_off) return "permits after a sign-off";
  return outcome.covered ? "refuses" : "is silent";
}

}  // namespace firebreak::policy
