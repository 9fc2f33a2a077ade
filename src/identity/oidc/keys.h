// SPDX-License-Identifier: Apache-2.0
// The public keys that a provider signs with: a JSON Web Key Set (RFC 7517), as it publishes one.
//
//   FB_TRY(KeySet keys, read_keys(body));
//   const Key* key = find_key(keys, header.kid, header.algorithm);
//   if (key != nullptr && verifies(*key, signed_text, signature)) ...
//
// Only two kinds are used: RSA of 2048 to 8192 bits with RS256, and the curve P-256 with ES256.
// What a key signs with follows from the key itself, never from the token: a public key can so
// never be taken for the secret of a keyed hash.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

namespace firebreak::identity::oidc {

constexpr size_t kMaxKeySetBytes = size_t{256} << 10;
constexpr size_t kMaxKeys = 100;

enum class Algorithm { rs256, es256 };

struct Key {
  std::string id;  // its "kid"; empty when the provider gives it none
  Algorithm algorithm;
  std::shared_ptr<EVP_PKEY> key;
};

using KeySet = std::vector<Key>;

// Reads a key set. Keys of other kinds and keys not for signatures are passed over, as RFC 7517
// asks. Errors: unavailable when it is no key set, a key in it is malformed, two keys that it could
// mean have one identifier, or none is left; too_large.
Result<KeySet> read_keys(std::string_view body);

// The key with this identifier for this algorithm. A token that names no key (an empty `id`) means
// the only one of its algorithm, when there is one alone. Null when there is none.
const Key* find_key(const KeySet& keys, std::string_view id, Algorithm algorithm);

// True when `signature`, in the form of RFC 7518, was made over `text` with this key's private
// half.
bool verifies(const Key& key, std::string_view text, std::span<const uint8_t> signature);

}  // namespace firebreak::identity::oidc
