// SPDX-License-Identifier: Apache-2.0
// What the public sees of an entry: a salted commitment. It tells nothing of the entry to who does
// not know the salt, and fixes the entry for who is later given both.
//
//   Salt salt = new_salt(random);
//   Digest record = commitment(salt, as_bytes(canonical_json(event)));   // published in the log
//   tree.append(leaf_hash(record));                                      // the Merkle leaf
#pragma once

#include <array>
#include <span>

#include "base/hash.h"
#include "base/random.h"

namespace firebreak::ledger {

using Salt = std::array<uint8_t, 32>;

Salt new_salt(Random& random);

// SHA-256("firebreak entry v1\n" || salt || entry): the record of the log, 32 bytes.
Digest commitment(const Salt& salt, std::span<const uint8_t> entry);

}  // namespace firebreak::ledger
