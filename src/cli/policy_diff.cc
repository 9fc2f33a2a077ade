// SPDX-License-Identifier: Apache-2.0
// firebreak policy diff A B     every region in which two policies answer differently
#include <iostream>
#include <memory>

#include "cli/policy_commands.h"
#include "cli/policy_files.h"
#include "policy/diff.h"
#include "policy/policy.h"

namespace firebreak::cli {
namespace {

Result<std::shared_ptr<const policy::Policy>> load_named(const std::string& name) {
  return load_policy({.name = name, .as_of = {}, .settings = {}});
}

}  // namespace

void add_policy_diff(CLI::App& group, Run& run) {
  struct Options {
    std::string a;
    std::string b;
    bool witnesses = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      group.add_subcommand("diff", "Show where two policies answer differently, all of it");
  command->add_option("A", options->a, "A policy file, or the name of one in policies/")
      ->required();
  command->add_option("B", options->b, "The policy to compare it with")->required();
  command->add_flag("--witnesses", options->witnesses,
                    "Add a situation for each region, as a case of either policy");
  command->footer("Exit code 0: the policies answer the same everywhere; 1: they do not.");
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const auto a, load_named(options->a));
    FB_TRY(const auto b, load_named(options->b));
    FB_TRY(const policy::Diff diff, policy::compare(*a, *b));
    if (json) {
      print_json(policy::diff_json(diff));
    } else {
      std::cout << policy::text(diff, {options->witnesses});
    }
    return diff.groups.empty() ? 0 : 1;
  });
}

}  // namespace firebreak::cli
