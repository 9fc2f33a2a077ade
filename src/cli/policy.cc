// SPDX-License-Identifier: Apache-2.0
// firebreak policy check FILE...     tries everything a policy promises
// firebreak policy decide POLICY     answers one question, from files alone; nothing is recorded
// firebreak policy prove FILE "..."  proves statements for every situation (policy_prove.cc)
// firebreak policy cover FILE        what a policy's cases exercise (policy_cover.cc)
// firebreak policy sql POLICY        the policy as one SQL expression (policy_sql.cc)
// firebreak policy fmt FILE...       the one canonical form of policy and vocabulary files
// firebreak policy render POLICY     the policy as a page, or as Markdown
// firebreak policy explain POLICY    why a question is answered as it is (policy_explain.cc)
// firebreak policy ask POLICY        the interview with the fewest questions (policy_ask.cc)
// firebreak policy diff A B          where two policies answer differently (policy_diff.cc)
// firebreak policy lsp              the language server for editors (policy_lsp.cc)
// firebreak policy offence CODE...   the class that a list proposes for a code
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
    std::vector<std::string> settings;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      group.add_subcommand("check", "Check policies: text, conflicts, assertions, cases");
  command->add_option("FILE", options->files, "Policy files")->required();
  command->add_flag("--in-force", options->in_force,
                    "Also hold them to what every policy keeps before it may be put in force");
  add_setting_option(*command, options->settings);
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const policy::SettingValues settings, read_settings(options->settings));
    bool passed = true;
    Json reports = Json::array();
    const Day today = london_day(SystemClock().now());
    for (const std::string& file : options->files) {
      FB_TRY(const std::filesystem::path path, find_policy(file));
      const policy::Report report = options->in_force
                                        ? policy::check_for_force(path, today, settings)
                                        : policy::check(path, today, settings);
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
  auto settings = std::make_shared<std::vector<std::string>>();
  CLI::App* command = group.add_subcommand("decide", "Answer one question; nothing is recorded");
  command->add_option("POLICY", *file, "A policy file, or the name of one in policies/")
      ->required();
  add_fact_options(*command, *facts);
  add_setting_option(*command, *settings);
  on_run(*command, run, [file, facts, settings](bool json) -> Result<int> {
    FB_TRY(const std::filesystem::path path, find_policy(*file));
    FB_TRY(const policy::SettingValues decided, read_settings(*settings));
    FB_TRY(const auto policy, policy::Policy::load(path, decided));
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
  add_policy_prove(*group, run);
  add_policy_cover(*group, run);
  add_policy_sql(*group, run);
  add_policy_fmt(*group, run);
  add_policy_render(*group, run);
  add_policy_explain(*group, run);
  add_policy_ask(*group, run);
  add_policy_diff(*group, run);
  add_policy_lsp(*group, run);
  add_policy_offence(*group, run);
}

}  // namespace firebreak::cli
