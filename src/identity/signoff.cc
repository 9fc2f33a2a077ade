// SPDX-License-Identifier: Apache-2.0
#include "identity/signoff.h"

#include <sodium.h>

#include <algorithm>
#include <optional>

namespace firebreak::identity {
namespace {

constexpr std::string_view kDomain = "firebreak sign-off v1\n";
constexpr std::string_view kFileHeader = "firebreak signing key v1\n";

// libsodium's secret key: the seed followed by the public key. Wiped when it goes.
struct ExpandedKey {
  std::array<uint8_t, crypto_sign_PUBLICKEYBYTES> public_key{};
  std::array<uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  explicit ExpandedKey(const Digest& seed) {
    crypto_sign_seed_keypair(public_key.data(), secret.data(), seed.data());
  }
  ExpandedKey(const ExpandedKey&) = delete;
  ExpandedKey& operator=(const ExpandedKey&) = delete;
  ~ExpandedKey() { sodium_memzero(secret.data(), secret.size()); }
};

Bytes message_of(const Digest& statement_digest) {
  Bytes message(kDomain.begin(), kDomain.end());
  message.insert(message.end(), statement_digest.begin(), statement_digest.end());
  return message;
}

Error not_a_key_file() {
  return bad_input("This is not a signing key file of this program.", {},
                   "Give the file people/NAME.key that was made for you, unchanged.");
}

// The value of the line "NAME value\n" at the beginning of `text`, which is cut off.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name) || text.size() <= name.size() || text[name.size()] != ' ')
    return std::nullopt;
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view value = text.substr(name.size() + 1, end - name.size() - 1);
  text.remove_prefix(end + 1);
  return value;
}

}  // namespace

SigningSecret::~SigningSecret() { sodium_memzero(seed_.data(), seed_.size()); }

SigningSecret SigningSecret::generate(Random& random) {
  Digest seed{};
  random.fill(seed);
  SigningSecret secret(seed);
  sodium_memzero(seed.data(), seed.size());
  return secret;
}

Digest SigningSecret::public_key() const { return ExpandedKey(seed_).public_key; }
std::string SigningSecret::key_id() const { return signing_key_id(public_key()); }

std::string signing_key_id(const Digest& public_key) {
  return "key_" + hex(sha256(public_key)).substr(0, 16);
}

std::string signing_secret_text(const SigningSecret& secret) {
  return std::string(kFileHeader) + "id " + secret.key_id() + "\npublic " +
         base64(secret.public_key()) + "\nsecret " + base64(secret.seed()) + "\n";
}

Result<SigningSecret> read_signing_secret(std::string_view text) {
  if (!text.starts_with(kFileHeader)) return not_a_key_file();
  text.remove_prefix(kFileHeader.size());
  const auto id = take_line(text, "id");
  const auto public_key = take_line(text, "public");
  const auto secret_text = take_line(text, "secret");
  if (!id || !public_key || !secret_text || !text.empty()) return not_a_key_file();
  auto bytes = from_base64(*secret_text);
  if (!bytes || bytes->size() != 32) return not_a_key_file();
  Digest seed{};
  std::copy(bytes->begin(), bytes->end(), seed.begin());
  SigningSecret secret(seed);
  sodium_memzero(bytes->data(), bytes->size());
  sodium_memzero(seed.data(), seed.size());
  if (*id != secret.key_id() || *public_key != base64(secret.public_key())) return not_a_key_file();
  return secret;
}

SignOffSignature sign_statement(const SigningSecret& secret, const Digest& statement_digest) {
  const ExpandedKey key(secret.seed());
  const Bytes message = message_of(statement_digest);
  SignOffSignature signature{};
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                       key.secret.data());
  return signature;
}

bool sign_off_verifies(const Digest& public_key, const Digest& statement_digest,
                       const SignOffSignature& signature) {
  const Bytes message = message_of(statement_digest);
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     public_key.data()) == 0;
}

std::string show_signature(const SignOffSignature& signature) { return base64(signature); }

Result<SignOffSignature> parse_signature(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != 64)
    return bad_input("A signature is 64 bytes in base64.", "signature");
  SignOffSignature signature{};
  std::copy(bytes->begin(), bytes->end(), signature.begin());
  return signature;
}

}  // namespace firebreak::identity
