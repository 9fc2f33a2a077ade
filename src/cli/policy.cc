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
#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_facts.h"
#include "cli/policy_files.h"
#include "policy/check.h"
#include "register/config.h"

namespace firebreak::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  bool in_force = false;
  std::string force;
  std::string as_of;
  std::vector<std::string> settings;
};

// The files named, or else every policy that force.toml puts in force and whose last day has not
// passed, with what the force decides of it.
Result<std::vector<ChosenPolicy>> policies_to_check(const CheckOptions& options,
                                                    const record::Config& config, Day today) {
  std::vector<ChosenPolicy> out;
  FB_TRY(const policy::SettingValues settings, read_settings(options.settings));
  for (const std::string& file : options.files) {
    if (file.ends_with(".toml"))
      return bad_input("This is no policy.", file, "Name a force.toml with --force.");
    FB_TRY(std::filesystem::path path, find_policy(file, options.as_of));
    out.push_back({std::move(path), settings});
  }
  if (!options.files.empty()) return out;
  if (options.force.empty()) {
    return bad_input("There is nothing to check.", {},
                     "Name a policy, or a force.toml with --force.");
  }
  const std::filesystem::path folder = policies_beside(options.force);
  FB_TRY(const auto policies, record::PoliciesInForce::read(folder, config));
  for (const record::PolicyInForce& period : policies.periods()) {
    if (period.until && *period.until < today) continue;
    ChosenPolicy one{folder / period.file, period.decided};
    for (const auto& [name, value] : settings) one.decided.settings[name] = value;
    out.push_back(std::move(one));
  }
  return out;
}

Result<int> check_policies(const CheckOptions& options, bool json) {
  FB_TRY(const Day today, day_asked(options.as_of));
  record::Config config;
  if (!options.force.empty()) {
    FB_TRY(const std::string text, read_file(options.force));
    FB_TRY(config, record::read_config(text, options.force));
  }
  FB_TRY(const std::vector<ChosenPolicy> all, policies_to_check(options, config, today));
  bool passed = true;
  Json reports = Json::array();
  for (const ChosenPolicy& one : all) {
    const policy::Report report =
        options.in_force || !options.force.empty()
            ? policy::check_for_force(one.path, today, one.decided, config.assertions)
            : policy::check(one.path, today, one.decided);
    passed = passed && report.passed();
    if (json) {
      reports.push_back(policy::report_json(report));
    } else {
      std::cout << printable(policy::text(report)) << '\n';
    }
  }
  if (json) print_json(reports);
  return passed ? 0 : 1;
}

void add_check(CLI::App& group, Run& run) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      group.add_subcommand("check", "Check policies: text, conflicts, assertions, cases, review");
  command->add_option("FILE", options->files,
                      "Policy files, or names of policies in policies/; without any, those that "
                      "--force puts in force");
  command->add_flag("--in-force", options->in_force,
                    "Also hold them to what every policy keeps before it may be put in force");
  command
      ->add_option("--force", options->force,
                   "The same, and to the assertions of this force, with what it decides")
      ->type_name("FORCE.TOML");
  add_as_of_option(*command, options->as_of);
  add_setting_option(*command, options->settings);
  on_run(*command, run, [options](bool json) { return check_policies(*options, json); });
}

// On a day without a policy everything is refused: that is the answer, as the server gives it.
int print_no_policy(const Error& none, bool json) {
  if (json) {
    print_json(policy::no_policy_answer(none.message));
  } else {
    std::cout << "refuse (not covered by the text)\n  " << none.message << none.action << '\n';
  }
  return 0;
}

void add_decide(CLI::App& group, Run& run) {
  struct Options {
    PolicyOptions policy;
    FactOptions facts;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("decide", "Answer one question; nothing is recorded");
  add_policy_options(*command, options->policy);
  add_fact_options(*command, options->facts);
  on_run(*command, run, [options](bool json) -> Result<int> {
    const auto loaded = load_policy(options->policy);
    if (!loaded && loaded.error().code == ErrorCode::conflict) {
      return print_no_policy(loaded.error(), json);
    }
    FB_TRY(const auto policy, loaded);
    FB_TRY(const policy::Facts given, read_facts(*policy, options->facts));
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
