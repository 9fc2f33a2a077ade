// SPDX-License-Identifier: Apache-2.0
// One referral as it is told to the person whom it is about: what was disclosed, to whom, when,
// under which clause. Used by subject_access.cc alone.
#pragma once

#include "register/context.h"

namespace firebreak::record {

// Whether the content of the referral, as it is or once was, names this person. False for one that
// was erased meanwhile.
Result<bool> is_about(const Context& context, const ReferralState& state,
                      const std::string& person);

// An item of "referrals" in subject_access.h.
Result<Json> disclosure_history(const Context& context, const ReferralState& state);

}  // namespace firebreak::record
