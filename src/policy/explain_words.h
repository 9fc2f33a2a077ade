// SPDX-License-Identifier: Apache-2.0
// A fact, a test and what a rule does in the words of an explanation, from the vocabulary. Beside
// wording.h, which says whole conditions, these say one thing under facts of which some may be
// missing.
//
//   said(attribute, facts);              // "By email"; of a set "Victim"; "the rest not known"
//   tested(attribute, condition, true);  // is not "By email"
#pragma once

#include <string>

#include "policy/model.h"

namespace firebreak::policy {

// In quotes, but for numbers and for what is not known.
std::string said(const Attribute& attribute, const Facts& facts);
// What a test, or its opposite, asks of its attribute.
std::string tested(const Attribute& attribute, const Condition& test, bool negated);
// "refuses", "permits", "permits after a sign-off"; of a silent default "is silent".
std::string does(const RuleOutcome& outcome);

}  // namespace firebreak::policy
