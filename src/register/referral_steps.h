// SPDX-License-Identifier: Apache-2.0
// The steps of a referral's life, each as it runs inside a transaction. Used by referrals.cc alone.
#pragma once

#include <optional>
#include <string>

#include "register/context.h"
#include "register/referrals.h"

namespace firebreak::record {

Result<Json> do_draft(Transaction& tx, const Context& context, const identity::Actor& actor,
                      const Json& body);
Result<Json> do_submit(Transaction& tx, const Context& context, const identity::Actor& actor,
                       const std::string& ref, const std::optional<Json>& revised);
Result<Json> do_return(Transaction& tx, const Context& context, const identity::Actor& actor,
                       const std::string& ref, const Answer& answer);
Result<Json> do_withdraw(Transaction& tx, const identity::Actor& actor, const std::string& ref);
Result<Json> do_authorise(Transaction& tx, const Context& context, const identity::Actor& actor,
                          const std::string& ref, const SignOffRequest& request);
Result<Json> do_review(Transaction& tx, const Context& context, const identity::Actor& actor,
                       const std::string& ref, const Review& review);
Result<Json> do_refuse(Transaction& tx, const Context& context, const identity::Actor& actor,
                       const std::string& ref, const Answer& answer);
Result<Json> do_release(Transaction& tx, const Context& context, const identity::Actor& actor,
                        const std::string& ref, const ReleaseRequest& request);
Result<Json> do_settle(Transaction& tx, const identity::Actor& actor, const std::string& ref,
                       SettledAs as, Evidence evidence);
Result<Json> do_begin(Transaction& tx, const Context& context, const identity::Actor& actor,
                      const std::string& token, const Json& body);
Result<Json> do_save(Transaction& tx, const Context& context, const identity::Actor& actor,
                     const std::string& ref, const SaveRequest& request);
Result<Json> do_forward(Transaction& tx, const Context& context, const identity::Actor& actor,
                        const std::string& ref, const Answer& answer);

}  // namespace firebreak::record
