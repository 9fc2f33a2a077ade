// SPDX-License-Identifier: Apache-2.0
// firebreak policy prove FILE ["STATEMENT"...]     exact, over every possible situation
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_files.h"
#include "policy/prove.h"

namespace firebreak::cli {
namespace {

constexpr const char* kProveHelp =
    "A STATEMENT is one of\n"
    "  never permit when CONDITION\n"
    "  never permit when CONDITION unless after sign_off by [N of] RANK\n"
    "  always refuse when CONDITION\n"
    "  always permit when CONDITION\n"
    "Without a statement or an option, the policy's own assertions are proved.\n"
    "Exit code 0 when all hold, 1 when one fails (the smallest situation against it is shown),\n"
    "others for errors.";

}  // namespace

void add_policy_prove(CLI::App& group, Run& run) {
  struct Options {
    PolicyOptions policy;
    policy::Statements ask;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      group.add_subcommand("prove", "Prove statements about a policy for every possible situation");
  command->footer(kProveHelp);
  add_policy_options(*command, options->policy);
  command->add_option("STATEMENT", options->ask.claims, "What should hold; see below");
  const auto pairs = [&](const char* name, auto& into, const char* what) {
    command->add_option(name, into, what)
        ->type_name("CONDITION CONDITION")
        ->allow_extra_args(false);
  };
  pairs("--implies", options->ask.implies,
        "Every possible situation of the first is in the second");
  pairs("--equivalent", options->ask.equivalent, "Both hold in the same possible situations");
  command->add_flag("--protected", options->ask.every_protected,
                    "No answer is more permissive through a protected fact");
  command
      ->add_option("--through", options->ask.through,
                   "No answer is more permissive through this attribute, or this value of it")
      ->type_name("ATTRIBUTE[=VALUE]")
      ->allow_extra_args(false);
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const ChosenPolicy chosen, choose_policy(options->policy));
    FB_TRY(const policy::Proved proved, policy::prove(chosen.path, options->ask, chosen.decided));
    if (json) {
      print_json(policy::proved_json(proved));
    } else {
      std::cout << printable(policy::text(proved));
    }
    return proved.hold() ? 0 : 1;
  });
}

}  // namespace firebreak::cli
