// SPDX-License-Identifier: Apache-2.0
// The versions of one policy in a folder, and which of them is in force on a day. A folder holds
// ID.policy, or ID-N.policy for version N, or both; each says its own days in force.
//
//   FB_TRY(const std::vector<Version> versions, versions_of("policies",
//   "psni-service-instruction")); FB_TRY(const Version version, version_on(versions,
//   london_day(clock.now()))); FB_TRY(const auto policy, Policy::load(version.path));
//
// Only the head of each file is read here; what else is wrong with it Policy::load says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "policy/dates.h"

namespace firebreak::policy {

struct Version {
  std::filesystem::path path;
  std::string id;
  int version = 0;
  InForce in_force;
};

// What the head of the file says. Errors: not_found, unavailable, too_large; bad_input with the
// first fault's place, line and caret.
Result<Version> read_version(const std::filesystem::path& path);

// In the order of their numbers; empty when the folder holds none. Errors: those of read_version;
// bad_input when a file's name is not that of its policy, when two files are the same version, and
// when the days in force of two overlap, naming both.
Result<std::vector<Version>> versions_of(const std::filesystem::path& folder,
                                         const std::string& id);

// The version in force on the day. Error: conflict, "No policy is in force", when there is none.
Result<Version> version_on(const std::vector<Version>& versions, Day day);
// The error in a gap: what it says, wherever it is said.
Error no_policy_in_force(Day day);

}  // namespace firebreak::policy
