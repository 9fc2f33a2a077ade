// SPDX-License-Identifier: Apache-2.0
// The steps of aftercare.h, each as it runs inside a transaction. Used by aftercare.cc and the
// reads of referrals alone.
#pragma once

#include <string>

#include "register/aftercare.h"
#include "register/context.h"

namespace firebreak::record {

Result<Json> do_hold(Transaction& tx, const Context& context, const identity::Actor& actor,
                     const std::string& ref, const Answer& answer);
Result<Json> do_end_hold(Transaction& tx, const Context& context, const identity::Actor& actor,
                         const std::string& ref, const std::string& note);
Result<Json> do_withdraw_consent(Transaction& tx, const Context& context,
                                 const identity::Actor& actor, const std::string& ref,
                                 const Answer& answer);
Result<Json> do_answer_recall(Transaction& tx, const Context& context, const identity::Actor& actor,
                              const std::string& ref, const Answer& answer);
Result<Json> do_acknowledge(Transaction& tx, const Context& context, const identity::Actor& actor,
                            const std::string& ref, const Acknowledgement& got);
Result<Json> do_ask_outcome(Transaction& tx, const Context& context, const identity::Actor& actor,
                            const std::string& ref);
Result<Json> do_record_outcome(Transaction& tx, const Context& context,
                               const identity::Actor& actor, const std::string& ref,
                               const OutcomeReport& said);
Result<Json> do_close(Transaction& tx, const identity::Actor& actor, const std::string& ref);

// Records that the actor sees the referral's content, unless that was recorded within the hour.
Result<Json> do_view(Transaction& tx, const identity::Actor& actor, const std::string& ref);
// Whether do_view would record something now.
bool view_is_due(const ReferralState& state, const std::string& actor, Instant now);

}  // namespace firebreak::record
