// SPDX-License-Identifier: Apache-2.0
// Signing off from a terminal: what is signed is worked out here, from the message and the
// statement that are shown, so that a server cannot have one thing read and another signed.
//
//   FB_TRY(SignOff sign_off, prepare_sign_off(referral, ref));    // digests recomputed and
//   compared show_for_sign_off(referral, sign_off); FB_CHECK(confirm_sign_off()); client.post(path
//   + "/authorise", signed_body(sign_off, secret));
#pragma once

#include <string>

#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "cli/command.h"
#include "identity/signoff.h"

namespace firebreak::cli {

struct SignOff {
  Json statement;
  Digest digest{};
};

// Errors: conflict when the referral shows nothing to sign; corrupt when statement, digest and
// message do not belong together.
Result<SignOff> prepare_sign_off(const Json& referral, const std::string& ref);
void show_for_sign_off(const Json& referral, const SignOff& sign_off);
// Asks on the terminal. Error: bad_input when the answer is not "sign", or there is no terminal.
Result<void> confirm_sign_off();
// The body of POST …/authorise.
Json signed_body(const SignOff& sign_off, const identity::SigningSecret& secret);

// Where the API has a referral, or a step or part of it. Error: bad_input for what is no reference.
Result<std::string> path_of(const std::string& ref, const std::string& step);

// The sub-commands export-signoff and verify-signoff (verify_signoff.cc).
void add_verify_signoff(CLI::App& group, Run& run);

}  // namespace firebreak::cli
