// SPDX-License-Identifier: Apache-2.0
// The text of an open document, and the places in it as the language server protocol counts them:
// lines from 0, ended by LF, CR LF or CR, and columns in the units that the client and the server
// have agreed on. Texts are well-formed UTF-8: they came as JSON.
//
//   Text text("when a\n");
//   text.offset({0, 5}, Encoding::utf16);      // 5; a place behind the line is its end
//   text.replace(0, 4, "if");
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace firebreak::policy::lsp {

enum class Encoding : uint8_t { utf8, utf16, utf32 };

struct Position {
  uint32_t line = 0;
  uint32_t character = 0;
  bool operator==(const Position&) const = default;
};

class Text {
 public:
  explicit Text(std::string bytes) : bytes_(std::move(bytes)) { find_lines(); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  // The byte at a place; a place that is not there is taken for the last one before it.
  [[nodiscard]] size_t offset(const Position& position, Encoding encoding) const;
  [[nodiscard]] Position position(size_t offset, Encoding encoding) const;

  void replace(size_t from, size_t to, std::string_view with);

 private:
  void find_lines();

  std::string bytes_;
  std::vector<size_t> lines_;  // where each begins
};

}  // namespace firebreak::policy::lsp
