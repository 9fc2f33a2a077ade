// SPDX-License-Identifier: Apache-2.0
// Whether an answer becomes more permissive through one fact: the same situation with the fact and
// without it, side by side, over all situations. What the checker holds protected facts to, and
// what `prove` answers for any fact.
//
//   for (const Influence& influence : influences(compiled)) {
//     if (!is_protected(compiled, influence)) continue;
//     if (!analysis.is_empty(loosened(analysis, influence))) …   // it helps a disclosure somewhere
//   }
//
// Being without a fact is having the attribute's first value (a number: its lowest band), or, of a
// set, not having the member.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/analysis.h"

namespace firebreak::policy {

// One value of an attribute, against being without it.
struct Influence {
  uint32_t level = 0;  // in the space
  uint32_t value = 0;  // on that level, never 0
  uint32_t attribute = 0;
  // The value or the member in Attribute::values; nothing for a band of a number.
  std::optional<size_t> named;
};

// Every fact by which the situations are told apart, in the space's order.
std::vector<Influence> influences(const Policy::Compiled& compiled);
// Whether the attribute, or the value, is protected in the vocabulary.
bool is_protected(const Policy::Compiled& compiled, const Influence& influence);

// The situations with the fact that are possible both with it and without it.
NodeId comparable(Analysis& analysis, const Influence& influence);
// Of those, the ones whose answer is more permissive than without the fact.
NodeId loosened(Analysis& analysis, const Influence& influence);
// The facts of a witness with the fact taken away.
Facts without(const Policy::Compiled& compiled, Facts facts, const Influence& influence);

}  // namespace firebreak::policy
