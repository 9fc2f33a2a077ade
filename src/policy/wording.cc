// SPDX-License-Identifier: Apache-2.0
#include "policy/wording.h"

#include <algorithm>
#include <cctype>

namespace firebreak::policy {
namespace {

std::string quoted(const std::string& text) { return "“" + text + "”"; }

// A label inside a sentence: "Chief officer" becomes "chief officer", "PSNI desk" stays.
std::string inside(std::string label) {
  const auto upper = [](unsigned char c) { return std::isupper(c) != 0; };
  if (!label.empty() && std::none_of(label.begin() + 1, label.end(), upper)) {
    label[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(label[0])));
  }
  return label;
}

std::string with_article(const std::string& noun) {
  const bool vowel =
      !noun.empty() && std::string_view("aeiou").find(noun[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + noun;
}

std::string labels(const Condition& test, const Attribute& attribute, const std::string& last) {
  std::vector<std::string> out;
  out.reserve(test.operands.size());
  for (const int32_t i : test.operands) {
    out.push_back(quoted(attribute.values[static_cast<size_t>(i)].label));
  }
  return in_words(out, last);
}

std::string number_test(const Condition& test, const std::string& question, bool negated) {
  const std::string number = std::to_string(test.operands[0]);
  const std::string is = question + (negated ? " is not answered with " : " is answered with ");
  switch (test.test) {
    case Test::at_least:
      return is + number + " or more";
    case Test::at_most:
      return is + number + " or less";
    case Test::above:
      return is + "more than " + number;
    case Test::below:
      return is + "less than " + number;
    default:
      return is + number;
  }
}

std::string set_test(const Condition& test, const Attribute& attribute, bool negated) {
  const std::string question = quoted(asked_as(attribute));
  switch (test.test) {
    case Test::includes_any:
    case Test::includes_none: {
      const bool none = negated != (test.test == Test::includes_none);
      return "The answers to " + question + (none ? " do not include " : " include ") +
             labels(test, attribute, "or");
    }
    case Test::includes_all:
      return "The answers to " + question + (negated ? " do not include all of " : " include ") +
             labels(test, attribute, "and");
    case Test::only:
      return question + (negated ? " is not answered with " : " is answered with ") +
             labels(test, attribute, "or") + " and nothing else";
    default:
      return (negated ? "Something is given for " : "Nothing is given for ") + question;
  }
}

std::string test_sentence(const Condition& test, const Vocabulary& words, bool negated) {
  const Attribute& attribute = words.attributes[test.attribute];
  if (attribute.kind == AttributeKind::any_of) return set_test(test, attribute, negated);
  const std::string question = quoted(asked_as(attribute));
  if (attribute.kind == AttributeKind::number) return number_test(test, question, negated);
  return question + (negated ? " is not answered " : " is answered ") +
         labels(test, attribute, "or");
}

void add_lines(const Condition& condition, const Vocabulary& words, bool negated, size_t depth,
               std::vector<WordedLine>& out) {
  using Kind = Condition::Kind;
  if (condition.kind == Kind::test) {
    out.push_back({depth, test_sentence(condition, words, negated)});
    return;
  }
  if (condition.kind == Kind::negation) {
    return add_lines(condition.parts[0], words, !negated, depth, out);
  }
  const bool all = condition.kind == Kind::conjunction;
  const bool outermost = depth == 0 && all && !negated;
  if (!outermost) {
    const char* heading = all ? (negated ? "Not all of these hold:" : "All of these hold:")
                              : (negated ? "None of these holds:" : "At least one of these holds:");
    out.push_back({depth, heading});
  }
  for (const Condition& part : condition.parts) {
    add_lines(part, words, false, outermost ? 0 : depth + 1, out);
  }
}

template <typename Items>
std::string listed(const Items& items, const std::vector<uint32_t>& indices,
                   const std::string& last) {
  std::vector<std::string> out;
  out.reserve(indices.size());
  bool commas = false;
  for (const uint32_t i : indices) {
    out.push_back(inside(items[i].label));
    commas |= out.back().find(',') != std::string::npos;
  }
  if (!commas) return in_words(out, last);
  std::string with_semicolons;
  for (const std::string& item : out) {
    with_semicolons += (with_semicolons.empty() ? "" : "; ") + item;
  }
  return with_semicolons;
}

// The label of the rank that signs, also where the force decides which.
std::string signing_rank(const RuleOutcome& outcome, const Vocabulary& words) {
  if (!outcome.rank_setting) return inside(words.ranks[outcome.rank].label);
  const Attribute& setting = words.attributes[*outcome.rank_setting];
  const auto value = static_cast<size_t>(setting.setting ? setting.setting->value : 0);
  const auto rank = words.rank_index(setting.values[value].name);
  return inside(rank ? words.ranks[*rank].label : setting.values[value].label);
}

}  // namespace

std::string worded_sign_off(const RuleOutcome& outcome, const Vocabulary& words) {
  int count = outcome.count;
  if (outcome.count_setting && words.attributes[*outcome.count_setting].setting) {
    count = words.attributes[*outcome.count_setting].setting->value;
  }
  const std::string rank = with_article(signing_rank(outcome, words));
  std::string out = "allowed only after sign-off by ";
  if (count == 1) {
    out += rank + " or somebody of higher rank.";
  } else {
    out += std::to_string(count) + " different people, each " + rank + " or of higher rank.";
  }
  if (outcome.discretion) out += " It is then at the officer’s discretion.";
  if (outcome.rank_setting || outcome.count_setting) {
    out += " The force decides this: see the settings.";
  }
  return out;
}

std::vector<WordedLine> worded(const Condition& condition, const Vocabulary& words) {
  std::vector<WordedLine> out;
  add_lines(condition, words, false, 0, out);
  return out;
}

std::string worded_outcome(const RuleOutcome& outcome, const Vocabulary& words) {
  switch (outcome.decision) {
    case Outcome::permit:
      return outcome.discretion ? "Allowed, at the officer’s discretion." : "Allowed.";
    case Outcome::sign_off:
      return "A" + worded_sign_off(outcome, words).substr(1);
    default:
      return outcome.covered ? "Refused." : "The text is silent, so it is refused.";
  }
}

std::vector<std::string> worded_conditions(const RuleOutcome& outcome, const Vocabulary& words) {
  std::vector<std::string> out;
  if (const Attribute* channel = words.find("channel"); channel && !outcome.channel.empty()) {
    out.push_back("Only this way: " + listed(channel->values, outcome.channel, "or") + ".");
  }
  const auto add = [&](const std::string& what, const auto& items,
                       const std::vector<uint32_t>& chosen) {
    if (!chosen.empty()) out.push_back(what + listed(items, chosen, "and") + ".");
  };
  add("The message holds nothing but: ", words.fields, outcome.disclose);
  add("Reasons must be given: ", words.reasons, outcome.reasons);
  add("It is counted in the reports to: ", words.bodies, outcome.report_to);
  add("To be told when it happens: ", words.bodies, outcome.notify);
  if (outcome.expires_hours > 0) {
    out.push_back("A sign-off older than " + std::to_string(outcome.expires_hours) +
                  " hours counts no more.");
  }
  return out;
}

std::string worded_fact(const Attribute& attribute, const Facts& facts) {
  if (!facts.has(attribute)) return "not known";
  const int32_t value = facts[attribute.first_slot];
  if (attribute.kind == AttributeKind::number) return std::to_string(value);
  if (attribute.kind != AttributeKind::any_of) {
    return attribute.values[static_cast<size_t>(value)].label;
  }
  std::vector<std::string> members;
  for (size_t i = 0; i < attribute.values.size(); ++i) {
    if (facts[attribute.first_slot + i] == 1) members.push_back(attribute.values[i].label);
  }
  return members.empty() ? "none" : in_words(members, "and");
}

std::string asked_as(const Attribute& attribute) {
  return attribute.question.empty() ? spoken_name(attribute.name) + " (never asked)"
                                    : attribute.question;
}

std::string spoken_name(std::string name) {
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  if (!name.empty()) {
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  }
  return name;
}

std::string spoken_rule(const std::string& name) {
  std::string out = spoken_name(name);
  for (size_t at = out.find('/'); at != std::string::npos; at = out.find('/', at)) {
    out.replace(at, 1, ": ");
  }
  return out;
}

std::string in_words(const std::vector<std::string>& items, const std::string& last) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " " + last + " " : ", ";
    out += items[i];
  }
  return out;
}

std::string grouped_digits(const std::string& digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::vector<std::string> cut_into_lines(const std::string& text, size_t bytes) {
  std::vector<std::string> out(1);
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!out.back().empty() && out.back().size() + 1 + word.size() > bytes) out.emplace_back();
    out.back() += (out.back().empty() ? "" : " ") + word;
    at = end + 1;
  }
  return out;
}

std::string worded_basis(const std::string& basis) {
  if (basis == "known") return "Read in the text itself, or published by its issuer";
  return basis == "reported" ? "Reported, not read" : "Our reading";
}

}  // namespace firebreak::policy
