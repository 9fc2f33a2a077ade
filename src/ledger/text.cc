// SPDX-License-Identifier: Apache-2.0
#include "ledger/text.h"

#include <algorithm>
#include <charconv>

namespace firebreak::ledger {
namespace {

// How many bytes the sequence that begins with this byte has; 0 when none does.
size_t sequence_length(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto bytes = as_bytes(text);
  const size_t length = sequence_length(bytes[0]);
  if (length == 0 || length > bytes.size()) return std::nullopt;
  if (length == 1) return CodePoint{bytes[0], 1};
  uint32_t value = bytes[0] & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((bytes[i] & 0xC0) != 0x80) return std::nullopt;
    value = value << 6 | (bytes[i] & 0x3FU);
  }
  static constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[length] || surrogate || value > 0x10FFFF) return std::nullopt;
  return CodePoint{value, length};
}

bool is_plain_text(std::string_view text, bool newlines) {
  while (!text.empty()) {
    const auto point = first_code_point(text);
    if (!point || (point->value < 0x20 && !(newlines && point->value == '\n'))) return false;
    text.remove_prefix(point->length);
  }
  return true;
}

bool is_space(uint32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

std::optional<uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  uint64_t value = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<Digest> parse_base64_digest(std::string_view text) {
  if (text.size() != 44) return std::nullopt;
  const auto bytes = from_base64(text);
  Digest out{};
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::optional<std::string_view> Lines::next() {
  const size_t end = rest_.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  ++number_;
  return line;
}

}  // namespace firebreak::ledger
