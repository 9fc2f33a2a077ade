// SPDX-License-Identifier: Apache-2.0
// Facets: the little that is recorded of a question, and of a referral in the clear. No person, no
// nationality, no status.
//
//   {"action":…, "channel":…, "crime_type":[…], "district":"…", "recipient":…, "role":[…]}
//
// An attribute whose value is missing is null, or [] for a set; of a set given in part only the
// members known to belong to it are kept.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "policy/policy.h"
#include "register/config.h"

namespace firebreak::record {

Json facets_of(const Json& facts, const std::string& district);

// One of the force's offices, or empty. Error: bad_input.
Result<void> check_district(const Config& config, const std::string& district);

}  // namespace firebreak::record
