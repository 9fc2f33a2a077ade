// SPDX-License-Identifier: Apache-2.0
#include "ledger/commitment.h"

#include <string_view>

namespace firebreak::ledger {

Salt new_salt(Random& random) {
  Salt salt{};
  random.fill(salt);
  return salt;
}

Digest commitment(const Salt& salt, std::span<const uint8_t> entry) {
  static constexpr std::string_view kDomain = "firebreak entry v1\n";
  return sha256({as_bytes(kDomain), salt, entry});
}

}  // namespace firebreak::ledger
