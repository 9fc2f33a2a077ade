// SPDX-License-Identifier: Apache-2.0
// Cuts the text of a policy or a vocabulary into tokens. Any bytes are survived: what is no token
// is reported and skipped; where a quote is missing, that is reported and not what follows from it.
//
//   std::vector<Token> tokens = lex(source, faults);   // ends with Token::Kind::end
#pragma once

#include <string>
#include <vector>

#include "policy/source.h"

namespace firebreak::policy {

struct Token {
  enum class Kind : uint8_t { word, number, date, text, comma, open, close, end };
  Kind kind = Kind::end;
  bool first_on_line = false;
  // For an `except`: how deep it is nested. Layout says so, and the digest must tell it.
  uint8_t depth = 0;
  // Of the days in force, which the digest leaves out: ending a text does not change it.
  bool of_days_in_force = false;
  std::string text;  // a text without its quotes and escapes, line breaks as one space
  Place place;
};

// Limits that keep time and memory bounded whatever the bytes.
constexpr size_t kMaxFileBytes = size_t{8} << 20;
constexpr size_t kMaxNameBytes = 400;
constexpr size_t kMaxTextBytes = 20'000;
constexpr size_t kMaxTokens = 2'000'000;

std::vector<Token> lex(const Source& source, Diagnostics& faults);

// How a message names a token: `rol`, the text "…", the end of the file.
std::string shown(const Token& token);

}  // namespace firebreak::policy
