// SPDX-License-Identifier: Apache-2.0
// Seals personal data. Each referral has a data key of its own, wrapped by the force's master key;
// destroying the wrapped key erases everything that was sealed under it, wherever copies lie.
//
//   FB_TRY(MasterKey master, MasterKey::load(data / "keys/vault.key"));
//   DataKey key = DataKey::generate(random);
//   Bytes wrapped = wrap(master, "ref_...", key, random);                  // stored
//   Bytes sealed = seal(key, {"ref_...", "payload", 1}, plaintext, random);  // stored
//   FB_TRY(DataKey again, unwrap(master, "ref_...", wrapped));
//   FB_TRY(Bytes plain, open(again, {"ref_...", "payload", 1}, sealed));
//
// The cipher is XChaCha20-Poly1305 (libsodium, crypto_aead_xchacha20poly1305_ietf): a 32-byte key,
// a nonce of 24 bytes drawn at random for each sealing, a tag of 16 bytes.
//
//   sealed, wrapped: version (1 byte, 0x01) || nonce (24) || ciphertext || tag (16)
//   associated data of a sealed text:
//       "firebreak seal v1\n" || len(referral) || referral || len(kind) || kind || revision
//   associated data of a wrapped key:
//       "firebreak wrap v1\n" || len(referral) || referral
//   where lengths and the revision are 8 bytes, big-endian. A wrapped key holds the 32 bytes of
//   the data key, and so has 73 bytes.
//   master key file: "FBVAULT1" (8 bytes) || key (32) || first 4 bytes of SHA-256("FBVAULT1" ||
//   key)
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"

namespace firebreak::vault {

// 32 secret bytes that are zeroed when they go and cannot be copied by accident.
class SecretKey {
 public:
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey();

  [[nodiscard]] std::span<const uint8_t, 32> bytes() const { return bytes_; }

 protected:
  SecretKey() = default;
  std::array<uint8_t, 32> bytes_{};
};

// The force's key, which wraps all others. Whoever holds it and the database can read everything;
// whoever loses it has erased everything.
class MasterKey : public SecretKey {
 public:
  // Draws a key and writes it to a new file with mode 0600. Errors: conflict when the file exists
  // (a key is never written over); unavailable.
  static Result<MasterKey> create(const std::filesystem::path& path, Random& random);
  // Errors: not_found; forbidden when others than the file's owner may use it, when another user
  // owns it or it is not a regular file; corrupt when size, mark or check bytes are wrong.
  static Result<MasterKey> load(const std::filesystem::path& path);

 private:
  MasterKey() = default;
};

class DataKey : public SecretKey {
 public:
  static DataKey generate(Random& random);

 private:
  DataKey() = default;
  friend Result<DataKey> unwrap(const MasterKey&, std::string_view, std::span<const uint8_t>);
};

// What a sealed text is bound to: it opens under no other.
struct Context {
  std::string_view referral;  // the referral's id, "ref_..."
  std::string_view kind;      // what it is: "payload", "message"
  uint64_t revision = 0;
};

// The data key of a referral, wrapped by the master key.
Bytes wrap(const MasterKey& master, std::string_view referral, const DataKey& key, Random& random);
// Error: corrupt when it was not wrapped by this key for this referral, or was changed.
Result<DataKey> unwrap(const MasterKey& master, std::string_view referral,
                       std::span<const uint8_t> wrapped);

// Sealing never fails; the result is 41 bytes longer than the plaintext.
Bytes seal(const DataKey& key, const Context& context, std::span<const uint8_t> plaintext,
           Random& random);
// Error: corrupt when it was not sealed with this key for this context, or was changed.
Result<Bytes> open(const DataKey& key, const Context& context, std::span<const uint8_t> sealed);

}  // namespace firebreak::vault
