// SPDX-License-Identifier: Apache-2.0
#include "policy/source.h"

#include <algorithm>
#include <numeric>

namespace firebreak::policy {
namespace {

// A caret line is for a terminal; what stands further right is left out.
constexpr size_t kMaxLine = 160;
constexpr size_t kMaxCompared = 64;
constexpr size_t kMaxListed = 12;

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

size_t code_points(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_code_point(c); }));
}

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

std::string Source::caret(const Place& place) const {
  if (place.line == 0) return {};
  const size_t at = std::min<size_t>(place.offset, text_.size());
  const size_t before = at == 0 ? std::string::npos : text_.rfind('\n', at - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  size_t end = std::min(text_.find('\n', at), text_.size());
  if (end > begin && text_[end - 1] == '\r') --end;
  size_t cut = std::min(end, begin + kMaxLine);
  while (cut > begin && cut < end && continues_code_point(text_[cut])) --cut;
  std::string line = text_.substr(begin, cut - begin);
  // A control character would upset the terminal; an invalid byte, whatever reads the report.
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (place.column > kMaxLine) return line + "\n";
  const size_t rest = code_points(line) + 1 - std::min<size_t>(code_points(line), place.column - 1);
  const size_t width = std::clamp<size_t>(place.length, 1, std::max<size_t>(rest - 1, 1));
  return line + "\n" + std::string(place.column - 1, ' ') + "^" + std::string(width - 1, '~');
}

void Diagnostics::add(Severity severity, const Place& place, std::string message,
                      std::string clause, std::string witness) {
  if (severity == Severity::error) {
    if (full()) return;
    ++errors_;
  }
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
