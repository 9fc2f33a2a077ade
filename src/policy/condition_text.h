// SPDX-License-Identifier: Apache-2.0
// Conditions written in the policy language, and regions of situations as such conditions.
//
//   Condition where = region_condition(region, space, words);
//   std::string text = condition_text(where, words);     // "recipient is police and not necessary"
//
// What is written reads back (parse_condition) as a condition that holds in the same situations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/model.h"
#include "policy/region.h"

namespace firebreak::policy {

Condition negation_of(Condition inner);
// The parts joined by `kind`, a conjunction or a disjunction; of one part that part alone.
Condition group_of(Condition::Kind kind, std::vector<Condition> parts);

// "anything at all" when the condition has no parts, which the language has no words for.
std::string condition_text(const Condition& condition, const Vocabulary& words);

// The conditions that make up a conjunction; the condition alone where it is none.
std::vector<Condition> condition_parts(const Condition& condition);
// As the condition stands among others that `and` joins: a disjunction in brackets.
std::string part_text(const Condition& part, const Vocabulary& words);
// Of a test of values or members the test for all others, as a region's condition writes it;
// nothing where there is none.
std::optional<Condition> opposite_of(const Condition& test, const Vocabulary& words);

// The region in the vocabulary's words, attributes in its order. Right within the situations that
// the vocabulary allows: a set that is never empty is taken to have a member. Everywhere: a
// conjunction without parts.
Condition region_condition(const Region& region, const Space& space, const Vocabulary& words);

}  // namespace firebreak::policy
