// SPDX-License-Identifier: Apache-2.0
// Which policy is in force on which Europe/London day. The register's own record of it
// (policy.put_in_force) is what counts: force.toml says the first, two persons change it
// (changes.h), and nothing is back-dated.
//
//   FB_TRY(std::shared_ptr<const policy::Policy> policy, policies.on(london_day(clock.now())));
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "policy/offences.h"
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
  std::optional<Day> until;  // the last day, inclusive
  policy::Decisions decided;
  // The list that the force classes histories by, and its file; empty when force.toml names none.
  std::string offences_file;
  std::shared_ptr<const policy::OffenceList> offences;
};

class PoliciesInForce {
 public:
  // Every policy that the configuration names, with its days. Errors: the policy's own or its
  // offence list's; bad_input when its days in force are not within those that its text says, or
  // overlap with another's.
  static Result<PoliciesInForce> read(const std::filesystem::path& folder, const Config& config);
  // The same, and checks those whose last day has not
  // passed: what once was in force is kept as it was, whatever is asked of a policy today. Errors
  // besides: bad_input when policy::check_for_force finds an error (a failed assertion or case, a
  // conflict, a policy below the floor or against the force's own assertions, a historical one), or
  // when its vocabulary lacks a destination's recipient.
  static Result<PoliciesInForce> load(const std::filesystem::path& folder, const Config& config,
                                      Day today);

  // Error: conflict, "No policy is in force", in a gap.
  [[nodiscard]] Result<std::shared_ptr<const policy::Policy>> on(Day day) const;
  [[nodiscard]] Result<PolicyInForce> period_on(Day day) const;
  // In the order of their first days.
  [[nodiscard]] const std::vector<PolicyInForce>& periods() const { return periods_; }

  // What the policy owner has to know on `today`: a review that is due or overdue of a policy in
  // force or to come, and a gap that has begun or begins within policy::kReviewNoticeDays. A
  // sentence or two each, naming the policy.
  [[nodiscard]] std::vector<std::string> notices(Day today) const;

  // Compares these periods with what is recorded. Errors: conflict when they would change a day
  // that has passed, when a policy's text differs from the recorded digest, or when a recorded
  // period is missing.
  Result<void> check(Transaction& tx) const;
  // The same, and records what is new: at the register's creation, or by a change that took effect.
  Result<void> record(Transaction& tx, const std::string& change = {}) const;

 private:
  struct Step {
    const PolicyInForce* period;
    uint64_t revision;
  };
  Result<std::vector<Step>> steps(Transaction& tx) const;
  std::vector<PolicyInForce> periods_;
};

}  // namespace firebreak::record
