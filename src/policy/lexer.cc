// SPDX-License-Identifier: Apache-2.0
#include "policy/lexer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <unordered_set>

namespace firebreak::policy {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }

// `—` (U+2014), or the number alone of what cannot be seen.
std::string shown_character(std::string_view bytes) {
  const uint32_t point = code_point(bytes);
  if (point > 0x20 && point < 0x7F) return "`" + std::string(bytes) + "`";
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "U+%04X", point);
  const bool unseen = deceives(point) || point == 0xA0 || point == 0xAD ||
                      (point >= 0x300 && point < 0x370) || (point >= 0x2000 && point < 0x2010);
  return unseen ? "The character " + std::string(number.data())
                : "`" + std::string(bytes) + "` (" + number.data() + ")";
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
      if (tokens_.size() >= kMaxTokens) {
        faults_.last_error(here(1), "This file has more than " + std::to_string(kMaxTokens) +
                                        " words and marks. Split it.");
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
  // Where a quote is missing only the first fault is reported: what follows is read inside out, and
  // every message about it would mislead.
  void fault(const Place& place, std::string message) {
    if (!misled()) faults_.error(place, std::move(message));
  }
  [[nodiscard]] bool misled() { return faults_.failed() && (ran_over_ || odd_quotes()); }
  // A fault that a missing quote may be behind. Where one is missing and a text before ran over the
  // beginning of a section, that is reported instead.
  void quote_fault(const Place& place, std::string message) {
    if (!ran_over_ || !odd_quotes()) return fault(place, std::move(message));
    fault(ran_over_->text, "A \" is missing here or before: the text that begins here runs over `" +
                               ran_over_->word + "` in line " + std::to_string(ran_over_->line) +
                               ".");
  }
  [[nodiscard]] bool odd_quotes() {
    if (odd_quotes_) return *odd_quotes_;
    odd_quotes_ = false;
    for (size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '"' && (i == 0 || text_[i - 1] != '\\')) odd_quotes_ = !*odd_quotes_;
    }
    return *odd_quotes_;
  }
  // Notes that the text which began at `start` goes on over a line that looks like a section.
  void note_section(const Place& start) {
    static const std::unordered_set<std::string_view> sections = {
        "clause", "setting",   "never",      "rule",  "except", "assert",
        "case",   "attribute", "impossible", "given", "expect"};
    if (ran_over_ || column_ > kMostIndent) return;
    size_t end = at_;
    while (end < text_.size() && in_name(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (sections.contains(word)) ran_over_ = RanOver{start, line_, std::string(word)};
  }
  // Over one code point, which may be a line break.
  void advance_code_point() {
    if (text_[at_] == '\n') return new_line();
    at_ += std::max<size_t>(utf8_length(text_.substr(at_, 4)), 1);
    ++column_;
  }
  void push(Token::Kind kind, Place place, std::string text) {
    tokens_.push_back({kind, fresh_line_, 0, false, std::move(text), place});
    fresh_line_ = false;
  }

  // To the next token; false at the end.
  bool skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        take_comment();
        if (faults_.full()) return false;
      } else if (c == ' ' || c == '\n' || ends_line(at_)) {
        advance_code_point();
      } else {
        return true;
      }
    }
    return false;
  }

  // What an editor shows as another line must not be swallowed by a comment.
  void take_comment() {
    while (at_ < text_.size() && text_[at_] != '\n' && !faults_.full()) {
      if (text_[at_] != '\t' && !ends_line(at_) && !fair()) {
        take_stranger();
      } else {
        advance_code_point();
      }
    }
  }

  // A carriage return before a line feed.
  [[nodiscard]] bool ends_line(size_t at) const { return text_.substr(at, 2) == "\r\n"; }
  // Whether the character at hand may stand in a text.
  [[nodiscard]] bool fair() const {
    const std::string_view here = text_.substr(at_, 4);
    return utf8_length(here) > 0 && !deceives(code_point(here));
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
      quote_fault(place, "This is neither a number nor a name: a name begins with a letter.");
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
    if (c == '\n' || ends_line(at_)) {
      while (!out.empty() && out.back() == ' ') out.pop_back();
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || ends_line(at_))) {
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
    if (!fair()) {
      take_stranger();
      return faults_.full();
    }
    const size_t length = utf8_length(text_.substr(at_, 4));
    // Past the limit the text is only skipped: memory stays bounded.
    if (at_ - start_at <= 4 * kMaxTextBytes) out += text_.substr(at_, length);
    advance_code_point();
    return false;
  }

  // A character that has no place here: reported once for a line.
  void take_stranger() {
    const std::string_view here_on = text_.substr(at_, 4);
    const size_t length = utf8_length(here_on);
    if (length == 0 || here_on[0] == '\0') {
      if (!misled()) {
        faults_.last_error(here(1), "This is not UTF-8 text. Save the file as UTF-8.");
      }
      return advance_code_point();
    }
    if (strange_line_ != line_) report_stranger(here_on.substr(0, length));
    strange_line_ = line_;
    const char c = text_[at_];
    do {
      advance_code_point();
    } while (at_ < text_.size() && text_[at_] == c);
  }

  void report_stranger(std::string_view bytes) {
    const uint32_t point = code_point(bytes);
    std::string message = stranger_message(point, bytes);
    // What may stand nowhere is one fault whether a quote is missing or not.
    if (deceives(point)) {
      fault(here(1), std::move(message));
    } else {
      quote_fault(here(1), std::move(message));
    }
  }

  [[nodiscard]] std::string stranger_message(uint32_t point, std::string_view bytes) const {
    if (point == '\t') return "A tab may not stand here: indentation has a meaning, so use spaces.";
    if (point == '\r') {
      return "A carriage return stands here without a line feed. Save the file with the line ends "
             "of Unix or Windows.";
    }
    if (point == 0xFEFF && at_ == 0) {
      return "The file begins with a byte order mark. Save it as UTF-8 without one.";
    }
    const std::string shown = shown_character(bytes);
    if (deceives(point))
      return shown + " may stand nowhere, not even in a text: it hides what is there.";
    if (point == '.' && at_ > 0 && is_digit(text_[at_ - 1]))
      return "A number here is a whole number.";
    if (point >= 0x201C && point <= 0x201F)
      return shown + " opens no text: texts stand in straight \".";
    if (point >= 0x80) {
      return shown +
             " has no meaning here: outside texts and comments only the letters "
             "a to z, digits and `_ - , ( )` do.";
    }
    // A statement on the command line holds no texts.
    const bool texts = text_.find('"') != std::string_view::npos;
    return shown + (texts ? " has no meaning here, outside a text. Is a \" missing before it?"
                          : " has no meaning here.");
  }

  std::string_view text_;
  Diagnostics& faults_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  uint32_t column_ = 1;
  bool fresh_line_ = true;
  uint32_t strange_line_ = 0;  // where a character was reported last

  struct RanOver {
    Place text;
    uint32_t line;
    std::string word;
  };
  std::optional<RanOver> ran_over_;  // the first
  std::optional<bool> odd_quotes_;   // counted when first asked for
};

}  // namespace

std::vector<Token> lex(const Source& source, Diagnostics& faults) {
  return Lexer(source, faults).run();
}

std::string shown(const Token& token) {
  if (token.kind == Token::Kind::end) return "the end";
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
