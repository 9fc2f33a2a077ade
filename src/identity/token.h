// SPDX-License-Identifier: Apache-2.0
// Bearer tokens: "fbs_" for a service, "fbp_" for a person's session, then 43 characters of
// base64url (256 random bits). Only the SHA-256 of a token is kept; a token is shown once, to its
// holder.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/random.h"

namespace firebreak::identity {

std::string new_token(Random& random, std::string_view prefix);
Digest token_hash(std::string_view token);

}  // namespace firebreak::identity
