// SPDX-License-Identifier: Apache-2.0
// The nearest situations with another answer: which fewest facts would have to be otherwise. Exact:
// the cheapest paths through the decision diagram, where changing an attribute costs one (a set
// once, however many of its members change) and a missing fact costs nothing, whatever it is.
//
//   for (const Nearest& near : nearest(compiled, facts, may_change)) {
//     near.answer;      // what it would be: Verdict::permit, …
//     near.changes;     // how many attributes change
//     near.ways;        // at most three, each with other attributes
//   }
#pragma once

#include "policy/compile.h"

namespace firebreak::policy {

// What answers are told apart by here.
enum class Verdict : uint8_t { refuse, not_covered, sign_off, permit };
constexpr size_t kVerdicts = 4;
Verdict verdict_of(const Decision& decision);

struct Way {
  Facts facts;                    // the given ones, changed, and those that it takes besides
  std::vector<uint32_t> changed;  // attributes, in the vocabulary's order
  std::vector<uint32_t> assumed;  // attributes that are missing and must be as in `facts`
  OutcomeId outcome = 0;
};

struct Nearest {
  Verdict answer = Verdict::refuse;
  size_t changes = 0;
  // Those with so many changes and no fewer, each changing other attributes than the next; of those
  // that change the same, the one that takes the fewest members and assumptions.
  std::vector<Way> ways;
};

constexpr size_t kMostWays = 3;

// For each kind of answer that can be reached by changing only the attributes marked (by index), in
// the order of Verdict. Situations that the vocabulary calls impossible are left out. With zero
// changes: what the facts themselves come to.
std::vector<Nearest> nearest(const Policy::Compiled& compiled, const Facts& facts,
                             const std::vector<bool>& may_change);

}  // namespace firebreak::policy
