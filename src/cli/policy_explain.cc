// SPDX-License-Identifier: Apache-2.0
// firebreak policy explain POLICY --set NAME=VALUE --facts FILE [--all]
//     why a question is answered as it is, and what else would have another answer
#include <iostream>
#include <memory>

#include "cli/policy_commands.h"
#include "cli/policy_facts.h"
#include "cli/policy_files.h"
#include "policy/explain.h"

namespace firebreak::cli {

void add_policy_explain(CLI::App& group, Run& run) {
  struct Options {
    PolicyOptions policy;
    FactOptions facts;
    bool all = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand(
      "explain", "Why a question is answered as it is, and what else would have another answer");
  add_policy_options(*command, options->policy);
  add_fact_options(*command, options->facts);
  command->add_flag("--all", options->all,
                    "For an advocate or a lawyer: also what the policy would allow, and what facts "
                    "about the person decide");
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const auto policy, load_policy(options->policy));
    FB_TRY(const policy::Facts given, read_facts(*policy, options->facts));
    const policy::Explanation why = policy::explain(
        *policy, given,
        options->all ? policy::Advice::whole_policy : policy::Advice::towards_refusal);
    if (json) {
      print_json(policy::explanation_json(*policy, why));
    } else {
      std::cout << policy::text(*policy, why) << "\nPolicy: " << policy->id() << " version "
                << policy->version() << ", " << policy->digest() << '\n';
    }
    return 0;
  });
}

}  // namespace firebreak::cli
