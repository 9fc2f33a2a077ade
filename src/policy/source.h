// SPDX-License-Identifier: Apache-2.0
// The text of one file and what is wrong with it: places as line and column, findings with the
// source line and a caret, and the nearest known word to a wrong one.
//
//   Source source("a.policy", text);
//   Diagnostics faults(source);
//   faults.error(token.place, "There is no attribute `rol`." + did_you_mean("rol", names));
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/check.h"

namespace firebreak::policy {

// Lines and columns count from 1, columns in code points. length is in code points too.
struct Place {
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t offset = 0;  // of the first byte
  uint32_t length = 1;
};

class Source {
 public:
  Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  // The line that holds the place and, below it, carets under the place. Of a long line only what
  // is near the place; what a terminal would act on is left out.
  [[nodiscard]] std::string caret(const Place& place) const;

 private:
  std::string name_;
  std::string text_;
};

// Collects findings about one source. What is over the limits would be noise: it is left out, and
// the last finding says so.
class Diagnostics {
 public:
  static constexpr size_t kMaxErrors = 20;
  static constexpr size_t kMaxOthers = 100;  // warnings and notes

  explicit Diagnostics(const Source& source) : source_(source) {}
  void error(const Place& place, std::string message) {
    add(Severity::error, place, std::move(message));
  }
  // An error after which reading makes no sense: nothing more is taken.
  void last_error(const Place& place, std::string message) {
    error(place, std::move(message));
    stopped_ = true;
  }
  void add(Severity severity, const Place& place, std::string message, std::string clause = {},
           std::string witness = {});
  // No more errors are taken: whoever reads may stop.
  [[nodiscard]] bool full() const { return stopped_ || errors_ >= kMaxErrors; }
  // Whether there is room for one more. Costly parts of a finding are left out where there is none,
  // and the finding is added all the same, to be counted.
  [[nodiscard]] bool room(Severity severity) const {
    return severity == Severity::error ? !full() : findings_.size() - errors_ < kMaxOthers;
  }
  [[nodiscard]] bool failed() const { return errors_ > 0; }
  // In the order of their places.
  [[nodiscard]] std::vector<Finding> findings() const;
  [[nodiscard]] const Source& source() const { return source_; }

 private:
  const Source& source_;
  std::vector<Finding> findings_;
  size_t errors_ = 0;
  size_t left_out_ = 0;
  bool stopped_ = false;
};

// The bytes of the well-formed UTF-8 sequence at the beginning of `text`; 0 when there is none
// (Unicode 15, table 3-7).
size_t utf8_length(std::string_view text);
// The code point at the beginning of `text`, which is well-formed there.
uint32_t code_point(std::string_view text);
// Whether a character makes a text look other than it is, or moves a terminal: control characters,
// Unicode's line ends, and what turns the direction of writing. Refused even in texts and comments.
bool deceives(uint32_t code_point);

// The known word with the fewest changed letters from `word`, when they are few enough for it to be
// a slip of the finger; empty otherwise.
std::string nearest(std::string_view word, const std::vector<std::string>& known);
// " Did you mean `role`?", or, when nothing is near and the known words are few, " Known: a, b."
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace firebreak::policy
