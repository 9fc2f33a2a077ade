// SPDX-License-Identifier: Apache-2.0
// Passwords: Argon2id (RFC 9106) by libsodium, and one-time passwords that can be read out.
//
//   FB_TRY(std::string hash, hash_password(password, PasswordCost::moderate));
//   bool right = password_matches(hash, attempt);     // takes a few hundred milliseconds
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace firebreak::identity {

// libsodium's named limits: interactive (64 MiB, 2 passes) for tests, moderate (256 MiB, 3 passes)
// for use.
enum class PasswordCost { interactive, moderate };

// At least 12 and at most 128 bytes, not blank. Error: bad_input, which does not repeat the
// password.
Result<void> check_new_password(std::string_view password);

// Error: unavailable when the memory cannot be had.
Result<std::string> hash_password(std::string_view password, PasswordCost cost);
// False for a wrong password and for a hash that cannot be read.
bool password_matches(const std::string& hash, std::string_view password);

// Spends the time that a comparison takes, so that an unknown name answers as slowly as a known
// one.
void spend_password_time(std::string_view password, PasswordCost cost);

// Five groups of four characters without look-alikes, 100 random bits: "k7mp-w3xt-…".
std::string one_time_password(Random& random);

}  // namespace firebreak::identity
