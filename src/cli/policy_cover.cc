// SPDX-License-Identifier: Apache-2.0
// firebreak policy cover FILE     which rules, clauses and regions the policy's cases exercise
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_files.h"
#include "policy/cover.h"

namespace firebreak::cli {

void add_policy_cover(CLI::App& group, Run& run) {
  auto file = std::make_shared<std::string>();
  CLI::App* command =
      group.add_subcommand("cover", "Which rules, clauses and regions a policy's cases exercise");
  command->add_option("FILE", *file, "A policy file, or the name of one in policies/")->required();
  on_run(*command, run, [file](bool json) -> Result<int> {
    FB_TRY(const std::filesystem::path path, find_policy(*file));
    FB_TRY(const policy::Cover covered, policy::cover(path));
    if (json) {
      print_json(policy::cover_json(covered));
    } else {
      std::cout << printable(policy::text(covered));
    }
    return 0;
  });
}

}  // namespace firebreak::cli
