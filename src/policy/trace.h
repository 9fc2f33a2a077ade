// SPDX-License-Identifier: Apache-2.0
// What the parsers note for an editor while they read: where each name stands and what it names,
// and, at a hole in the tokens, everything that could stand there. Nothing is noted without one.
//
//   Trace trace;
//   Diagnostics faults(source, &trace);
//   read_policy(tokens, vocabulary, faults);
//   trace.uses;                              // in the order read; a name may be unknown
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "policy/source.h"

namespace firebreak::policy {

enum class Symbol : uint8_t {
  vocabulary,
  attribute,  // a setting too
  value,      // of the attribute `owner`
  clause,
  rule,  // nevers, rules and exceptions by their whole path
  assertion,
  policy_case,
  rank,
  field,
  body,
  reason,
};

struct Use {
  Symbol symbol = Symbol::attribute;
  std::string name;
  std::string owner;
  bool declares = false;
  Place place;
};

struct Trace {
  std::vector<Use> uses;
  // At the hole: words of the language, one after the other where they go together, and kinds of
  // names, with the attribute whose values are meant.
  std::set<std::string> words;
  std::set<std::pair<Symbol, std::string>> names;
};

}  // namespace firebreak::policy
