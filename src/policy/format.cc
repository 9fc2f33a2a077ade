// SPDX-License-Identifier: Apache-2.0
#include "policy/format.h"

#include <algorithm>
#include <array>

#include "base/files.h"
#include "policy/format_condition.h"

namespace firebreak::policy {
namespace {

// Follows the grammar over tokens that a parser has found no fault in.
class Formatter {
  using Kind = Token::Kind;

 public:
  explicit Formatter(const std::vector<Piece>& pieces) : pieces_(pieces), out_(pieces) {}

  std::string policy() {
    section(0);
    rest_of_line(4);
    while (!at_end() && !section_word()) header_line();
    while (!at_end()) policy_section();
    return finished();
  }

  std::string vocabulary() {
    section(0);
    rest_of_line(4);
    if (is("title")) line(2, 2);
    while (!at_end()) vocabulary_section();
    return finished();
  }

 private:
  [[nodiscard]] const Token& token(size_t ahead = 0) const {
    return pieces_[std::min(at_ + ahead, pieces_.size() - 1)].token;
  }
  [[nodiscard]] bool is(std::string_view word) const {
    return token().kind == Kind::word && token().text == word;
  }
  [[nodiscard]] bool at_end() const { return token().kind == Kind::end; }
  [[nodiscard]] bool section_word() const {
    constexpr std::array kWords = {"clause", "setting", "never", "rule",
                                   "except", "assert",  "case"};
    return token().kind == Kind::word &&
           std::find(kWords.begin(), kWords.end(), token().text) != kWords.end();
  }

  std::string finished() {
    out_.section(at_, 0);
    return out_.take();
  }
  void section(size_t indent) {
    out_.section(at_++, indent);
    align_ = indent + 2;
  }
  void take(size_t count = 1) {
    for (; count > 0; --count) out_.put(at_++, align_);
  }
  // `NAME version N`.
  void rest_of_line(size_t align) {
    align_ = align;
    take(3);
  }
  // So many tokens on a line of their own.
  void line(size_t indent, size_t count) {
    out_.line(indent);
    align_ = indent + 2;
    take(count);
  }
  // The items of a list, each as `item` finds its length.
  template <typename Length>
  void list(Length length) {
    list(length, out_.column());
  }
  template <typename Length>
  void list(Length length, size_t align) {
    align_ = align;
    while (true) {
      const size_t count = length();
      const bool more = token(count).kind == Kind::comma;
      if (!out_.fits(out_.width(at_, at_ + count) + (more ? 1 : 0))) out_.line(align_);
      take(count);
      if (!more) return;
      take();
    }
  }
  void names() {
    list([] { return size_t{1}; });
  }

  void header_line() {
    if (is("default")) {
      line(2, 3);
      under(true, 4);
      while (is("support")) line(4, 2);
    } else if (is("historical")) {
      line(2, 1);
    } else if (is("title")) {
      line(2, 2);
    } else {
      line(2, is("uses") || is("in") ? 4 : 3);  // uses vocabulary NAME N; in force from DAY
      if (is("until")) take(2);
    }
  }

  void policy_section() {
    if (is("clause")) return clause();
    if (is("setting")) return setting();
    if (is("assert")) return assertion();
    if (is("case")) return policy_case();
    rule();
  }

  void clause() {
    section(0);
    take(2);
    if (is("source")) line(2, 2);
    line(2, 2);
  }

  void setting() {
    section(0);
    take();
    if (is("number")) {
      take(4);
    } else {
      take(2);
      names();
    }
    line(2, 1);
    line(2, 2);
    under(true, 4);
  }

  // An exception stands below the nearest rule or exception whose keyword is further to the left.
  size_t depth_here() {
    const uint32_t column = token().place.column;
    if (!is("except")) open_.clear();
    while (!open_.empty() && open_.back() >= column) open_.pop_back();
    open_.push_back(column);
    return open_.size() - 1;
  }

  void rule() {
    const size_t indent = 2 * depth_here();
    section(indent);
    take();
    line(indent + 2, 1);
    condition(indent + 7);
    outcome(indent + 2);
  }

  void condition(size_t align) { at_ = format_condition(pieces_, at_, align, out_); }

  void outcome(size_t indent) {
    const bool permits = is("permit");
    line(indent, 1);
    bool signed_off = false;
    if (permits && is("at")) take(2);
    if (permits && is("after")) {
      take(3);
      signers();
      signed_off = true;
    }
    const bool text_below = signed_off && token().kind == Kind::text;
    if (text_below) line(indent + 7, 1);
    if (!text_below && token().kind == Kind::text) take();
    under(!text_below, indent + 7);
    while (outcome_line(indent + 2)) {
    }
  }

  // `[N of] RANK`.
  void signers() { take(token(1).text == "of" ? 3 : 1); }

  void under(bool same_line, size_t indent) {
    if (!is("under")) return;
    if (!same_line) {
      line(indent, 1);
      return names();
    }
    align_ = indent;
    out_.space(3);
    take();
    list([] { return size_t{1}; }, indent);
  }

  bool outcome_line(size_t indent) {
    if (is("support")) {
      line(indent, 2);
    } else if (is("expires")) {
      line(indent, 4);
    } else if (is("notify") || is("under")) {
      line(indent, 1);
      names();
    } else if (is("only") || is("disclose") || is("with") || is("report")) {
      line(indent, 2);
      names();
    } else {
      return false;
    }
    return true;
  }

  void assertion() {
    section(0);
    take();
    line(2, 2);
    const size_t align = out_.column();
    take();
    condition(align);
    if (!is("unless")) return;
    line(8, 4);
    signers();
  }

  void policy_case() {
    section(0);
    take();
    if (is("like")) line(2, 2);
    if (is("given")) {
      line(2, 1);
      list([this] {
        size_t count = 2;
        while (token(count).text == "and" && token(count).kind == Kind::word) count += 2;
        return count;
      });
    }
    line(2, 2);
    if (is("by")) take(2);
    if (!is("missing")) return;
    take();
    names();
  }

  void vocabulary_section() {
    if (is("attribute")) return attribute();
    if (is("impossible")) {
      section(0);
      condition(11);
      return line(2, 2);
    }
    const bool fields = is("fields");
    section(0);
    words(fields);
  }

  void attribute() {
    section(0);
    take();
    if (is("number")) {
      take(4);
    } else if (is("yes/no")) {
      take();
    } else {
      take(2);
      if (token().kind == Kind::comma) take(4);
    }
    while (true) {
      if (is_nature()) {
        line(2, 1);
        continue;
      }
      if (token().kind != Kind::word || token(1).kind != Kind::text) return;
      const bool value = !is("question") && !is("hint") && !is("protected");
      line(2, 2);
      if (value && is("protected")) take();
    }
  }

  // `choice` or `finding` alone; before a text either is the name of a value.
  [[nodiscard]] bool is_nature() const {
    return (is("choice") || is("finding")) && token(1).kind != Kind::text;
  }

  // Names on filled lines; where one has words for people, each on a line of its own.
  void words(bool fields) {
    const auto length = [&](size_t from) {
      const size_t count = fields ? 2 : 1;
      return count + (token(from + count).kind == Kind::text ? 1 : 0);
    };
    bool labelled = false;
    for (size_t from = 0;; ++from) {
      const size_t count = length(from);
      labelled |= token(from + count - 1).kind == Kind::text;
      from += count;
      if (token(from).kind != Kind::comma) break;
    }
    if (!labelled) return list([&] { return length(0); });
    while (true) {
      line(2, length(0));
      if (token().kind != Kind::comma) return;
      take();
    }
  }

  const std::vector<Piece>& pieces_;
  FormatWriter out_;
  size_t at_ = 0;
  size_t align_ = 2;            // where a comment in the middle of a line makes it go on
  std::vector<uint32_t> open_;  // columns of the rule at hand and the exceptions around this one
};

// Formats what has no faults, and looks whether the words are the same as before.
template <typename Parse>
void format_text(const Source& source, bool is_policy, const std::string& normal_form, Parse parse,
                 Formatted& out) {
  Diagnostics faults(source);
  const std::vector<Token> tokens = lex(source, faults);
  const std::vector<Piece> pieces = pieces_of(source, tokens);
  Formatter formatter(pieces);
  const Source formatted(source.name(), is_policy ? formatter.policy() : formatter.vocabulary());
  Diagnostics new_faults(formatted);
  std::string new_form;
  parse(formatted, new_faults, new_form);
  if (new_form == normal_form) {
    out.text = std::string(formatted.text());
  } else {
    out.failure = internal_error(
        "Formatting would change the words of this file; it is left alone.", source.name());
  }
}

std::optional<Error> too_large_to_format(const Source& source) {
  if (source.text().size() <= kMaxFileBytes) return std::nullopt;
  return Error{ErrorCode::too_large, "This text is larger than 8 MiB.", source.name(), {}};
}

}  // namespace

Formatted format_vocabulary(const Source& vocabulary) {
  Formatted out;
  out.before = std::string(vocabulary.text());
  out.failure = too_large_to_format(vocabulary);
  if (out.failure) return out;
  const auto parse = [](const Source& text, Diagnostics& faults, std::string& form) {
    return parse_vocabulary(text, faults, form).has_value();
  };
  Diagnostics faults(vocabulary);
  std::string form;
  if (parse(vocabulary, faults, form)) format_text(vocabulary, false, form, parse, out);
  out.findings = faults.findings();
  return out;
}

Formatted format_policy(const Source& policy, const VocabularyFinder& find_vocabulary) {
  Formatted out;
  out.before = std::string(policy.text());
  out.failure = too_large_to_format(policy);
  if (out.failure) return out;
  Diagnostics faults(policy);
  const std::optional<VocabularyName> used = used_vocabulary(policy, faults);
  if (!used) {
    out.findings = faults.findings();
    return out;
  }
  const Result<Source> words = find_vocabulary(*used);
  if (!words) {
    no_vocabulary(words.error(), used->place, faults, out.failure);
    out.findings = faults.findings();
    return out;
  }
  Diagnostics word_faults(*words);
  std::string ignored;
  const std::optional<VocabularyModel> vocabulary = parse_vocabulary(*words, word_faults, ignored);
  if (!vocabulary) {
    out.findings = word_faults.findings();
    return out;
  }
  const auto parse = [&](const Source& text, Diagnostics& found, std::string& form) {
    VocabularyModel with_settings = *vocabulary;
    return parse_policy(text, with_settings, found, form).has_value();
  };
  Diagnostics text_faults(policy);
  std::string form;
  if (parse(policy, text_faults, form)) format_text(policy, true, form, parse, out);
  out.findings = text_faults.findings();
  return out;
}

Formatted format_file(const std::filesystem::path& path) {
  Result<std::string> text = read_file(path, kMaxFileBytes);
  if (!text) {
    Formatted out;
    out.failure = text.error();
    return out;
  }
  const Source source(path.string(), *std::move(text));
  if (path.extension() == ".vocabulary") return format_vocabulary(source);
  return format_policy(source, vocabularies_beside(path));
}

}  // namespace firebreak::policy
