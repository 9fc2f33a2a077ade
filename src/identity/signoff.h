// SPDX-License-Identifier: Apache-2.0
// A sign-off: an officer's Ed25519 signature (RFC 8032) over the digest of exactly what is
// authorised.
//
// What is signed is the 22 bytes "firebreak sign-off v1\n" and the 32 bytes of the statement's
// SHA-256, so that a signature made for another purpose is never a sign-off. The statement itself
// is made by src/register/statement.h.
//
//   FB_TRY(SigningSecret secret, read_signing_secret(key_file_text));
//   SignOffSignature signature = sign_statement(secret, digest);
//   bool good = sign_off_verifies(public_key, digest, signature);
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"

namespace firebreak::identity {

using SignOffSignature = std::array<uint8_t, 64>;

// An officer's secret key. Wiped from memory when it goes.
class SigningSecret {
 public:
  explicit SigningSecret(const Digest& seed) : seed_(seed) {}
  SigningSecret(const SigningSecret&) = default;
  SigningSecret& operator=(const SigningSecret&) = default;
  ~SigningSecret();

  static SigningSecret generate(Random& random);
  [[nodiscard]] Digest public_key() const;
  [[nodiscard]] std::string key_id() const;
  [[nodiscard]] const Digest& seed() const { return seed_; }

 private:
  Digest seed_;
};

// "key_" and the first 16 hexadecimal digits of the public key's SHA-256.
std::string signing_key_id(const Digest& public_key);

// The text of a key file (people/NAME.key, mode 0600):
//
//   firebreak signing key v1
//   id key_0123456789abcdef
//   public <base64 of 32 bytes>
//   secret <base64 of 32 bytes>
std::string signing_secret_text(const SigningSecret& secret);
// Errors: bad_input for another format, or when identifier, public and secret part do not belong
// together. The error never holds the secret.
Result<SigningSecret> read_signing_secret(std::string_view text);

SignOffSignature sign_statement(const SigningSecret& secret, const Digest& statement_digest);
bool sign_off_verifies(const Digest& public_key, const Digest& statement_digest,
                       const SignOffSignature& signature);

// A signature in JSON: base64 of its 64 bytes. Error: bad_input.
std::string show_signature(const SignOffSignature& signature);
Result<SignOffSignature> parse_signature(std::string_view text);

}  // namespace firebreak::identity
