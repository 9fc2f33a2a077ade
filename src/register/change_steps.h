// SPDX-License-Identifier: Apache-2.0
// The steps of a change, each as it runs inside a transaction, and what is prepared for them
// outside. Used by changes.cc alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "register/change_state.h"
#include "register/context.h"
#include "register/directory.h"

namespace firebreak::record {

// What will be in force when lines have taken effect.
struct Candidate {
  Json settings;
  Config config;
  PoliciesInForce policies;
};
// Empty when the lines are about people alone. Loads and checks the policies. Errors: conflict when
// the lines are outdated; bad_input for a policy that cannot be put in force; corrupt.
Result<std::optional<Candidate>> prepare(const Context& context,
                                         const std::vector<ChangeLine>& lines);

Result<Json> do_propose_change(Transaction& tx, const std::optional<identity::Actor>& actor,
                               const std::string& id, const std::vector<ChangeLine>& lines,
                               const std::string& reason,
                               const std::optional<Candidate>& candidate);
Result<Json> do_approve_change(Transaction& tx, const Context& context,
                               const identity::Actor& actor, const std::string& id,
                               const std::optional<Candidate>& candidate);
Result<Json> do_end_change(Transaction& tx, const identity::Actor& actor, const std::string& id,
                           std::string_view kind, const std::string& reason);
// Takes effect; when something is no longer as it was, the change is refused in the record.
Result<Json> do_take_effect(Transaction& tx, Context& context, Directory& directory,
                            const std::string& id, std::optional<Candidate> candidate);
// Refused by the program itself: it can no longer take effect, because of this error.
Result<Json> do_give_up(Transaction& tx, const std::string& id, const Error& why);

}  // namespace firebreak::record
