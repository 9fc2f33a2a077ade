// SPDX-License-Identifier: Apache-2.0
// Walks over the tokens of a file for the parsers. A function that returns false or nothing has
// reported a fault; the caller gives up its part and goes on at the next top-level word.
//
//   if (!cursor.expect("version")) return false;
//   const Token* name = cursor.name("a policy");
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/lexer.h"

namespace firebreak::policy {

class Cursor {
 public:
  Cursor(std::vector<Token>& tokens, Diagnostics& faults) : tokens_(tokens), faults_(faults) {}

  [[nodiscard]] const Token& peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  const Token& next() {
    const Token& token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  // The token that next() gave last, to be marked.
  Token& taken() { return tokens_[at_ - 1]; }
  [[nodiscard]] bool at_end() const { return peek().kind == Token::Kind::end; }

  [[nodiscard]] bool is(std::string_view word, size_t ahead = 0) const {
    return peek(ahead).kind == Token::Kind::word && peek(ahead).text == word;
  }
  // Takes the words, one after the other, when all are there; else nothing.
  bool accept(std::initializer_list<std::string_view> words);
  bool accept(std::string_view word) { return accept({word}); }
  bool accept_comma();

  // Reports what was expected instead of the token at hand. Always false.
  bool fail(const std::string& expected);
  bool expect(std::string_view word) { return accept(word) || fail("`" + std::string(word) + "`"); }
  // A name: a word of lower-case letters, digits, _ and -, that the language does not use itself.
  // `what` says what it names ("an attribute").
  const Token* name(const std::string& what);
  const Token* text(const std::string& what);
  // A whole number from `low` to `high`.
  std::optional<int32_t> number(const std::string& what, int32_t low, int32_t high);

  // The name (a word, or a case's text) after `keyword`, wherever in the file: what is declared
  // further down, or was declared with a fault that has been reported.
  [[nodiscard]] const Token* declared(const std::string& keyword, const std::string& name);

  // A list: `item` for each, while a comma follows.
  bool list(const std::function<bool()>& item);

  // Goes to the next line that begins with one of these words, or to the end.
  void recover(const std::vector<std::string>& words);

  [[nodiscard]] Diagnostics& faults() { return faults_; }

 private:
  std::vector<Token>& tokens_;
  Diagnostics& faults_;
  size_t at_ = 0;
  // By keyword and name; made when first asked for, as thousands of names may be.
  std::optional<std::unordered_map<std::string, size_t>> declared_;
};

}  // namespace firebreak::policy
