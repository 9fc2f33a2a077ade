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
  auto options = std::make_shared<PolicyOptions>();
  CLI::App* command =
      group.add_subcommand("cover", "Which rules, clauses and regions a policy's cases exercise");
  add_policy_options(*command, *options);
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const ChosenPolicy chosen, choose_policy(*options));
    FB_TRY(const policy::Cover covered, policy::cover(chosen.path, chosen.decided));
    if (json) {
      print_json(policy::cover_json(covered));
    } else {
      std::cout << printable(policy::text(covered));
    }
    return 0;
  });
}

}  // namespace firebreak::cli
