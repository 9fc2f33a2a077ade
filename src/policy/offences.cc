// SPDX-License-Identifier: Apache-2.0
#include "policy/offences.h"

#include <algorithm>
#include <charconv>

#include "base/files.h"
#include "base/hash.h"
#include "policy/lexer.h"
#include "policy/source.h"

namespace firebreak::policy {
namespace {

constexpr size_t kMaxOffenceText = 1000;
constexpr uint32_t kSubCodes = 100;

constexpr std::array<std::string_view, kOffenceClasses> kClassNames = {
    "high_harm", "lower_level", "other", "immigration_only", "decide"};

std::optional<OffenceClass> class_named(std::string_view word) {
  const auto* const found = std::find(kClassNames.begin(), kClassNames.end(), word);
  if (found == kClassNames.end()) return std::nullopt;
  return static_cast<OffenceClass>(found - kClassNames.begin());
}

bool is_digits(std::string_view text, size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

uint32_t digits(std::string_view text) {
  uint32_t out = 0;
  for (const char c : text) out = out * 10 + static_cast<uint32_t>(c - '0');
  return out;
}

std::string shown_code(uint32_t code) {
  std::string out = std::to_string(code + 100'000).substr(1);
  return out.insert(3, "/");
}

bool is_list_name(std::string_view word) {
  return !word.empty() && word.size() <= 100 && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// Without the comment, and without spaces at either end.
std::string_view meaning_of(std::string_view line) {
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '#' && !quoted) line = line.substr(0, i);
  }
  const size_t first = line.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \r") + 1 - first);
}

}  // namespace

// Reads a list line by line; goes on after a fault, so that one run names them all.
class OffenceReader {
 public:
  OffenceReader(const Source& source, Diagnostics& faults) : source_(source), faults_(faults) {}

  std::optional<OffenceList> read() {
    std::string_view rest = source_.text();
    while (!rest.empty() && !faults_.full()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      ++at_.line;
      at_.offset = static_cast<uint32_t>(source_.text().size() - rest.size());
      read_line(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    finish();
    if (faults_.failed()) return std::nullopt;
    list_.seal();
    return std::move(list_);
  }

 private:
  enum class Expected { header, title, groups };

  // `part` lies in the source's text.
  [[nodiscard]] Place place_of(std::string_view part) const {
    Place out = at_;
    const auto offset = static_cast<size_t>(part.data() - source_.text().data());
    const std::string_view before = source_.text().substr(at_.offset, offset - at_.offset);
    const auto width = [](std::string_view text) {
      return static_cast<uint32_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
      }));
    };
    out.column = width(before) + 1;
    out.length = std::max<uint32_t>(width(part), 1);
    return out;
  }
  void fault(std::string_view part, std::string message) {
    faults_.error(place_of(part), std::move(message));
  }

  void read_line(std::string_view line) {
    const std::string_view text = meaning_of(line);
    if (text.empty()) return;
    const bool codes = text[0] >= '0' && text[0] <= '9';
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) {
      fault(text, "This line holds a tab or a character that is not ASCII.");
      // Taken as what it stands for, so that no fault follows from it.
      if (expected_ == Expected::groups && !codes) open_group({}, text);
      if (expected_ == Expected::title) expected_ = Expected::groups;
      if (expected_ == Expected::header) expected_ = Expected::title;
    } else if (expected_ == Expected::header) {
      read_header(text);
    } else if (expected_ == Expected::title) {
      read_title(text);
    } else if (codes) {
      read_codes(text);
    } else {
      read_group(text);
    }
  }

  // offences NAME version N
  void read_header(std::string_view text) {
    expected_ = Expected::title;
    constexpr std::string_view kFirst = "offences ";
    constexpr std::string_view kThen = " version ";
    const size_t then = text.find(kThen);
    if (text.starts_with(kFirst) && then != std::string_view::npos && then > kFirst.size()) {
      const std::string_view name = text.substr(kFirst.size(), then - kFirst.size());
      const std::string_view number = text.substr(then + kThen.size());
      const auto [stop, wrong] =
          std::from_chars(number.data(), number.data() + number.size(), list_.version_);
      if (is_list_name(name) && wrong == std::errc() && stop == number.data() + number.size() &&
          number[0] != '0' && list_.version_ > 0 && list_.version_ <= 999'999) {
        list_.name_ = name;
        return;
      }
    }
    fault(text, "Expected `offences NAME version N` in the first line.");
  }

  void read_title(std::string_view text) {
    expected_ = Expected::groups;
    if (!text.starts_with("title ")) {
      fault(text, "Expected `title \"TEXT\"` in the second line.");
      return;
    }
    if (const auto title = quoted_text(text.substr(6))) list_.title_ = *title;
  }

  // The text between the quotation marks, which must be all that is left of the line.
  std::optional<std::string> quoted_text(std::string_view part) {
    const std::string_view text = part.substr(std::min(part.find_first_not_of(' '), part.size()));
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    const std::string_view inner = quoted ? text.substr(1, text.size() - 2) : text;
    if (!quoted || inner.find('"') != std::string_view::npos) {
      fault(part, "Expected one text in double quotes, on one line.");
    } else if (inner.find_first_not_of(' ') == std::string_view::npos) {
      fault(part, "This text is empty. Say why.");
    } else if (inner.size() > kMaxOffenceText) {
      fault(part, "This text is longer than 1,000 bytes.");
    } else {
      return std::string(inner);
    }
    return std::nullopt;
  }

  // CLASS "REASON"
  void read_group(std::string_view text) {
    const std::string_view word = text.substr(0, text.find_first_of(" \""));
    const std::optional<OffenceClass> found = class_named(word);
    if (!found) {
      fault(word, "There is no class `" + std::string(word) + "`." +
                      did_you_mean(word, {kClassNames.begin(), kClassNames.end()}));
    }
    const auto reason = found ? quoted_text(text.substr(word.size())) : std::nullopt;
    // A group with a fault is opened too, so that its codes are read and no fault follows from it.
    open_group({found.value_or(OffenceClass::decide), reason.value_or("")}, text);
  }

  void open_group(OffenceList::Group group, std::string_view text) {
    close_group();
    list_.groups_.push_back(std::move(group));
    group_place_ = place_of(text);
    group_has_codes_ = false;
  }

  void close_group() {
    if (!list_.groups_.empty() && !group_has_codes_) {
      faults_.error(group_place_, "This class holds no code. Add codes below it, or remove it.");
    }
  }

  // CCC/SS SS-SS …
  void read_codes(std::string_view text) {
    group_has_codes_ = true;
    if (list_.groups_.empty()) {
      fault(text, "These codes belong to no class. Begin with a class and the reason.");
      return;
    }
    if (text.size() < 4 || !is_digits(text.substr(0, 3), 3) || text[3] != '/') {
      fault(text, "Expected codes as CCC/SS, such as `019/00 07-10`.");
      return;
    }
    const uint32_t base = digits(text.substr(0, 3)) * kSubCodes;
    std::string_view rest = text.substr(4);
    for (bool more = true; more;) {
      const size_t space = rest.find(' ');
      more = space != std::string_view::npos;
      read_range(rest.substr(0, space), base, text);
      rest.remove_prefix(more ? space + 1 : rest.size());
    }
  }

  void read_range(std::string_view part, uint32_t base, std::string_view line) {
    const bool one = is_digits(part, 2);
    const bool range = part.size() == 5 && part[2] == '-' && is_digits(part.substr(0, 2), 2) &&
                       is_digits(part.substr(3), 2);
    if (!one && !range) {
      fault(part.empty() ? line : part,
            "Expected a two-digit number or a range, such as `07` or `07-10`, with one space "
            "between.");
      return;
    }
    const uint32_t first = digits(part.substr(0, 2));
    const uint32_t last = one ? first : digits(part.substr(3));
    if (last <= first && range) {
      fault(part, "This range does not go up.");
      return;
    }
    for (uint32_t sub = first; sub <= last; ++sub) add(base + sub, part);
  }

  void add(uint32_t code, std::string_view part) {
    if (line_of_.empty()) line_of_.resize(size_t{1000} * kSubCodes);
    if (line_of_[code] != 0) {
      fault(part, "The code " + shown_code(code) + " stands in line " +
                      std::to_string(line_of_[code]) + " already.");
      return;
    }
    line_of_[code] = at_.line;
    list_.entries_.push_back({code, static_cast<uint32_t>(list_.groups_.size() - 1)});
  }

  void finish() {
    if (faults_.full()) return;
    at_ = Place{std::max<uint32_t>(at_.line, 1), 1, at_.offset, 1};
    if (expected_ != Expected::groups) {
      faults_.error(at_, "The file ends before its `offences` and `title` lines.");
    } else if (list_.groups_.empty() && !faults_.failed()) {
      faults_.error(at_, "The list holds no code.");
    } else {
      close_group();
    }
  }

  const Source& source_;
  Diagnostics& faults_;
  OffenceList list_;
  Place at_{0, 1, 0, 1};
  Expected expected_ = Expected::header;
  Place group_place_;
  bool group_has_codes_ = true;
  std::vector<uint32_t> line_of_;  // by code; 0 for none
};

std::string_view name(OffenceClass offence_class) {
  return kClassNames.at(static_cast<size_t>(offence_class));
}

bool is_offence_code(std::string_view code) {
  return code.size() == 6 && code[3] == '/' && is_digits(code.substr(0, 3), 3) &&
         is_digits(code.substr(4), 2);
}

std::optional<OffenceList> OffenceList::read(const std::string& file, std::string text,
                                             std::vector<Finding>& faults) {
  const Source source(file, std::move(text));
  Diagnostics found(source);
  std::optional<OffenceList> list;
  if (source.text().size() > kMaxFileBytes) {
    found.error(Place{1, 1, 0, 1}, "This text is larger than 8 MiB.");
  } else {
    list = OffenceReader(source, found).read();
  }
  faults = found.findings();
  return list;
}

Result<OffenceList> OffenceList::load(const std::filesystem::path& path) {
  FB_TRY(std::string bytes, read_file(path, kMaxFileBytes));
  std::vector<Finding> faults;
  std::optional<OffenceList> list = read(path.string(), std::move(bytes), faults);
  if (list) return *std::move(list);
  const Finding& first = faults.front();
  return bad_input(first.message, first.file + ":" + std::to_string(first.line) + ":" +
                                      std::to_string(first.column));
}

std::optional<Offence> OffenceList::find(std::string_view code) const {
  if (!is_offence_code(code)) return std::nullopt;
  const uint32_t wanted = digits(code.substr(0, 3)) * kSubCodes + digits(code.substr(4));
  const auto at =
      std::lower_bound(entries_.begin(), entries_.end(), wanted,
                       [](const Entry& entry, uint32_t value) { return entry.code < value; });
  if (at == entries_.end() || at->code != wanted) return std::nullopt;
  return offence(*at);
}

size_t OffenceList::count(OffenceClass offence_class) const {
  return static_cast<size_t>(std::count_if(
      entries_.begin(), entries_.end(),
      [&](const Entry& entry) { return groups_[entry.group].offence_class == offence_class; }));
}

std::vector<Offence> OffenceList::all() const {
  std::vector<Offence> out;
  out.reserve(entries_.size());
  for (const Entry& entry : entries_) out.push_back(offence(entry));
  return out;
}

Offence OffenceList::offence(const Entry& entry) const {
  const Group& group = groups_[entry.group];
  return {shown_code(entry.code), group.offence_class, group.reason};
}

void OffenceList::seal() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.code < b.code; });
  std::string form = name_ + " " + std::to_string(version_) + "\n" + title_ + "\n";
  for (const Entry& entry : entries_) {
    const Group& group = groups_[entry.group];
    form += shown_code(entry.code);
    form += " ";
    form += policy::name(group.offence_class);
    form += " " + group.reason + "\n";
  }
  digest_ = show_digest(sha256({as_bytes("firebreak offences v1\n"), as_bytes(form)}));
}

}  // namespace firebreak::policy
