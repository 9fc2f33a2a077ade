// SPDX-License-Identifier: Apache-2.0
// Why a policy gives the answer it gives: the rules that apply, what overrides what, the tests that
// decide it, and the nearest situations with another answer; when facts are missing, why they
// matter.
//
//   const Explanation why = explain(*policy, facts, Advice::towards_refusal);
//   std::cout << text(*policy, why);
//
// It must not coach anybody to a disclosure: what would make an answer more permissive, and what a
// fact about a person would change, is said with Advice::whole_policy alone (for an advocate or a
// lawyer), as a statement of the policy. docs/policy-tools.md has the reasons.
#pragma once

#include "base/json.h"
#include "policy/nearest.h"

namespace firebreak::policy {

enum class Advice : uint8_t { towards_refusal, whole_policy };

// Of a condition, a rule: under the facts given, whatever the missing ones are.
enum class Holds : uint8_t { no, yes, open };

// A condition as far as it decides: of a conjunction that fails the parts that fail, of a
// disjunction that holds the parts that hold, and so on.
struct Reason {
  Holds holds = Holds::no;
  std::optional<uint32_t> attribute;  // of a test; empty when it joins `parts`
  std::string words;                  // of a test: "is not “By email”"; else "all of these"
  std::vector<Reason> parts;
};

struct RuleView {
  uint32_t rule = 0;          // index into Model::rules
  Holds applies = Holds::no;  // its condition and those of the rules it is an exception of
  Holds answers = Holds::no;  // it applies, and nothing overrides it
  Reason reason;
  std::vector<std::string> overridden_by;
  std::vector<RuleView> excepts;  // all of them
};

// A fact that is missing and matters.
struct OpenFact {
  uint32_t attribute = 0;
  std::vector<std::string> rules;    // those that hang on it
  std::vector<std::string> clauses;  // that they stand on
  // Whole policy alone, and not of a set: for each value, which kinds of answer are left.
  std::vector<std::pair<std::string, std::vector<Verdict>>> values;
};

struct Explanation {
  Decision decision;  // as Policy::decide gives it
  Facts facts;
  std::vector<RuleView> rules;      // nevers and rules that apply, or may
  std::vector<std::string> others;  // those that do not
  bool off_channel = false;         // a rule permits it, but by another channel alone
  std::vector<OpenFact> open;       // best question first
  // What else would have another answer. `choices` change choices and findings alone; `record` a
  // fact about the person too.
  std::vector<Nearest> choices;
  std::vector<Nearest> record;
};

Explanation explain(const Policy& policy, const Facts& facts, Advice advice);

// How much a kind of answer allows: a permit over a sign-off over any refusal.
int how_permissive(Verdict kind);

// For a terminal, and as JSON (docs/policy-tools.md).
std::string text(const Policy& policy, const Explanation& explanation);
Json explanation_json(const Policy& policy, const Explanation& explanation);

}  // namespace firebreak::policy
