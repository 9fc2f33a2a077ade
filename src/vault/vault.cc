// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.h"

#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace firebreak::vault {
namespace {

constexpr uint8_t kVersion = 0x01;
constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kOverhead = 1 + kNonce + kTag;
static_assert(kOverhead == 41 && crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

// Chooses libsodium's fastest implementation for this machine, once.
void start_sodium() {
  static const int started = sodium_init();
  if (started < 0) std::abort();
}

void put_number(std::string& out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

// With its length before it, so that no two contexts run together into the same bytes.
void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

std::string wrap_context(std::string_view referral) {
  std::string out = "firebreak wrap v1\n";
  put_text(out, referral);
  return out;
}

std::string seal_context(const Context& context) {
  std::string out = "firebreak seal v1\n";
  put_text(out, context.referral);
  put_text(out, context.kind);
  put_number(out, context.revision);
  return out;
}

Bytes encrypt(std::span<const uint8_t, 32> key, std::string_view associated,
              std::span<const uint8_t> plaintext, Random& random) {
  start_sodium();
  Bytes out(plaintext.size() + kOverhead);
  out[0] = kVersion;
  const std::span<uint8_t> nonce(out.data() + 1, kNonce);
  random.fill(nonce);
  const auto context = as_bytes(associated);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + 1 + kNonce, nullptr, plaintext.data(),
                                             plaintext.size(), context.data(), context.size(),
                                             nullptr, nonce.data(), key.data());
  return out;
}

// Writes sealed.size() - kOverhead bytes to `out`. False when the key, the context or any byte is
// another; nothing tells which, so that nothing can be learnt from it.
bool decrypt(std::span<const uint8_t, 32> key, std::string_view associated,
             std::span<const uint8_t> sealed, uint8_t* out) {
  start_sodium();
  const auto context = as_bytes(associated);
  const std::span<const uint8_t> nonce = sealed.subspan(1, kNonce);
  const std::span<const uint8_t> text = sealed.subspan(1 + kNonce);
  return crypto_aead_xchacha20poly1305_ietf_decrypt(out, nullptr, nullptr, text.data(), text.size(),
                                                    context.data(), context.size(), nonce.data(),
                                                    key.data()) == 0;
}

Error refused(const char* message) {
  return {ErrorCode::corrupt,
          message,
          {},
          "Check the master key; if it is right, run a ledger verification."};
}

}  // namespace

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) {
  sodium_memzero(other.bytes_.data(), other.bytes_.size());
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    sodium_memzero(other.bytes_.data(), other.bytes_.size());
  }
  return *this;
}

SecretKey::~SecretKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

DataKey DataKey::generate(Random& random) {
  DataKey out;
  random.fill(out.bytes_);
  return out;
}

Bytes wrap(const MasterKey& master, std::string_view referral, const DataKey& key, Random& random) {
  return encrypt(master.bytes(), wrap_context(referral), key.bytes(), random);
}

Result<DataKey> unwrap(const MasterKey& master, std::string_view referral,
                       std::span<const uint8_t> wrapped) {
  DataKey out;
  if (wrapped.size() != kOverhead + out.bytes_.size())
    return refused("The stored data key has a wrong length.");
  if (wrapped[0] != kVersion) return refused("The stored data key is of an unknown version.");
  if (!decrypt(master.bytes(), wrap_context(referral), wrapped, out.bytes_.data()))
    return refused("The stored data key was not wrapped by this master key for this referral.");
  return out;
}

Bytes seal(const DataKey& key, const Context& context, std::span<const uint8_t> plaintext,
           Random& random) {
  return encrypt(key.bytes(), seal_context(context), plaintext, random);
}

Result<Bytes> open(const DataKey& key, const Context& context, std::span<const uint8_t> sealed) {
  if (sealed.size() < kOverhead) return refused("The sealed text is too short.");
  if (sealed[0] != kVersion) return refused("The sealed text is of an unknown version.");
  Bytes out(sealed.size() - kOverhead);
  if (!decrypt(key.bytes(), seal_context(context), sealed, out.data()))
    return refused("The sealed text was not sealed with this key for this place.");
  return out;
}

}  // namespace firebreak::vault
