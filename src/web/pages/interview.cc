// SPDX-License-Identifier: Apache-2.0
#include "web/pages/interview.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace firebreak::web {
namespace {

using policy::Attribute;
using policy::AttributeKind;
using policy::Policy;
using policy::Value;

constexpr policy::ReadOptions kLive{.live = true};

// The facts with one more; nothing when the policy cannot read them together.
Result<Json> with(const Policy& policy, Json facts, const Attribute& attribute, const Json& value) {
  facts[attribute.name] = value;
  const auto read = policy.read_facts(facts, kLive);
  if (!read) return read.error();
  return facts;
}

std::string label_of(const Attribute& attribute, const Value& value) {
  if (!value.label.empty()) return value.label;
  if (attribute.kind == AttributeKind::yes_no) return value.name == "yes" ? "Yes" : "No";
  return value.name;
}

// Whether the page offers "I do not know": not where the vocabulary has a word of its own for it,
// and not about the recipient, because who is about to share knows with whom.
bool may_be_unknown(const Attribute& attribute) {
  return attribute.name != "recipient" && !attribute.value_index("unknown");
}

bool chose(const std::vector<std::string>& chosen, std::string_view word) {
  return std::find(chosen.begin(), chosen.end(), word) != chosen.end();
}

Result<Json> read_number(const Attribute& attribute, const std::string& text) {
  int32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number < attribute.minimum ||
      number > attribute.maximum) {
    return bad_input("Enter a whole number from " + std::to_string(attribute.minimum) + " to " +
                     std::to_string(attribute.maximum));
  }
  return Json(number);
}

Result<Json> read_set(const Attribute& attribute, const std::vector<std::string>& chosen) {
  if (chosen.empty()) return bad_input("Select at least one answer");
  if (chose(chosen, kNone) || chose(chosen, kNotKnown)) {
    if (chosen.size() > 1) {
      return bad_input("Select what applies, or the last answer alone, but not both");
    }
    if (chosen.front() == kNone && attribute.at_least_one) {
      return bad_input("Select at least one answer");
    }
    return chosen.front() == kNone ? Json(Json::array()) : Json();
  }
  Json set = Json::array();
  for (const std::string& value : chosen) {
    if (std::find(set.begin(), set.end(), value) == set.end()) set.push_back(value);
  }
  return set;
}

Result<Json> read_one(const Attribute& attribute, const std::vector<std::string>& chosen) {
  if (chosen.empty()) return bad_input("Select an answer");
  if (chosen.size() > 1) return bad_input("Select one answer only");
  const std::string& value = chosen.front();
  if (value == kNotKnown && may_be_unknown(attribute)) return Json();
  if (attribute.kind == AttributeKind::number) return read_number(attribute, value);
  if (!attribute.value_index(value)) return bad_input("Select one of the answers listed");
  return attribute.kind == AttributeKind::yes_no ? Json(value == "yes") : Json(value);
}

}  // namespace

Json page_facts() { return {{"action", "share"}, {"channel", "email"}}; }

Walk walk_questions(const Policy& policy, const Answers& answers) {
  Walk walk;
  walk.facts = page_facts();
  std::set<std::string, std::less<>> not_known;
  while (walk.next == nullptr) {
    // The page's own facts are read under every policy in force; were they not, nothing is known
    // and the answer can only be the more careful one.
    const auto facts = policy.read_facts(walk.facts, kLive);
    walk.decision = policy.decide(facts ? *facts : policy::Facts(policy.vocabulary()));
    if (walk.decision.decision != policy::Outcome::undetermined) break;
    const Attribute* attribute = nullptr;
    for (const std::string& name : walk.decision.missing) {
      const Attribute* candidate = policy.vocabulary().find(name);
      if (candidate != nullptr && !candidate->protected_reason && !not_known.contains(name)) {
        attribute = candidate;
        break;
      }
    }
    if (attribute == nullptr) break;
    const auto given = answers.find(attribute->name);
    if (given != answers.end() && given->second.is_null()) {
      not_known.insert(attribute->name);
      walk.steps.push_back({attribute, nullptr});
      continue;
    }
    auto more = given == answers.end() ? Result<Json>(bad_input("not answered yet"))
                                       : with(policy, walk.facts, *attribute, given->second);
    if (more) {
      walk.facts = *std::move(more);
      walk.steps.push_back({attribute, given->second});
    } else {
      walk.next = attribute;
    }
  }
  return walk;
}

std::optional<Walk> walk_to(const Policy& policy, Answers answers, const std::string& attribute) {
  answers.erase(attribute);
  Walk walk = walk_questions(policy, answers);
  if (walk.next == nullptr || walk.next->name != attribute) return std::nullopt;
  return walk;
}

std::vector<Option> options(const Policy& policy, const Walk& walk) {
  const Attribute& attribute = *walk.next;
  std::vector<Option> all;
  for (const Value& value : attribute.values) {
    const bool yes_no = attribute.kind == AttributeKind::yes_no;
    const Json fact = yes_no ? Json(value.name == "yes") : Json(value.name);
    if (attribute.kind != AttributeKind::any_of && !with(policy, walk.facts, attribute, fact)) {
      continue;
    }
    // Yes before no, as people expect it; the vocabulary holds them the other way round.
    all.insert(yes_no ? all.begin() : all.end(), {value.name, label_of(attribute, value), false});
  }
  if (attribute.kind == AttributeKind::any_of && !attribute.at_least_one) {
    all.push_back({kNone, "None of these", true});
  }
  if (may_be_unknown(attribute)) all.push_back({kNotKnown, "I do not know", true});
  return all;
}

Result<Json> read_answer(const Policy& policy, const Walk& walk,
                         const std::vector<std::string>& chosen) {
  const Attribute& attribute = *walk.next;
  auto value = attribute.kind == AttributeKind::any_of ? read_set(attribute, chosen)
                                                       : read_one(attribute, chosen);
  if (!value || value->is_null()) return value;
  // What the vocabulary calls impossible together, in its own words.
  const auto together = with(policy, walk.facts, attribute, *value);
  if (!together) return bad_input(together.error().message);
  return value;
}

std::string say_answer(const Step& step) {
  if (step.value.is_null()) return "I do not know";
  if (step.value.is_number()) return step.value.dump();
  if (step.value.is_array() && step.value.empty()) return "None of these";
  std::string said;
  for (const Value& value : step.attribute->values) {
    const bool chosen = step.value.is_array()     ? std::find(step.value.begin(), step.value.end(),
                                                              value.name) != step.value.end()
                        : step.value.is_boolean() ? (value.name == "yes") == step.value.get<bool>()
                                                  : step.value == value.name;
    if (!chosen) continue;
    said += (said.empty() ? "" : "; ") + label_of(*step.attribute, value);
  }
  return said;
}

}  // namespace firebreak::web
