// SPDX-License-Identifier: Apache-2.0
#include "policy/lexer.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

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

// What stands further to the right is prose that a line break happens to begin.
constexpr uint32_t kMostIndent = 9;

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
  // Reports the fault if it is the first: what follows a missing quote is read inside out, and
  // every message about it would mislead.
  void fault(const Place& place, std::string message) {
    if (!faults_.failed()) faults_.error(place, std::move(message));
  }
  // A fault that a missing quote may be behind. Where one is missing and a text before ran over the
  // beginning of a section, that is reported instead.
  void quote_fault(const Place& place, std::string message) {
    if (!ran_over_ || !odd_quotes()) return fault(place, std::move(message));
    fault(ran_over_->text, "A \" is missing here or before: the text that begins here runs over `" +
                               ran_over_->word + "` in line " + std::to_string(ran_over_->line) +
                               ".");
  }
  [[nodiscard]] bool odd_quotes() const {
    size_t quotes = 0;
    for (size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '"' && (i == 0 || text_[i - 1] != '\\')) ++quotes;
    }
    return quotes % 2 == 1;
  }
  // Notes that the text which began at `start` goes on over a line that looks like a section.
  void note_section(const Place& start) {
    static const std::unordered_set<std::string_view> kSections = {
        "clause", "setting", "never",     "rule",  "except",
        "assert", "case",    "attribute", "given", "expect"};
    if (ran_over_ || column_ > kMostIndent) return;
    size_t end = at_;
    while (end < text_.size() && in_name(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (kSections.contains(word)) ran_over_ = RanOver{start, line_, std::string(word)};
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
      fault(place, "This name is longer than " + std::to_string(kMaxNameBytes) + " characters.");
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
      fault(place, "This is neither a number nor a name: a name begins with a letter.");
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
    while (at_ < text_.size() && !closed) closed = take_text_part(out, start, start_at);
    Place place = start;
    place.length = line_ == start.line ? column_ - start.column : 1;
    if (!closed) quote_fault(start, "This text is not closed: a \" is missing.");
    if (out.size() > kMaxTextBytes) {
      fault(place, "This text is longer than " + std::to_string(kMaxTextBytes) + " bytes.");
      out.clear();
    }
    fresh_line_ = fresh;
    push(Token::Kind::text, place, std::move(out));
  }

  // Takes one character, escape or line break of a text; true at its closing quote.
  bool take_text_part(std::string& out, const Place& start, size_t start_at) {
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
      note_section(start);
      out += ' ';
      return false;
    }
    if (c == '\\') {
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
      if (next != '"' && next != '\\') {
        fault(here(1), "A \\ in a text stands only before \" or \\.");
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
    if (c == '\t') {
      fault(here(1), "A tab may not stand here: indentation has a meaning, so use spaces.");
    } else if (length == 0) {
      fault(here(1), "This is not UTF-8 text.");
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fault(here(1), "A control character may not stand here.");
    } else {
      const std::string_view found = text_.substr(at_, length);
      const bool curly = found == "“" || found == "”" || found == "„";
      quote_fault(here(1), "`" + std::string(found) + "` has no meaning here" +
                               (curly ? ": texts stand in straight quotes, \"."
                                      : ", outside a text. Is a \" missing before it?"));
    }
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

  struct RanOver {
    Place text;
    uint32_t line;
    std::string word;
  };
  std::optional<RanOver> ran_over_;
};

}  // namespace

std::vector<Token> lex(const Source& source, Diagnostics& faults) {
  return Lexer(source, faults).run();
}

std::string shown(const Token& token) {
  if (token.kind == Token::Kind::end) return "the end of the file";
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
