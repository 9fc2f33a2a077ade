// SPDX-License-Identifier: Apache-2.0
// The keys of ledger/note.h: Ed25519 over OpenSSL's EVP interface, and their texts.
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "ledger/note.h"
#include "ledger/text.h"

namespace firebreak::ledger {
namespace {

constexpr uint8_t kEd25519 = 0x01;  // C2SP signed-note, signature types
constexpr std::string_view kPrivate = "PRIVATE+KEY+";

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

Key private_key(const KeyBytes& seed) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

KeyBytes public_of(const KeyBytes& seed) {
  KeyBytes out{};
  size_t length = out.size();
  const Key key = private_key(seed);
  // Every 32 bytes are a seed: only when memory is out or OpenSSL is broken can this fail.
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), out.data(), &length) != 1) std::abort();
  return out;
}

uint32_t id_of(std::string_view name, const KeyBytes& public_key) {
  static constexpr std::array<uint8_t, 2> kBetween = {'\n', kEd25519};
  const Digest digest = sha256({as_bytes(name), kBetween, public_key});
  return uint32_t{digest[0]} << 24 | uint32_t{digest[1]} << 16 | uint32_t{digest[2]} << 8 |
         digest[3];
}

std::string show_id(uint32_t id) {
  const std::array<uint8_t, 4> bytes = {static_cast<uint8_t>(id >> 24),
                                        static_cast<uint8_t>(id >> 16),
                                        static_cast<uint8_t>(id >> 8), static_cast<uint8_t>(id)};
  return hex(bytes);
}

std::optional<uint32_t> parse_id(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 4) return std::nullopt;
  uint32_t id = 0;
  for (const uint8_t byte : *bytes) id = id << 8 | byte;
  return id;
}

// NAME+KEYID+base64(0x01 || 32 bytes), the form that both kinds of key share. The bytes may be
// secret: whoever parses them wipes them.
struct KeyText {
  std::string name;
  uint32_t id = 0;
  KeyBytes bytes{};
};

std::string show_key(std::string_view prefix, const std::string& name, uint32_t id,
                     const KeyBytes& bytes) {
  std::array<uint8_t, 33> typed{kEd25519};
  std::copy(bytes.begin(), bytes.end(), typed.begin() + 1);
  std::string encoded = base64(typed);
  std::string out = std::string(prefix) + name + "+" + show_id(id) + "+" + encoded;
  OPENSSL_cleanse(typed.data(), typed.size());
  OPENSSL_cleanse(encoded.data(), encoded.size());
  return out;
}

Result<KeyText> parse_key(std::string_view text) {
  const Error wrong = bad_input("This is not an Ed25519 key in the form of a signed note.", {},
                                "It has a name, a key ID and the key, joined with '+'.");
  const size_t after_name = text.find('+');
  if (after_name == std::string_view::npos || text.size() < after_name + 10) return wrong;
  KeyText out{std::string(text.substr(0, after_name))};
  const auto id = parse_id(text.substr(after_name + 1, 8));
  if (!is_key_name(out.name) || !id || text[after_name + 9] != '+') return wrong;
  out.id = *id;
  auto bytes = from_base64(text.substr(after_name + 10));
  if (!bytes) return wrong;
  const bool right = bytes->size() == 33 && bytes->front() == kEd25519;
  if (right) std::copy(bytes->begin() + 1, bytes->end(), out.bytes.begin());
  OPENSSL_cleanse(bytes->data(), bytes->size());
  if (!right) return wrong;
  return out;
}

Error wrong_id() {
  return bad_input("The key's ID does not belong to its name and bytes.", {},
                   "The key was mistyped, or its name was changed.");
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || name.find('+') != std::string_view::npos) return false;
  if (!is_plain_text(name, false)) return false;
  while (!name.empty()) {
    const auto point = first_code_point(name);
    if (is_space(point->value)) return false;
    name.remove_prefix(point->length);
  }
  return true;
}

Verifier::Verifier(std::string name, const KeyBytes& public_key)
    : name_(std::move(name)), public_key_(public_key), key_id_(id_of(name_, public_key_)) {}

Result<Verifier> Verifier::from_public_key(std::string name, const KeyBytes& public_key) {
  if (!is_key_name(name)) return bad_input("A key's name holds no spaces and no '+'.");
  return Verifier(std::move(name), public_key);
}

Result<Verifier> Verifier::parse(std::string_view vkey) {
  if (vkey.ends_with('\n')) vkey.remove_suffix(1);
  FB_TRY(KeyText text, parse_key(vkey));
  Verifier out(std::move(text.name), text.bytes);
  if (out.key_id_ != text.id) return wrong_id();
  return out;
}

std::string Verifier::vkey() const { return show_key({}, name_, key_id_, public_key_); }

bool Verifier::verifies(std::string_view text, std::span<const uint8_t> signature) const {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key_.data(),
                                            public_key_.size()));
  const Context context(EVP_MD_CTX_new());
  const auto bytes = as_bytes(text);
  return key && context && signature.size() == 64 &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(),
                          bytes.size()) == 1;
}

Signer::Signer(const KeyBytes& seed, Verifier verifier)
    : seed_(seed), verifier_(std::move(verifier)) {}

Signer::Signer(Signer&& other) noexcept
    : seed_(other.seed_), verifier_(std::move(other.verifier_)) {
  OPENSSL_cleanse(other.seed_.data(), other.seed_.size());
}

Signer& Signer::operator=(Signer&& other) noexcept {
  std::swap(seed_, other.seed_);
  std::swap(verifier_, other.verifier_);
  return *this;
}

Signer::~Signer() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

Result<Signer> Signer::from_seed(std::string name, const KeyBytes& seed) {
  FB_TRY(Verifier verifier, Verifier::from_public_key(std::move(name), public_of(seed)));
  return Signer(seed, std::move(verifier));
}

Result<Signer> Signer::generate(std::string name, Random& random) {
  KeyBytes seed{};
  random.fill(seed);
  auto out = from_seed(std::move(name), seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  return out;
}

Result<Signer> Signer::parse(std::string_view skey) {
  if (skey.ends_with('\n')) skey.remove_suffix(1);
  if (!skey.starts_with(kPrivate))
    return bad_input("This is not a signer key.", {}, "It begins with PRIVATE+KEY+.");
  FB_TRY(KeyText text, parse_key(skey.substr(kPrivate.size())));
  auto out = from_seed(std::move(text.name), text.bytes);
  OPENSSL_cleanse(text.bytes.data(), text.bytes.size());
  if (out && out->verifier_.key_id_ != text.id) return wrong_id();
  return out;
}

std::string Signer::skey() const {
  return show_key(kPrivate, verifier_.name_, verifier_.key_id_, seed_);
}

std::array<uint8_t, 64> Signer::sign(std::string_view text) const {
  std::array<uint8_t, 64> out{};
  size_t length = out.size();
  const Key key = private_key(seed_);
  const Context context(EVP_MD_CTX_new());
  const auto bytes = as_bytes(text);
  const bool ok =
      key && context &&
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), out.data(), &length, bytes.data(), bytes.size()) == 1;
  if (!ok) std::abort();  // as in public_of()
  return out;
}

}  // namespace firebreak::ledger
