// SPDX-License-Identifier: Apache-2.0
// What the sub-commands of `policy` share: facts given on the command line or in a file, and an
// answer printed for a person.
//
//   auto facts = std::make_shared<FactOptions>();
//   add_fact_options(*command, *facts);                       // --set NAME=VALUE, --facts FILE
//   FB_TRY(const policy::Facts given, read_facts(*policy, *facts));
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "policy/policy.h"

namespace firebreak::cli {

struct FactOptions {
  std::string file;
  std::vector<std::string> set;
};

void add_fact_options(CLI::App& command, FactOptions& options);

// The facts of the file, and those set, which go before. Errors: not_found, unavailable; bad_input
// naming the fact, with the nearest known word.
Result<policy::Facts> read_facts(const policy::Policy& policy, const FactOptions& options);

// "a, b, c".
std::string joined(const std::vector<std::string>& words);
void print_decision(const policy::Policy& policy, const policy::Decision& decision);

}  // namespace firebreak::cli
