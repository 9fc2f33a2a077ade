// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), hexadecimal and base64 (RFC 4648), over OpenSSL's.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace firebreak {

using Bytes = std::vector<uint8_t>;
using Digest = std::array<uint8_t, 32>;

// The bytes of a text, without copying them.
inline std::span<const uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Digest sha256(std::span<const uint8_t> bytes);
// The digest of the parts laid one after the other. Safe to call from several threads.
Digest sha256(std::initializer_list<std::span<const uint8_t>> parts);

// HMAC-SHA-256 (RFC 2104).
Digest hmac_sha256(std::span<const uint8_t> key, std::span<const uint8_t> bytes);

// Lower-case hexadecimal.
std::string hex(std::span<const uint8_t> bytes);
Result<Bytes> from_hex(std::string_view text);
// Standard base64 with padding.
std::string base64(std::span<const uint8_t> bytes);
// Strict: only canonical base64 is taken.
Result<Bytes> from_base64(std::string_view text);
// base64url (RFC 4648 section 5) without padding, and strict in the same way.
std::string base64url(std::span<const uint8_t> bytes);
Result<Bytes> from_base64url(std::string_view text);

// "sha256:" and the digest in hexadecimal, the form in which digests are shown.
std::string show_digest(const Digest& digest);
Result<Digest> parse_digest(std::string_view text);

// True when both are equal; takes the same time wherever they differ.
bool equal_in_constant_time(std::span<const uint8_t> a, std::span<const uint8_t> b);

}  // namespace firebreak
