// SPDX-License-Identifier: Apache-2.0
// Proves statements about a policy, exactly, over every possible situation; or finds the smallest
// situation against one, with the rules that are responsible.
//
//   Statements ask;
//   ask.claims = {"never permit when role includes victim unless after sign_off by chief_officer"};
//   FB_TRY(const Proved proved, prove("policies/npcc-2018.policy", ask));
//   std::cout << text(proved);
//   return proved.hold() ? 0 : 1;
//
// A claim is what stands after the text of an `assert` (docs/policy-language.md).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/policy.h"

namespace firebreak::policy {

// What is asked. When nothing is, the assertions of the policy's own text are.
struct Statements {
  std::vector<std::string> claims;
  // Pairs of conditions: every situation of the first is in the second; they are the same ones.
  std::vector<std::pair<std::string, std::string>> implies;
  std::vector<std::pair<std::string, std::string>> equivalent;
  // No answer is more permissive through a protected fact (interference.h).
  bool every_protected = false;
  // No answer is more permissive through this attribute ("ground"), or through one value of it
  // ("ground=nationality").
  std::vector<std::string> through;
};

// The smallest situation against a statement.
struct Counterexample {
  std::string shows;  // where a pair of conditions parts: "in the first, not in the second"
  Facts facts;
  Decision answer;                  // there
  std::optional<Decision> without;  // the answer when the fact in question is taken away
  std::string witness;              // the situation as a `case` to run
};

struct Proof {
  std::string statement;
  int line = 0;            // of an assertion of the policy's text; else 0
  std::string situations;  // that the statement speaks of, in decimal; "0": it says nothing
  std::string against;     // of them, those that break it
  std::optional<Counterexample> counterexample;
  [[nodiscard]] bool holds() const { return !counterexample; }
};

struct Proved {
  std::shared_ptr<const Policy> policy;
  std::vector<Proof> proofs;
  // True when every statement holds.
  [[nodiscard]] bool hold() const;
};

// Errors: those of Policy::load; bad_input for a statement that cannot be read, with its line,
// column and a caret; too_large when the question is too large to be decided. What the settings
// leave open is proved for every value.
Result<Proved> prove(const std::filesystem::path& path, const Statements& statements,
                     const Decisions& decided = {});
// The same from texts already read; the names stand in messages.
Result<Proved> prove_texts(const std::string& policy_name, std::string policy_text,
                           const std::string& vocabulary_name, std::string vocabulary_text,
                           const Statements& statements);

// For a terminal. Ends with how many hold.
std::string text(const Proved& proved);
Json proved_json(const Proved& proved);

}  // namespace firebreak::policy
