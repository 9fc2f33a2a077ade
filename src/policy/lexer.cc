// SPDX-License-Identifier: Apache-2.0
#include "policy/lexer.h"

#include <algorithm>

namespace firebreak::policy {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }

// The bytes of the well-formed UTF-8 sequence at the beginning of `text`; 0 when there is none
// (Unicode 15, table 3-7).
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = byte(0);
  const auto tail = [&](size_t from, size_t to) {
    for (size_t i = from; i <= to; ++i) {
      if ((byte(i) & 0xC0U) != 0x80U) return false;
    }
    return true;
  };
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1, 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return !overlong && !surrogate && tail(1, 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool too_high = lead == 0xF4 && byte(1) > 0x8F;
    return !overlong && !too_high && tail(1, 3) ? 4 : 0;
  }
  return 0;
}

class Lexer {
 public:
  Lexer(const Source& source, Diagnostics& faults) : text_(source.text()), faults_(faults) {}

  std::vector<Token> run() {
    while (!faults_.full() && skip_blank()) {
      const char c = text_[at_];
      if (is_letter(c)) {
        take_name();
      } else if (is_digit(c) || (c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
        take_number();
      } else if (c == '"') {
        take_text();
      } else if (c == ',' || c == '(' || c == ')') {
        const Token::Kind kind =
            c == ',' ? Token::Kind::comma : (c == '(' ? Token::Kind::open : Token::Kind::close);
        push(kind, here(1), std::string(1, c));
        advance(1);
      } else {
        take_stranger();
      }
    }
    push(Token::Kind::end, here(1), {});
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] Place here(size_t length) const {
    return {line_, column_, static_cast<uint32_t>(at_), static_cast<uint32_t>(length)};
  }
  // Over `bytes` bytes on one line, each a code point.
  void advance(size_t bytes) {
    at_ += bytes;
    column_ += static_cast<uint32_t>(bytes);
  }
  void new_line() {
    ++at_;
    ++line_;
    column_ = 1;
    fresh_line_ = true;
  }
  // Over one code point, which may be a line break.
  void advance_code_point() {
    if (text_[at_] == '\n') return new_line();
    at_ += std::max<size_t>(utf8_length(text_.substr(at_, 4)), 1);
    ++column_;
  }
  void push(Token::Kind kind, Place place, std::string text) {
    tokens_.push_back({kind, fresh_line_, 0, std::move(text), place});
    fresh_line_ = false;
  }

  // To the next token; false at the end.
  bool skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') advance_code_point();
      } else if (c == ' ' || c == '\n' || c == '\r') {
        advance_code_point();
      } else {
        return true;
      }
    }
    return false;
  }

  void take_name() {
    size_t end = at_;
    // A slash joins names: `yes/no`, `rule/exception`.
    const auto joins = [&](size_t i) {
      return text_[i] == '/' && i + 1 < text_.size() && is_letter(text_[i + 1]);
    };
    while (end < text_.size() && (in_name(text_[end]) || joins(end))) ++end;
    const Place place = here(end - at_);
    if (end - at_ > kMaxNameBytes) {
      faults_.error(place,
                    "This name is longer than " + std::to_string(kMaxNameBytes) + " characters.");
    }
    push(Token::Kind::word, place,
         std::string(text_.substr(at_, std::min(end - at_, kMaxNameBytes))));
    advance(end - at_);
  }

  void take_number() {
    size_t end = at_ + 1;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    Token::Kind kind = Token::Kind::number;
    const auto two_digits = [&](size_t i) {
      return i + 2 < text_.size() && text_[i] == '-' && is_digit(text_[i + 1]) &&
             is_digit(text_[i + 2]);
    };
    if (end - at_ == 4 && two_digits(end) && two_digits(end + 3)) {
      kind = Token::Kind::date;
      end += 6;
    }
    const size_t digits_end = end;
    while (end < text_.size() && in_name(text_[end])) ++end;
    const Place place = here(end - at_);
    if (end != digits_end) {
      faults_.error(place, "This is neither a number nor a name: a name begins with a letter.");
    }
    push(kind, place, std::string(text_.substr(at_, std::min(digits_end - at_, kMaxNameBytes))));
    advance(end - at_);
  }

  void take_text() {
    const Place start = here(1);
    const size_t start_at = at_;
    const bool fresh = fresh_line_;
    std::string out;
    advance(1);
    bool closed = false;
    while (at_ < text_.size() && !closed) closed = take_text_part(out, start_at);
    Place place = start;
    place.length = line_ == start.line ? column_ - start.column : 1;
    if (!closed) faults_.error(start, "This text is not closed: a \" is missing.");
    if (out.size() > kMaxTextBytes) {
      faults_.error(place, "This text is longer than " + std::to_string(kMaxTextBytes) + " bytes.");
      out.clear();
    }
    fresh_line_ = fresh;
    push(Token::Kind::text, place, std::move(out));
  }

  // Takes one character, escape or line break of a text; true at its closing quote.
  bool take_text_part(std::string& out, size_t start_at) {
    const char c = text_[at_];
    if (c == '"') {
      advance(1);
      return true;
    }
    if (c == '\n' || c == '\r') {
      while (!out.empty() && out.back() == ' ') out.pop_back();
      while (at_ < text_.size() &&
             (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r')) {
        advance_code_point();
      }
      out += ' ';
      return false;
    }
    if (c == '\\') {
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
      if (next != '"' && next != '\\') {
        faults_.error(here(1), "A \\ in a text stands only before \" or \\.");
        advance(1);
        return false;
      }
      out += next;
      advance(2);
      return false;
    }
    const size_t length = utf8_length(text_.substr(at_, 4));
    if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      take_stranger();
      return faults_.full();
    }
    // Past the limit the text is only skipped: memory stays bounded.
    if (at_ - start_at <= 4 * kMaxTextBytes) out += text_.substr(at_, length);
    advance_code_point();
    return false;
  }

  // A character that has no place here: reported once for a run of them.
  void take_stranger() {
    const char c = text_[at_];
    const size_t length = utf8_length(text_.substr(at_, 4));
    std::string message;
    if (c == '\t') {
      message = "A tab may not stand here: indentation has a meaning, so use spaces.";
    } else if (length == 0) {
      message = "This is not UTF-8 text.";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      message = "A control character may not stand here.";
    } else {
      message = "`" + std::string(text_.substr(at_, length)) + "` has no meaning here.";
    }
    faults_.error(here(1), std::move(message));
    do {
      advance_code_point();
    } while (at_ < text_.size() && text_[at_] == c);
  }

  std::string_view text_;
  Diagnostics& faults_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  uint32_t column_ = 1;
  bool fresh_line_ = true;
};

}  // namespace

std::vector<Token> lex(const Source& source, Diagnostics& faults) {
  return Lexer(source, faults).run();
}

std::string shown(const Token& token) {
  if (token.kind == Token::Kind::end) return "the end of the file";
  if (token.kind == Token::Kind::hole) return "nothing";
  if (token.kind == Token::Kind::text) {
    size_t cut = std::min<size_t>(token.text.size(), 40);
    while (cut > 0 && cut < token.text.size() &&
           (static_cast<unsigned char>(token.text[cut]) & 0xC0) == 0x80) {
      --cut;
    }
    return "the text \"" + token.text.substr(0, cut) + (cut < token.text.size() ? "…" : "") + "\"";
  }
  return "`" + token.text + "`";
}

}  // namespace firebreak::policy
