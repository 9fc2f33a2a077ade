// SPDX-License-Identifier: Apache-2.0
#include "identity/passkey_key.h"

#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <utility>

namespace firebreak::identity {
namespace {

struct FreeEvpKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, FreeEvpKey>;

// libfido2 has a type of its own for each algorithm's key, and the same functions for each type.
template <auto Make, auto Free, auto FromBytes, auto ToEvp, auto FromEvp>
struct FidoKey {
  static EvpKey to_evp(std::span<const uint8_t> bytes) {
    auto* key = Make();
    EvpKey out(key != nullptr && FromBytes(key, bytes.data(), bytes.size()) == FIDO_OK ? ToEvp(key)
                                                                                       : nullptr);
    Free(&key);
    return out;
  }
  // True when the key is of this type and, where there is an assertion, that one is made with it.
  static bool verifies(const EVP_PKEY* evp, PasskeyAlgorithm algorithm,
                       const fido_assert_t* assertion) {
    auto* key = Make();
    const bool good =
        key != nullptr && FromEvp(key, evp) == FIDO_OK &&
        (assertion == nullptr ||
         fido_assert_verify(assertion, 0, static_cast<int>(algorithm), key) == FIDO_OK);
    Free(&key);
    return good;
  }
};
using Es256Key = FidoKey<es256_pk_new, es256_pk_free, es256_pk_from_ptr, es256_pk_to_EVP_PKEY,
                         es256_pk_from_EVP_PKEY>;
using EddsaKey = FidoKey<eddsa_pk_new, eddsa_pk_free, eddsa_pk_from_ptr, eddsa_pk_to_EVP_PKEY,
                         eddsa_pk_from_EVP_PKEY>;
using Rs256Key = FidoKey<rs256_pk_new, rs256_pk_free, rs256_pk_from_ptr, rs256_pk_to_EVP_PKEY,
                         rs256_pk_from_EVP_PKEY>;

EvpKey evp_of(PasskeyAlgorithm algorithm, std::span<const uint8_t> fido_key) {
  switch (algorithm) {
    case PasskeyAlgorithm::es256:
      return Es256Key::to_evp(fido_key);
    case PasskeyAlgorithm::eddsa:
      return EddsaKey::to_evp(fido_key);
    case PasskeyAlgorithm::rs256:
      return Rs256Key::to_evp(fido_key);
  }
  return {};
}

// Null for what is not exactly one DER SubjectPublicKeyInfo.
EvpKey read_kept(std::span<const uint8_t> kept) {
  const uint8_t* at = kept.data();
  EvpKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(kept.size())));
  return at == kept.data() + kept.size() ? std::move(key) : nullptr;
}

}  // namespace

Bytes kept_public_key(PasskeyAlgorithm algorithm, std::span<const uint8_t> fido_key) {
  const EvpKey key = evp_of(algorithm, fido_key);
  const int size = key ? i2d_PUBKEY(key.get(), nullptr) : 0;
  if (size <= 0) return {};
  Bytes out(static_cast<size_t>(size));
  uint8_t* at = out.data();
  i2d_PUBKEY(key.get(), &at);
  return out;
}

bool is_public_key(PasskeyAlgorithm algorithm, std::span<const uint8_t> kept) {
  return signature_verifies(algorithm, kept, nullptr);
}

bool signature_verifies(PasskeyAlgorithm algorithm, std::span<const uint8_t> kept,
                        const fido_assert_t* assertion) {
  const EvpKey key = read_kept(kept);
  if (!key) return false;
  switch (algorithm) {
    case PasskeyAlgorithm::es256:
      return Es256Key::verifies(key.get(), algorithm, assertion);
    case PasskeyAlgorithm::eddsa:
      return EddsaKey::verifies(key.get(), algorithm, assertion);
    case PasskeyAlgorithm::rs256:
      return Rs256Key::verifies(key.get(), algorithm, assertion);
  }
  return false;
}

}  // namespace firebreak::identity
