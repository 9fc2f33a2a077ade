// SPDX-License-Identifier: Apache-2.0
#include "policy/format_condition.h"

#include <algorithm>

namespace firebreak::policy {
namespace {

// Pieces [first, end). A chain's parts are joined by `and` or `or`, which are no part of them; a
// group's one part stands in its parentheses.
struct Phrase {
  enum class Kind : uint8_t { test, group, chain };
  Kind kind = Kind::test;
  size_t first = 0;
  size_t end = 0;
  std::vector<Phrase> parts;
};

class ConditionReader {
 public:
  ConditionReader(const std::vector<Piece>& pieces, size_t at) : pieces_(pieces), at_(at) {}

  Phrase disjunction() {
    return chain("or", [this] { return chain("and", [this] { return unary(); }); });
  }

 private:
  [[nodiscard]] const Token& token(size_t ahead = 0) const {
    return pieces_[std::min(at_ + ahead, pieces_.size() - 1)].token;
  }
  bool accept(std::string_view word) {
    const bool there = token().kind == Token::Kind::word && token().text == word;
    if (there) ++at_;
    return there;
  }
  [[nodiscard]] bool follows(std::string_view word, Token::Kind kind) const {
    return token().text == word && token(1).kind == kind;
  }

  template <typename Part>
  Phrase chain(std::string_view word, Part part) {
    Phrase out;
    out.kind = Phrase::Kind::chain;
    out.first = at_;
    do out.parts.push_back(part());
    while (accept(word));
    out.end = at_;
    if (out.parts.size() > 1) return out;
    Phrase only = std::move(out.parts[0]);
    return only;
  }

  Phrase unary() {
    Phrase out;
    out.first = at_;
    while (accept("not")) {
    }
    if (token().kind == Token::Kind::open) {
      ++at_;
      out.kind = Phrase::Kind::group;
      out.parts.push_back(disjunction());
      ++at_;
    } else {
      ++at_;
      test();
    }
    out.end = at_;
    return out;
  }

  // Behind an attribute's name: as the parser reads it, but without the vocabulary.
  void test() {
    const bool is = accept("is");
    if (is) accept("not");
    if (!is && accept("includes")) {
      if (token(1).text == "of") at_ += 2;
      return list();
    }
    if (!is && accept("only")) return list();
    if (token().text == "at" && token(2).kind == Token::Kind::number) {
      at_ += 3;
    } else if (follows("above", Token::Kind::number) || follows("below", Token::Kind::number)) {
      at_ += 2;
    } else if (is) {
      if (accept("any")) ++at_;
      list();
    }
  }

  void list() {
    ++at_;
    while (token().kind == Token::Kind::comma) at_ += 2;
  }

  const std::vector<Piece>& pieces_;
  size_t at_;
};

class ConditionFormatter {
 public:
  ConditionFormatter(const std::vector<Piece>& pieces, FormatWriter& out)
      : pieces_(pieces), out_(out) {}

  // `behind` is how many closing parentheses follow on the same line.
  void phrase(const Phrase& phrase, size_t align, size_t behind) {
    const bool fits = out_.fits(out_.width(phrase.first, phrase.end) + behind);
    if (fits || phrase.kind == Phrase::Kind::test) return words(phrase.first, phrase.end, align);
    if (phrase.kind == Phrase::Kind::chain) return chain(phrase, align, behind);
    const Phrase& inner = phrase.parts[0];
    words(phrase.first, inner.first, align);
    this->phrase(inner, out_.column() - 1, behind + 1);
    words(inner.end, phrase.end, align);
  }

 private:
  void words(size_t first, size_t end, size_t align) {
    for (size_t i = first; i < end; ++i) {
      const bool comma_next = i + 1 < end && pieces_[i + 1].token.kind == Token::Kind::comma;
      const bool in_list = i > first && pieces_[i - 1].token.kind == Token::Kind::comma;
      if (in_list && !out_.fits(out_.width(i, i + 1) + (comma_next ? 1 : 0))) out_.line(align);
      out_.put(i, align);
    }
  }

  void chain(const Phrase& chain, size_t align, size_t behind) {
    for (size_t i = 0; i < chain.parts.size(); ++i) {
      const Phrase& part = chain.parts[i];
      const size_t after = i + 1 == chain.parts.size() ? behind : 0;
      if (i == 0) {
        phrase(part, align, after);
        continue;
      }
      const size_t word = part.first - 1;
      if (!out_.fits(out_.width(word, part.end) + after)) out_.line(align);
      out_.put(word, align);
      // What is part of a longer chain goes on behind its `or`.
      phrase(part, part.kind == Phrase::Kind::chain ? out_.column() : align, after);
    }
  }

  const std::vector<Piece>& pieces_;
  FormatWriter& out_;
};

}  // namespace

size_t format_condition(const std::vector<Piece>& pieces, size_t at, size_t align,
                        FormatWriter& out) {
  const Phrase whole = ConditionReader(pieces, at).disjunction();
  ConditionFormatter(pieces, out).phrase(whole, align, 0);
  return whole.end;
}

}  // namespace firebreak::policy
