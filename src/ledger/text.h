// SPDX-License-Identifier: Apache-2.0
// The small pieces of text that notes, checkpoints, receipts and tile names share. For the units of
// this folder.
//
//   Lines lines(text);
//   while (auto line = lines.next()) read(*line);
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace firebreak::ledger {

// The first code point of a text and its length in bytes; empty when the text does not begin with
// well-formed UTF-8 (RFC 3629).
struct CodePoint {
  uint32_t value = 0;
  size_t length = 0;
};
std::optional<CodePoint> first_code_point(std::string_view text);

// Valid UTF-8 without ASCII control characters, except newlines if `newlines`.
bool is_plain_text(std::string_view text, bool newlines);
// Unicode's property White_Space.
bool is_space(uint32_t code_point);

// ASCII decimal without sign or leading zeroes ("0" itself apart) that fits 64 bits.
std::optional<uint64_t> parse_decimal(std::string_view text);
// Base64 of exactly 32 bytes.
std::optional<Digest> parse_base64_digest(std::string_view text);

// Takes a text apart into lines that each end in a newline.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  // What has not been read yet.
  [[nodiscard]] std::string_view rest() const { return rest_; }
  // The number, from 1, of the line read last.
  [[nodiscard]] unsigned number() const { return number_; }
  // The next line without its newline; none when no newline is left.
  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
  unsigned number_ = 0;
};

}  // namespace firebreak::ledger
