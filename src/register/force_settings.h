// SPDX-License-Identifier: Apache-2.0
// What a force decides and only two persons change: destinations, policies with their days, the
// settings that matter, the force's assertions. force.toml says the first of it; the record
// (settings.first, and the changes that took effect) says what counts.
//
//   {"destinations":{ID:{…}}, "policies":{FIRST DAY:{…}}, "settings":{NAME:VALUE},
//    "assertions":{TEXT:CLAIM}}                       each as change_state.h lists them
//
//   const Json wanted = settings_of(config_of_force_toml, its_policies);
//   std::vector<ChangeLine> lines = differences(in_force, wanted);
//   FB_TRY(const Json next, applied(in_force, lines));
//   FB_TRY(Config config, with_settings(std::move(config_of_force_toml), next));
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "register/change_state.h"
#include "register/config.h"
#include "register/policies_in_force.h"
#include "register/transaction.h"

namespace firebreak::record {

inline constexpr std::string_view kDelayHours = "changes.delay_hours";
inline constexpr std::string_view kEraseRefusedDays = "referrals.erase_refused_days";
inline constexpr std::string_view kEraseBegunDays = "referrals.erase_begun_days";
inline constexpr std::string_view kRetentionYears = "retention.years";
inline constexpr std::string_view kSupervisor = "referrals.supervisor";
inline constexpr std::string_view kFileKeys = "sign_off.file_keys";
inline constexpr std::string_view kPasskeysByTwo = "sign_in.passkeys_by_two";
inline constexpr std::string_view kOffices = "force.districts";
inline constexpr std::string_view kPasskeyDelayHours = "sign_in.passkey_delay_hours";

Json settings_of(const Config& config, const PoliciesInForce& policies);
// Recorded settings with those in which an older program recorded nothing: then the strict value
// counts, and no office.
Json completed(Json settings);
// What counts, as this work sees it: also what took effect earlier in the same commit. Errors:
// those of Transaction::get; corrupt.
Result<Json> settings_now(Transaction& tx);
Json policy_value(const PolicyInForce& period);
// As kPolicies of `settings` has it: the file with its days and what the force decides of it.
PolicyPeriod period_of(const std::string& from, const Json& value);

// The configuration with these settings in place of its own. Error: corrupt when they cannot be
// read.
Result<Config> with_settings(Config config, const Json& settings);

// What makes `before` into `after`, in the order of parts and keys; empty when they are the same.
std::vector<ChangeLine> differences(const Json& before, const Json& after);

// The settings with these lines applied; lines of people's ranks are left out. Error: conflict when
// a line's `before` is not what stands there.
Result<Json> applied(Json settings, const std::vector<ChangeLine>& lines);

// Whether settings["settings"][name] may be this. Error: bad_input naming the known settings, or
// what this one may be.
Result<void> check_setting(const std::string& name, const Json& value);
// What a setting is, in plain words: "Years until a closed referral is due for erasure". Empty for
// what is no setting.
std::string setting_words(std::string_view name);
// Whether these may be the force's offices. Error: bad_input at `where`.
Result<void> check_offices(const std::vector<std::string>& offices, const std::string& where);
std::chrono::hours delay_of(const Json& settings);

// One line in plain English: "The destination immigration-desk: from now on a@b.example, until now
// c@d.example." `person` gives a person's name for an identifier.
std::string line_text(const ChangeLine& line,
                      const std::function<std::string(const std::string&)>& person);

}  // namespace firebreak::record
