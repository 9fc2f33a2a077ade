// SPDX-License-Identifier: Apache-2.0
#include "identity/token.h"

#include <array>

namespace firebreak::identity {

std::string new_token(Random& random, std::string_view prefix) {
  std::array<uint8_t, 32> bytes{};
  random.fill(bytes);
  return std::string(prefix) + base64url(bytes);
}

Digest token_hash(std::string_view token) { return sha256(as_bytes(token)); }

}  // namespace firebreak::identity
