// SPDX-License-Identifier: Apache-2.0
#include "identity/token.h"

#include <array>

namespace firebreak::identity {

std::string new_token(Random& random, std::string_view prefix) {
  std::array<uint8_t, 32> bytes{};
  random.fill(bytes);
  std::string text = base64(bytes);
  text.pop_back();  // the one '=' of 32 bytes
  for (char& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return std::string(prefix) + text;
}

Digest token_hash(std::string_view token) { return sha256(as_bytes(token)); }

}  // namespace firebreak::identity
