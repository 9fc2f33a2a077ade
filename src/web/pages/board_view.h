// SPDX-License-Identifier: Apache-2.0
// The Policing Board's figures as models for board.html and board_referral.html, and as CSV: pure
// functions from what was counted. No personal data comes near them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "policy/policy.h"
#include "register/figures.h"

namespace firebreak::web {

struct Period {
  Day first;
  Day last;
};

// `policy`, today’s or null, says on which clauses a rule stands.
Json board_view(const record::Counts& counts, const Period& period, const policy::Policy* policy);

// The steps of one referral, from its entries.
Json board_referral_view(const record::ReferralState& state, const std::vector<Json>& entries,
                         const policy::Policy* policy);

// RFC 4180 with a header line: table,what,role,answer,count.
std::string board_csv(const record::Counts& counts, const Period& period);

// "immigration_enforcement" as "immigration enforcement".
std::string plain_words(std::string_view word);

}  // namespace firebreak::web
