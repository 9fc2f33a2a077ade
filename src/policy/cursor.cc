// SPDX-License-Identifier: Apache-2.0
#include "policy/cursor.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace firebreak::policy {
namespace {

// As names these would make a condition or a case read as something else.
constexpr std::array kReserved = {"and", "or",  "not", "is",   "includes", "only",
                                  "any", "all", "of",  "when", "unless",   "under"};

bool is_name(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '/'; });
}

// What stands after each keyword that declares a name: the first of each name.
std::unordered_map<std::string, size_t> declarations(const std::vector<Token>& tokens) {
  std::unordered_map<std::string, size_t> out;
  for (size_t i = 1; i < tokens.size(); ++i) {
    const Token& keyword = tokens[i - 1];
    const bool declares =
        keyword.kind == Token::Kind::word &&
        (keyword.text == "clause" || keyword.text == "setting" || keyword.text == "case");
    const bool names = tokens[i].kind == Token::Kind::word || tokens[i].kind == Token::Kind::text;
    if (declares && names) out.emplace(keyword.text + " " + tokens[i].text, i);
  }
  return out;
}

}  // namespace

bool Cursor::accept(std::initializer_list<std::string_view> words) {
  size_t ahead = 0;
  for (const std::string_view word : words) {
    if (!is(word, ahead++)) return false;
  }
  for (size_t i = 0; i < words.size(); ++i) next();
  return true;
}

bool Cursor::accept_comma() {
  if (peek().kind != Token::Kind::comma) return false;
  next();
  return true;
}

bool Cursor::fail(const std::string& expected) {
  faults_.error(peek().place, "Expected " + expected + ", found " + shown(peek()) + ".");
  return false;
}

const Token* Cursor::name(const std::string& what) {
  const Token& token = peek();
  if (token.kind != Token::Kind::word) {
    fail("the name of " + what);
    return nullptr;
  }
  if (!is_name(token.text)) {
    faults_.error(token.place, "The name of " + what +
                                   " is written in lower-case letters, digits, `_` and `-`.");
    return nullptr;
  }
  if (std::find(kReserved.begin(), kReserved.end(), token.text) != kReserved.end()) {
    faults_.error(token.place, "`" + token.text + "` is a word of the language; " + what +
                                   " needs another name.");
    return nullptr;
  }
  return &next();
}

const Token* Cursor::text(const std::string& what) {
  if (peek().kind != Token::Kind::text) {
    fail(what + " in double quotes");
    return nullptr;
  }
  if (peek().text.find_first_not_of(' ') == std::string::npos) {
    faults_.error(peek().place, "This text is empty: " + what + " must say something.");
    return nullptr;
  }
  return &next();
}

std::optional<int32_t> Cursor::number(const std::string& what, int32_t low, int32_t high) {
  const Token& token = peek();
  if (token.kind != Token::Kind::number) {
    fail(what);
    return std::nullopt;
  }
  int32_t value = 0;
  const char* end = token.text.data() + token.text.size();
  const auto [stop, failure] = std::from_chars(token.text.data(), end, value);
  if (failure != std::errc() || stop != end || value < low || value > high) {
    faults_.error(token.place, "Expected " + what + " from " + std::to_string(low) + " to " +
                                   std::to_string(high) + ", found " + shown(token) + ".");
    return std::nullopt;
  }
  next();
  return value;
}

const Token* Cursor::declared(const std::string& keyword, const std::string& name) {
  if (!declared_) declared_ = declarations(tokens_);
  const auto found = declared_->find(keyword + " " + name);
  return found == declared_->end() ? nullptr : &tokens_[found->second];
}

bool Cursor::list(const std::function<bool()>& item) {
  do {
    if (!item()) return false;
  } while (accept_comma());
  return true;
}

void Cursor::recover(const std::vector<std::string>& words) {
  while (!at_end()) {
    const Token& token = peek();
    if (token.first_on_line && token.kind == Token::Kind::word &&
        std::find(words.begin(), words.end(), token.text) != words.end()) {
      return;
    }
    next();
  }
}

}  // namespace firebreak::policy
