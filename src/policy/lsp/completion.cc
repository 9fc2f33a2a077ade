// SPDX-License-Identifier: Apache-2.0
// What could stand at the caret: the parser itself is asked. The word at the caret and the rest of
// its section are taken out, a hole is put in, and the parser notes all that it tries there.
#include <algorithm>

#include "policy/lsp/features.h"

namespace firebreak::policy::lsp {
namespace {

// So many faults above the caret are read over.
constexpr size_t kMostFaultsAbove = 2000;

// The protocol's CompletionItemKind.
int item_kind(Symbol symbol) {
  switch (symbol) {
    case Symbol::attribute:
      return 5;  // Field
    case Symbol::value:
      return 20;  // EnumMember
    case Symbol::clause:
      return 18;  // Reference
    case Symbol::rule:
      return 3;  // Function
    default:
      return 12;  // Value
  }
}
constexpr int kKeyword = 14;

struct Caret {
  size_t from = 0;  // where the word at the caret begins
  size_t to = 0;
  size_t index = 0;  // of the first token behind `from`
  bool first_on_line = true;
};

// Nothing when the caret stands in a text, a number or a comment.
std::optional<Caret> caret_at(const Reading& reading, size_t offset) {
  const std::vector<Token>& tokens = reading.tokens;
  const auto after =
      std::lower_bound(tokens.begin(), tokens.end(), offset,
                       [](const Token& token, size_t at) { return token.place.offset < at; });
  if (after == tokens.end()) return std::nullopt;  // behind where the text could be cut
  Caret out{offset, offset, static_cast<size_t>(after - tokens.begin()), true};
  size_t end = 0;
  if (after != tokens.begin()) {
    const Token& before = *(after - 1);
    end = reading.end_of(before);
    if (before.kind == Token::Kind::word && offset <= end) {
      return Caret{before.place.offset, end, out.index - 1, before.first_on_line};
    }
    const bool punctuation = before.kind == Token::Kind::comma ||
                             before.kind == Token::Kind::open || before.kind == Token::Kind::close;
    if (offset < end || (offset == end && !punctuation)) return std::nullopt;
  }
  const std::string_view gap = reading.source.text().substr(end, offset - end);
  const size_t line = gap.rfind('\n');
  const bool comment =
      gap.find('#', line == std::string_view::npos ? 0 : line) != std::string_view::npos;
  out.first_on_line = after == tokens.begin() || line != std::string_view::npos;
  return comment ? std::nullopt : std::optional(out);
}

std::vector<Token> with_hole(const Reading& reading, const Caret& caret) {
  const std::vector<std::string>& words =
      reading.kind == DocumentKind::policy ? policy_section_words() : vocabulary_section_words();
  const auto split = reading.tokens.begin() + static_cast<std::ptrdiff_t>(caret.index);
  std::vector<Token> out(reading.tokens.begin(), split);
  Token hole;
  hole.kind = Token::Kind::hole;
  hole.place.offset = static_cast<uint32_t>(caret.from);
  hole.first_on_line = caret.first_on_line;
  out.push_back(std::move(hole));
  auto rest = split;
  if (caret.to > caret.from) ++rest;
  rest = std::find_if(rest, reading.tokens.end(), [&](const Token& token) {
    return token.kind == Token::Kind::end ||
           (token.first_on_line &&
            std::find(words.begin(), words.end(), token.text) != words.end());
  });
  out.insert(out.end(), rest, reading.tokens.end());
  return out;
}

Trace tried_at(const Reading& reading, const Caret& caret) {
  std::vector<Token> tokens = with_hole(reading, caret);
  Trace trace;
  Diagnostics faults(reading.source, &trace, kMostFaultsAbove);
  if (reading.kind == DocumentKind::policy) {
    VocabularyModel words;
    if (reading.vocabulary != nullptr) words = reading.vocabulary->words;
    read_policy(tokens, words, faults);
  } else {
    read_vocabulary(tokens, faults);
  }
  return trace;
}

class Items {
 public:
  Items(const View& view, const Caret& caret, const Trace& tried)
      : view_(view), caret_(caret), tried_(tried), range_(view.range(caret.from, caret.to)) {}

  void keyword(const std::string& words) { add(words, words, kKeyword, ""); }

  void names(Symbol symbol, const std::string& owner) {
    const Vocabulary& words = view_.reading.words.words;
    const auto all = [&](const auto& items) {
      for (const auto& item : items) add(item.name, item.name, item_kind(symbol), item.label);
    };
    switch (symbol) {
      case Symbol::attribute:
        for (const Attribute& one : words.attributes) attribute(one);
        return;
      case Symbol::value:
        if (const Attribute* found = words.find(owner)) all(found->values);
        return;
      case Symbol::clause:
        for (const Clause& one : view_.reading.model.clauses) {
          add(one.id, one.id, item_kind(symbol), one.text);
        }
        return;
      case Symbol::rank:
        all(words.ranks);
        for (const Attribute& one : words.attributes) {
          if (one.setting) attribute(one);
        }
        return;
      case Symbol::field:
        return all(words.fields);
      case Symbol::body:
        return all(words.bodies);
      case Symbol::reason:
        return all(words.reasons);
      case Symbol::rule:
        return rules();
      case Symbol::policy_case:
        return cases_above();
      case Symbol::vocabulary:
      case Symbol::assertion:
        return;
    }
  }

  Json take() { return std::move(items_); }

 private:
  void attribute(const Attribute& one) {
    add(one.name, one.name, item_kind(Symbol::attribute),
        one.protected_reason ? *one.protected_reason : one.question);
  }

  void rules() {
    add("default", "default", kKeyword, "");
    for (const Use& use : tried_.uses) {
      if (use.declares && use.symbol == Symbol::rule) {
        add(use.name, use.name, item_kind(Symbol::rule), "");
      }
    }
  }

  // The last one above the caret is the case that is being written.
  void cases_above() {
    const Use* last = nullptr;
    for (const Use& use : tried_.uses) {
      if (!use.declares || use.symbol != Symbol::policy_case || use.place.offset > caret_.from) {
        continue;
      }
      if (last != nullptr) add(last->name, quoted(last->name), item_kind(Symbol::policy_case), "");
      last = &use;
    }
  }

  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  }

  void add(const std::string& label, const std::string& text, int kind, const std::string& detail) {
    Json item = {
        {"label", label}, {"kind", kind}, {"textEdit", {{"range", range_}, {"newText", text}}}};
    if (!detail.empty()) item["detail"] = detail;
    items_.push_back(std::move(item));
  }

  const View& view_;
  const Caret& caret_;
  const Trace& tried_;
  Json range_;
  Json items_ = Json::array();
};

}  // namespace

Json completion(const View& view, size_t offset) {
  const DocumentKind kind = view.reading.kind;
  if (kind != DocumentKind::policy && kind != DocumentKind::vocabulary) return Json::array();
  const std::optional<Caret> caret = caret_at(view.reading, offset);
  if (!caret) return Json::array();
  const Trace trace = tried_at(view.reading, *caret);
  Items items(view, *caret, trace);
  for (const auto& [symbol, owner] : trace.names) items.names(symbol, owner);
  for (const std::string& words : trace.words) items.keyword(words);
  return items.take();
}

}  // namespace firebreak::policy::lsp
