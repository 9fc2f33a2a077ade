// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace firebreak {
namespace {

// OpenSSL 3 looks an algorithm up by name on every EVP_sha256(); fetched once it is three times
// faster.
const EVP_MD* fetched_sha256() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

EVP_MD_CTX* thread_context() {
  struct Free {
    void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
  return context.get();
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Digest sha256(std::initializer_list<std::span<const uint8_t>> parts) {
  EVP_MD_CTX* context = thread_context();
  Digest out{};
  unsigned length = 0;
  bool ok = EVP_DigestInit_ex2(context, fetched_sha256(), nullptr) == 1;
  for (auto part : parts) ok = ok && EVP_DigestUpdate(context, part.data(), part.size()) == 1;
  ok = ok && EVP_DigestFinal_ex(context, out.data(), &length) == 1;
  if (!ok)
    std::abort();  // only when memory is out or OpenSSL is broken: nothing may be recorded then
  return out;
}

Digest sha256(std::span<const uint8_t> bytes) { return sha256({bytes}); }

Digest hmac_sha256(std::span<const uint8_t> key, std::span<const uint8_t> bytes) {
  Digest out{};
  unsigned length = 0;
  if (HMAC(fetched_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(),
           out.data(), &length) == nullptr) {
    std::abort();
  }
  return out;
}

std::string hex(std::span<const uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  Bytes out;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = nibble(text[i]);
    const int low = nibble(text[i + 1]);
    if (high < 0 || low < 0) break;
    out.push_back(static_cast<uint8_t>(high * 16 + low));
  }
  if (out.size() * 2 != text.size()) return bad_input("This is not lower-case hexadecimal.");
  return out;
}

std::string base64(std::span<const uint8_t> bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(length));
  return out;
}

Result<Bytes> from_base64(std::string_view text) {
  Bytes out(text.size() / 4 * 3 + 1);
  const int length =
      EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  const size_t padding = text.ends_with("==") ? 2 : (text.ends_with("=") ? 1 : 0);
  if (length < 0 || static_cast<size_t>(length) < padding) return bad_input("This is not base64.");
  out.resize(static_cast<size_t>(length) - padding);
  // EVP_DecodeBlock forgives white space and stray bits; what does not encode back is refused.
  if (base64(out) != text) return bad_input("This is not base64.");
  return out;
}

std::string base64url(std::span<const uint8_t> bytes) {
  std::string out = base64(bytes);
  out.resize(out.find_last_not_of('=') + 1);  // 0 when nothing but padding, or nothing, is there
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

Result<Bytes> from_base64url(std::string_view text) {
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  auto bytes = from_base64(standard);
  // Padding and the letters '+' and '/' of the standard alphabet are not taken here.
  if (!bytes || base64url(*bytes) != text) return bad_input("This is not base64url.");
  return bytes;
}

std::string show_digest(const Digest& digest) { return "sha256:" + hex(digest); }

Result<Digest> parse_digest(std::string_view text) {
  const Error wrong =
      bad_input("This is not a digest.", {}, "Write sha256: and 64 hexadecimal digits.");
  if (!text.starts_with("sha256:")) return wrong;
  auto bytes = from_hex(text.substr(7));
  Digest out{};
  if (!bytes || bytes->size() != out.size()) return wrong;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

bool equal_in_constant_time(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace firebreak
