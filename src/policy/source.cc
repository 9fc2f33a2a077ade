// SPDX-License-Identifier: Apache-2.0
#include "policy/source.h"

#include <algorithm>
#include <numeric>

namespace firebreak::policy {
namespace {

// A caret line is for a terminal: so many characters before the place and in all.
constexpr size_t kMostBefore = 100;
constexpr size_t kMostOfLine = 160;
constexpr size_t kMaxCompared = 64;
constexpr size_t kMaxListed = 12;

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Characters as they may be shown, each one column wide.
struct Shown {
  std::string text;
  size_t columns = 0;

  void add(std::string_view line) {
    while (!line.empty()) {
      const size_t length = utf8_length(line);
      const bool blank = length == 1 && (line[0] < 0x20 || line[0] == 0x7F);
      if (length == 0 || (!blank && deceives(code_point(line)))) {
        text += '?';
      } else {
        text += blank ? " " : line.substr(0, length);
      }
      line.remove_prefix(std::max<size_t>(length, 1));
      ++columns;
    }
  }
};

// Levenshtein's distance, with one row of memory.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

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

uint32_t code_point(std::string_view text) {
  const size_t length = utf8_length(text);
  const auto lead = static_cast<unsigned char>(text[0]);
  uint32_t out = length == 1 ? lead : lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    out = (out << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return out;
}

bool deceives(uint32_t code_point) {
  const auto in = [&](uint32_t low, uint32_t high) {
    return code_point >= low && code_point <= high;
  };
  return code_point < 0x20 || in(0x7F, 0x9F) || in(0x2028, 0x202E) || in(0x2066, 0x2069) ||
         code_point == 0xFEFF;
}

std::string Source::caret(const Place& place) const {
  if (place.line == 0) return {};
  const std::string_view all = text_;
  const size_t at = std::min<size_t>(place.offset, all.size());
  // A code point has at most four bytes, also where the bytes are none: the search is bounded.
  size_t begin = at;
  for (size_t taken = 0; begin > 0 && all[begin - 1] != '\n' && taken < kMostBefore;) {
    --begin;
    if (!continues_code_point(all[begin]) || at - begin >= 4 * kMostBefore) ++taken;
  }
  const bool cut = begin > 0 && all[begin - 1] != '\n';
  Shown before;
  if (cut) before.add("…");
  before.add(all.substr(begin, at - begin));
  std::string_view rest = all.substr(at, 4 * kMostOfLine);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  Shown line = before;
  while (!rest.empty() && line.columns < kMostOfLine) {
    const size_t length = std::max<size_t>(utf8_length(rest), 1);
    line.add(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  const size_t room = std::max<size_t>(line.columns - before.columns, 1);
  const size_t width = std::clamp<size_t>(place.length, 1, room);
  return line.text + "\n" + std::string(before.columns, ' ') + "^" + std::string(width - 1, '~');
}

void Diagnostics::add(Severity severity, const Place& place, std::string message,
                      std::string clause, std::string witness) {
  if (!room(severity)) {
    if (!stopped_) ++left_out_;
    return;
  }
  if (severity == Severity::error) ++errors_;
  Finding finding;
  finding.severity = severity;
  finding.file = source_.name();
  finding.line = static_cast<int>(place.line);
  finding.column = static_cast<int>(place.column);
  finding.message = std::move(message);
  finding.caret = source_.caret(place);
  finding.clause = std::move(clause);
  finding.witness = std::move(witness);
  findings_.push_back(std::move(finding));
}

std::vector<Finding> Diagnostics::findings() const {
  std::vector<Finding> out = findings_;
  std::stable_sort(out.begin(), out.end(), [](const Finding& a, const Finding& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  if (left_out_ > 0 || errors_ >= kMaxErrors) {
    Finding more;
    more.severity = Severity::note;
    more.file = source_.name();
    more.message = "There is more than this; mend what is listed first.";
    out.push_back(std::move(more));
  }
  return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > kMaxCompared) return {};
  // A third of the letters may be wrong: more is another word, not a slip.
  size_t best = std::max<size_t>(word.size() / 3, 1) + 1;
  std::string found;
  for (const std::string& candidate : known) {
    if (candidate.size() > kMaxCompared) continue;
    const size_t apart = distance(word, candidate);
    if (apart < best) {
      best = apart;
      found = candidate;
    }
  }
  return found;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  if (!near.empty()) return " Did you mean `" + near + "`?";
  if (known.empty() || known.size() > kMaxListed) return {};
  std::string out = " Known: ";
  for (size_t i = 0; i < known.size(); ++i) out += (i == 0 ? "" : ", ") + known[i];
  return out + ".";
}

}  // namespace firebreak::policy
