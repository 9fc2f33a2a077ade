// SPDX-License-Identifier: Apache-2.0
// Conditions, outcomes and facts in plain English, with the vocabulary's own questions and labels,
// for people who do not read the policy language.
//
//   for (const WordedLine& line : worded(rule.when, vocabulary)) …    // an outline, by depth
//   std::string answer = worded_outcome(rule.outcome, vocabulary);
#pragma once

#include <string>
#include <vector>

#include "policy/model.h"

namespace firebreak::policy {

// A line of an outline: what stands one deeper below it belongs to it.
struct WordedLine {
  size_t depth = 0;
  std::string text;
};

// All the lines at depth 0 must hold together.
std::vector<WordedLine> worded(const Condition& condition, const Vocabulary& words);

// "Refused." "Allowed only after sign-off by a chief officer or somebody of higher rank."
std::string worded_outcome(const RuleOutcome& outcome, const Vocabulary& words);
// Of a sign-off alone: "allowed only after sign-off by a chief officer or somebody of higher rank."
std::string worded_sign_off(const RuleOutcome& outcome, const Vocabulary& words);
// What binds it: "Only by email.", "The message holds nothing but: …".
std::vector<std::string> worded_conditions(const RuleOutcome& outcome, const Vocabulary& words);

// "Victim and Suspect"; "none"; "not known".
std::string worded_fact(const Attribute& attribute, const Facts& facts);
// How a page asks for it; for a fact that no page asks for, its name.
std::string asked_as(const Attribute& attribute);

// "by-telephone" as "By telephone".
std::string spoken_name(std::string name);
// "support/without-consent", a rule's name, as "Support: without consent".
std::string spoken_rule(const std::string& name);
// "a, b and c", or with another last word.
std::string in_words(const std::vector<std::string>& items, const std::string& last = "and");
// "1234567" as "1,234,567".
std::string grouped_digits(const std::string& digits);
// Lines of at most so many bytes, cut at spaces; a longer word has a line of its own.
std::vector<std::string> cut_into_lines(const std::string& text, size_t bytes);
// "known" as "Read in the text itself".
std::string worded_basis(const std::string& basis);

}  // namespace firebreak::policy
