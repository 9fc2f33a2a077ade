// SPDX-License-Identifier: Apache-2.0
// firebreak policy check FILE...     tries everything a policy promises
// firebreak policy decide POLICY     answers one question, from files alone; nothing is recorded
#include "policy/policy.h"

#include <iostream>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_facts.h"
#include "cli/policy_files.h"
#include "policy/check.h"

namespace firebreak::cli {
namespace {

void add_check(CLI::App& group, Run& run) {
  struct Options {
    std::vector<std::string> files;
    bool in_force = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      group.add_subcommand("check", "Check policies: text, conflicts, assertions, cases");
  command->add_option("FILE", options->files, "Policy files")->required();
  command->add_flag("--in-force", options->in_force,
                    "Also hold them to what every policy keeps before it may be put in force");
  on_run(*command, run, [options](bool json) -> Result<int> {
    bool passed = true;
    Json reports = Json::array();
    const Day today = london_day(SystemClock().now());
    for (const std::string& file : options->files) {
      FB_TRY(const std::filesystem::path path, find_policy(file));
      const policy::Report report =
          options->in_force ? policy::check_for_force(path, today) : policy::check(path, today);
      passed = passed && report.passed();
      if (json) {
        reports.push_back(policy::report_json(report));
      } else {
        std::cout << policy::text(report) << '\n';
      }
    }
    if (json) print_json(reports);
    return passed ? 0 : 1;
  });
}

void add_decide(CLI::App& group, Run& run) {
  auto file = std::make_shared<std::string>();
  auto facts = std::make_shared<FactOptions>();
  CLI::App* command = group.add_subcommand("decide", "Answer one question; nothing is recorded");
  command->add_option("POLICY", *file, "A policy file, or the name of one in policies/")
      ->required();
  add_fact_options(*command, *facts);
  on_run(*command, run, [file, facts](bool json) -> Result<int> {
    FB_TRY(const std::filesystem::path path, find_policy(*file));
    FB_TRY(const auto policy, policy::Policy::load(path));
    FB_TRY(const policy::Facts given, read_facts(*policy, *facts));
    const policy::Decision decision = policy->decide(given);
    if (json) {
      print_json(policy::answer(*policy, decision));
    } else {
      print_decision(*policy, decision);
    }
    return 0;
  });
}

}  // namespace

void add_policy(CLI::App& program, Run& run) {
  CLI::App* group =
      program.add_subcommand("policy", "Check policies and ask them, from files alone");
  group->require_subcommand(1);
  add_check(*group, run);
  add_decide(*group, run);
}

}  // namespace firebreak::cli
