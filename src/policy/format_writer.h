// SPDX-License-Identifier: Apache-2.0
// For format.h: the tokens of a file with their comments, and a writer that puts them on lines. The
// writer is told where lines may or must end; comments end lines by themselves.
//
//   const std::vector<Piece> pieces = pieces_of(source, tokens);
//   FormatWriter out(pieces);
//   out.section(0);                      // a section whose first token is pieces[0]
//   while (…) out.put(at++);
//   out.line(2);                         // what comes next begins a line, indented by two
#pragma once

#include <string>
#include <vector>

#include "policy/lexer.h"

namespace firebreak::policy {

struct Comment {
  std::string text;          // with its #, without blanks at its end
  bool after_blank = false;  // a blank line stands above it
};

struct Piece {
  Token token;
  std::vector<Comment> above;  // each on a line of its own
  bool gap = false;            // a blank line stands between them and the token
  std::string beside;          // behind the token, on its line
};

// The tokens are those of the source, which has no faults.
std::vector<Piece> pieces_of(const Source& source, const std::vector<Token>& tokens);

class FormatWriter {
 public:
  static constexpr size_t kNoWidth = 1'000'000;  // wider than any line

  explicit FormatWriter(const std::vector<Piece>& pieces) : pieces_(pieces) {}

  // The token that begins a section, with a blank line and its comments above. At the end of the
  // file the comments alone.
  void section(size_t piece, size_t indent);
  // The next token, with a space where one belongs. Where a comment ends the line, it goes on at
  // `align`.
  void put(size_t piece, size_t align);
  // What comes next begins a line.
  void line(size_t indent);
  // What comes next stands so many spaces further right.
  void space(size_t columns) { spaces_ = columns; }

  // The column at which the next token would begin, texts not counted.
  [[nodiscard]] size_t column() const;
  // Whether so much more fits on the line; at its beginning only what fits a whole line.
  [[nodiscard]] bool fits(size_t width) const;
  // Of the tokens on one line, texts not counted; kNoWidth when a comment divides them.
  [[nodiscard]] size_t width(size_t first, size_t end) const;
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void end_line();
  void comment(const Comment& comment, size_t indent);
  void raw(const std::string& text);
  [[nodiscard]] size_t own_comments(size_t piece, bool last) const;

  const std::vector<Piece>& pieces_;
  std::string out_;
  bool fresh_ = true;    // nothing stands on the line yet
  bool broken_ = false;  // a comment ends the line
  size_t indent_ = 0;    // of a fresh line
  size_t column_ = 0;    // of a line that is not fresh
  size_t spaces_ = 0;    // before the next token
};

}  // namespace firebreak::policy
