// SPDX-License-Identifier: Apache-2.0
// Which policy is in force on which Europe/London day. The register's own record of it
// (policy.put_in_force) is what counts: force.toml only proposes, and nothing is back-dated.
//
//   FB_TRY(std::shared_ptr<const policy::Policy> policy, policies.on(london_day(clock.now())));
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "policy/policy.h"
#include "register/config.h"
#include "register/transaction.h"

namespace firebreak::record {

// {id, version, digest}, as it stands in entries and answers.
Json policy_json(const policy::Policy& policy);
// The ranks of the policy's vocabulary, lowest first.
std::vector<std::string> rank_names(const policy::Policy& policy);

struct PolicyInForce {
  std::shared_ptr<const policy::Policy> policy;
  std::string file;
  Day from;
  std::optional<Day> until;
};

class PoliciesInForce {
 public:
  // Loads and checks every policy that the configuration names. Errors: the policy's own; bad_input
  // when policy::check_for_force finds an error (a failed assertion or case, a conflict, a policy
  // below the floor, a historical one), or its vocabulary lacks a destination's recipient.
  static Result<PoliciesInForce> load(const std::filesystem::path& folder, const Config& config);

  // Error: conflict, "No policy is in force", in a gap.
  [[nodiscard]] Result<std::shared_ptr<const policy::Policy>> on(Day day) const;
  [[nodiscard]] const std::vector<PolicyInForce>& periods() const { return periods_; }

  // Compares the configuration with what is recorded, and records what is new. Errors: conflict
  // when it would change a day that has passed, when a policy's text differs from the recorded
  // digest, or when a recorded period is missing; saying what to write in force.toml.
  Result<void> record(Transaction& tx) const;

 private:
  std::vector<PolicyInForce> periods_;
};

}  // namespace firebreak::record
