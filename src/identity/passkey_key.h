// SPDX-License-Identifier: Apache-2.0
// A passkey's public key between the forms in which it is kept (SubjectPublicKeyInfo) and in which
// libfido2 wants it. For webauthn.cc and passkey.cc alone.
//
//   Bytes kept = kept_public_key(PasskeyAlgorithm::es256, {fido_cred_pubkey_ptr(c), …});
//   bool good = signature_verifies(passkey.algorithm, passkey.public_key, assertion);
#pragma once

#include <fido.h>

#include <span>

#include "base/hash.h"
#include "identity/passkey.h"

namespace firebreak::identity {

// The key that libfido2 read from an authenticator, to be kept; empty when it is not a key of the
// algorithm (a point that is not on the curve, say).
Bytes kept_public_key(PasskeyAlgorithm algorithm, std::span<const uint8_t> fido_key);

// True for what kept_public_key gives.
bool is_public_key(PasskeyAlgorithm algorithm, std::span<const uint8_t> kept);

// Whether libfido2 takes the assertion, which must be filled, as made with this key.
bool signature_verifies(PasskeyAlgorithm algorithm, std::span<const uint8_t> kept,
                        const fido_assert_t* assertion);

}  // namespace firebreak::identity
