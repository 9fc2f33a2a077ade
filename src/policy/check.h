// SPDX-License-Identifier: Apache-2.0
// The checker of policy files: reads a policy, tries everything that the language promises about
// it, and reports each finding with its place, its clause and the smallest situation that shows it.
//
//   Report report = check("policies/psni-service-instruction.policy", today);
//   std::cout << text(report);
//   return report.passed() ? 0 : 1;
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "policy/policy.h"

namespace firebreak::policy {

enum class Severity {
  error,    // the policy must not be used
  warning,  // somebody should look at it
  note,     // what a historical text is known for
};

struct Finding {
  Severity severity = Severity::error;
  std::string file;
  int line = 0;  // from 1; 0 when the finding has no place in the file
  int column = 0;
  std::string message;
  std::string caret;    // the source line and the caret below it, two lines; may be empty
  std::string clause;   // the clauses concerned, "P1, P2"; may be empty
  std::string witness;  // the smallest situation that shows it, as a `case` to run; may be empty
};

struct Report {
  std::string file;
  std::string id;
  std::string version;
  std::string digest;  // empty when the text could not be read
  bool historical = false;
  std::vector<Finding> findings;  // in the file's order
  size_t rules = 0;               // nevers, rules and exceptions
  size_t clauses = 0;
  size_t cases = 0;
  size_t cases_passed = 0;
  size_t asserts = 0;
  size_t asserts_proved = 0;
  std::string situations;  // how many situations the answers cover, in decimal
  size_t nodes = 0;        // of the decision diagram

  // True when no finding is an error.
  [[nodiscard]] bool passed() const;
};

// What a force asks of every policy before it is put in force, on top of the floor.
struct ForceAssertion {
  std::string text;   // what it says, for people
  std::string claim;  // as after the text of an `assert`: "never permit when …"
};

// `today` is the Europe/London day, for the review date. Never fails: a file that cannot be read is
// a finding too. Without settings everything is proved for every value of them, and cases are run
// with the defaults; cases for other settings than these are left out.
Report check(const std::filesystem::path& path, Day today, const Decisions& decided = {});
// The same, and what every policy keeps before it may be put in force: the floor (floor.h), the
// force's own assertions, and not being historical. A finding of the floor carries the name "the
// floor" as its file and no line, one of the force's assertions that assertion's text; the report
// counts them among the policy's own.
Report check_for_force(const std::filesystem::path& path, Day today, const Decisions& decided = {},
                       const std::vector<ForceAssertion>& force_assertions = {});
// As check, for texts already read; the names stand in messages.
Report check_texts(const std::string& policy_name, std::string policy_text,
                   const std::string& vocabulary_name, std::string vocabulary_text, Day today);

// For a terminal. Ends with one line of numbers.
std::string text(const Finding& finding);
std::string text(const Report& report);
Json report_json(const Report& report);

}  // namespace firebreak::policy
