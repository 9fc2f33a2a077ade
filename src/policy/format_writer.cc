// SPDX-License-Identifier: Apache-2.0
#include "policy/format_writer.h"

#include <algorithm>

#include "policy/format.h"

namespace firebreak::policy {
namespace {

size_t letters_in(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// Behind the last byte of a token.
size_t end_of(std::string_view text, const Token& token) {
  size_t at = token.place.offset;
  if (token.kind != Token::Kind::text) return at + token.text.size();
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

std::string source_form(const Token& token) {
  if (token.kind != Token::Kind::text) return token.text;
  std::string out = "\"";
  for (const char c : token.text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// A text counts as its quotes alone: however long it is, it is not a reason to end a line.
size_t counted_width(const Token& token) {
  return token.kind == Token::Kind::text ? 2 : letters_in(token.text);
}

bool spaced(const Token& before, const Token& token) {
  return before.kind != Token::Kind::open && token.kind != Token::Kind::comma &&
         token.kind != Token::Kind::close;
}

// What stands between two tokens.
void read_gap(std::string_view gap, Piece* before, Piece& piece) {
  size_t lines = 0;
  bool same_line = before != nullptr;
  for (size_t at = 0; at < gap.size(); ++at) {
    if (gap[at] == '\n') {
      ++lines;
      same_line = false;
    }
    if (gap[at] != '#') continue;
    const size_t end = std::min(gap.find('\n', at), gap.size());
    std::string text(gap.substr(at, end - at));
    while (text.back() == ' ' || text.back() == '\r') text.pop_back();
    if (same_line) {
      before->beside = std::move(text);
    } else {
      piece.above.push_back({std::move(text), lines > 1});
    }
    lines = 0;
    at = end - 1;
  }
  piece.gap = lines > 1;
}

}  // namespace

std::vector<Piece> pieces_of(const Source& source, const std::vector<Token>& tokens) {
  const std::string_view text = source.text();
  std::vector<Piece> out;
  out.reserve(tokens.size());
  size_t from = 0;
  for (const Token& token : tokens) {
    Piece piece;
    piece.token = token;
    const bool last = token.kind == Token::Kind::end;
    const size_t to = last ? text.size() : token.place.offset;
    read_gap(text.substr(from, to - from), out.empty() ? nullptr : &out.back(), piece);
    if (!last) from = end_of(text, token);
    out.push_back(std::move(piece));
  }
  return out;
}

void FormatWriter::end_line() {
  if (!fresh_) out_ += '\n';
  fresh_ = true;
  broken_ = false;
  spaces_ = 0;
}

void FormatWriter::line(size_t indent) {
  end_line();
  indent_ = indent;
}

void FormatWriter::raw(const std::string& text) {
  if (fresh_) {
    out_.append(indent_, ' ');
    column_ = indent_;
    fresh_ = false;
  }
  out_ += text;
}

void FormatWriter::comment(const Comment& comment, size_t indent) {
  line(indent);
  raw(comment.text);
  end_line();
}

// How many of the comments above a section belong to what stands before it: those that follow it
// without a blank line and are themselves followed by one.
size_t FormatWriter::own_comments(size_t piece, bool last) const {
  const std::vector<Comment>& comments = pieces_[piece].above;
  if (out_.empty() || comments.empty() || comments[0].after_blank) return 0;
  size_t count = 1;
  while (count < comments.size() && !comments[count].after_blank) ++count;
  return count < comments.size() || pieces_[piece].gap || last ? count : 0;
}

void FormatWriter::section(size_t piece, size_t indent) {
  const Piece& at = pieces_[piece];
  const bool last = at.token.kind == Token::Kind::end;
  const size_t own = own_comments(piece, last);
  for (size_t i = 0; i < own; ++i) comment(at.above[i], indent + 2);
  end_line();
  if (!out_.empty() && !(last && own == at.above.size())) out_ += '\n';
  for (size_t i = own; i < at.above.size(); ++i) {
    if (i > own && at.above[i].after_blank) out_ += '\n';
    comment(at.above[i], indent);
  }
  if (last) return;
  if (at.gap && own < at.above.size()) out_ += '\n';
  line(indent);
  raw(source_form(at.token));
  column_ += counted_width(at.token);
  if (!at.beside.empty()) {
    raw("  " + at.beside);
    broken_ = true;
  }
}

void FormatWriter::put(size_t piece, size_t align) {
  const Piece& at = pieces_[piece];
  if (broken_ || (!fresh_ && !at.above.empty())) line(align);
  for (const Comment& one : at.above) {
    const size_t indent = indent_;
    comment(one, indent);
  }
  if (fresh_) spaces_ = 0;
  if (!fresh_ && spaced(pieces_[piece - 1].token, at.token)) spaces_ = std::max<size_t>(spaces_, 1);
  raw(std::string(spaces_, ' ') + source_form(at.token));
  column_ += spaces_ + counted_width(at.token);
  spaces_ = 0;
  if (at.beside.empty()) return;
  raw("  " + at.beside);
  broken_ = true;
}

size_t FormatWriter::column() const { return fresh_ || broken_ ? indent_ : column_ + 1; }

bool FormatWriter::fits(size_t width) const {
  return !broken_ && column() + width <= kFormatColumns;
}

size_t FormatWriter::width(size_t first, size_t end) const {
  size_t out = 0;
  for (size_t i = first; i < end; ++i) {
    const bool divided =
        (i > first && !pieces_[i].above.empty()) || (i + 1 < end && !pieces_[i].beside.empty());
    if (divided) return kNoWidth;
    if (i > first && spaced(pieces_[i - 1].token, pieces_[i].token)) ++out;
    out += counted_width(pieces_[i].token);
  }
  return out;
}

}  // namespace firebreak::policy
