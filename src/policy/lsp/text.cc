// SPDX-License-Identifier: Apache-2.0
#include "policy/lsp/text.h"

#include <algorithm>

namespace firebreak::policy::lsp {
namespace {

bool inside_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// What the code point that begins with this byte counts for.
uint32_t units(char lead, size_t bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return static_cast<uint32_t>(bytes);
    case Encoding::utf16:
      return static_cast<unsigned char>(lead) >= 0xF0 ? 2 : 1;
    case Encoding::utf32:
      return 1;
  }
  return 1;
}

// The end of the code point at `at`, at most `end`.
size_t after(std::string_view text, size_t at, size_t end) {
  ++at;
  while (at < end && inside_code_point(text[at])) ++at;
  return at;
}

}  // namespace

size_t Text::offset(const Position& position, Encoding encoding) const {
  if (position.line >= lines_.size()) return bytes_.size();
  size_t end = position.line + 1 < lines_.size() ? lines_[position.line + 1] : bytes_.size();
  size_t at = lines_[position.line];
  while (end > at && (bytes_[end - 1] == '\n' || bytes_[end - 1] == '\r')) --end;
  uint32_t column = 0;
  while (at < end) {
    const size_t next = after(bytes_, at, end);
    column += units(bytes_[at], next - at, encoding);
    if (column > position.character) break;
    at = next;
  }
  return at;
}

Position Text::position(size_t offset, Encoding encoding) const {
  offset = std::min(offset, bytes_.size());
  const auto line = std::upper_bound(lines_.begin(), lines_.end(), offset) - 1;
  Position out;
  out.line = static_cast<uint32_t>(line - lines_.begin());
  for (size_t at = *line; at < offset;) {
    const size_t next = after(bytes_, at, bytes_.size());
    out.character += units(bytes_[at], next - at, encoding);
    at = next;
  }
  return out;
}

void Text::replace(size_t from, size_t to, std::string_view with) {
  from = std::min(from, bytes_.size());
  to = std::clamp(to, from, bytes_.size());
  bytes_.replace(from, to - from, with);
  find_lines();
}

void Text::find_lines() {
  lines_.assign(1, 0);
  for (size_t at = bytes_.find_first_of("\r\n"); at != std::string::npos;
       at = bytes_.find_first_of("\r\n", at)) {
    at += bytes_[at] == '\r' && at + 1 < bytes_.size() && bytes_[at + 1] == '\n' ? 2 : 1;
    lines_.push_back(at);
  }
}

}  // namespace firebreak::policy::lsp
