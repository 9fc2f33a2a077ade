// SPDX-License-Identifier: Apache-2.0
// Which policy a command is about, by its name, day and settings; and where the files that come
// with Firebreak are: beside the source in a clone, under share/firebreak when installed.
//
//   auto options = std::make_shared<PolicyOptions>();
//   add_policy_options(*command, *options);                   // POLICY, --as-of, --setting
//   FB_TRY(const auto policy, load_policy(*options));
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "policy/policy.h"
#include "register/policies_in_force.h"

namespace firebreak::cli {

// The folder `name` ("policies", "ui/templates", "build/ui") of this clone or installation, found
// by going up from the program's own place. Error: not_found.
Result<std::filesystem::path> shipped_folder(const std::string& name);

// --as-of DAY: which version of a policy is meant, where there are several.
void add_as_of_option(CLI::App& command, std::string& as_of);
// --setting NAME=VALUE, repeatable: what the force decides of what the policy leaves open. A
// command about two policies gives the option of each a `name` of its own.
void add_setting_option(CLI::App& command, std::vector<std::string>& settings,
                        const std::string& name = "--setting");
// Error: bad_input, naming the option, when one has no value or is given twice.
Result<policy::SettingValues> read_settings(const std::vector<std::string>& settings,
                                            const std::string& option = "--setting");

// The one policy that a command is about: POLICY, --as-of and --setting.
struct PolicyOptions {
  std::string name;
  std::string as_of;
  std::vector<std::string> settings;
  std::string setting_option = "--setting";  // under which they were given
};
void add_policy_options(CLI::App& command, PolicyOptions& options);

// What is behind the options: a file, and what is decided of it.
struct ChosenPolicy {
  std::filesystem::path path;
  policy::Decisions decided;
};
// A policy as find_policy has it, or the path of a force.toml: the policy that this force has in
// force on the day, with what it decides, which --setting goes before. Errors: those of
// find_policy, read_settings, record::read_config and record::PoliciesInForce::read.
Result<ChosenPolicy> choose_policy(const PolicyOptions& options);
// The same, loaded. Errors besides: those of policy::Policy::load.
Result<std::shared_ptr<const policy::Policy>> load_policy(const PolicyOptions& options);

// The folder that a force.toml names its files in.
std::filesystem::path policies_beside(const std::filesystem::path& force_toml);
// The policy that the force of this force.toml has in force on the day; today when it is empty.
Result<record::PolicyInForce> policy_of_force(const std::filesystem::path& force_toml,
                                              const std::string& as_of);

// The day of --as-of; today in Europe/London when it is empty. Error: bad_input.
Result<Day> day_asked(const std::string& as_of);

// A policy by
//   the path of a file          that file
//   a name, "npcc-2018"         among those that come with Firebreak; "FOLDER/NAME" in a folder
//   a name and a version        NAME-2 is the file NAME-2.policy
//   a name and a day            NAME@2027-01-01, the same as the name with that `as_of`
// Of several versions behind a name the one is taken that is in force on the day, which is today
// when none is given. A name with one version is that version, unless a day is given. Errors:
// not_found, naming what there is; bad_input for a day that does not exist; conflict when no
// version is in force on the day; those of policy::versions_of.
Result<std::filesystem::path> find_policy(const std::string& name, const std::string& as_of = {});

}  // namespace firebreak::cli
