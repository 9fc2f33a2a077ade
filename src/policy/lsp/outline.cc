// SPDX-License-Identifier: Apache-2.0
// The sections of a text as an editor's outline shows them.
#include <algorithm>
#include <unordered_map>

#include "policy/lsp/features.h"
#include "policy/wording.h"

namespace firebreak::policy::lsp {
namespace {

struct Section {
  const Use* use = nullptr;
  size_t from = 0;
  size_t to = 0;
  std::vector<Section> inner;
};

// The protocol's SymbolKind.
int symbol_kind(const Use& use) {
  switch (use.symbol) {
    case Symbol::clause:
      return 3;  // Namespace
    case Symbol::rule:
      return use.name.find('/') == std::string::npos ? 12 : 6;  // Function, Method
    case Symbol::assertion:
      return 17;  // Boolean
    case Symbol::policy_case:
      return 24;  // Event
    case Symbol::value:
      return 22;  // EnumMember
    default:
      return 7;  // Property
  }
}

bool is_section(const Use& use) {
  return use.declares && (use.symbol == Symbol::clause || use.symbol == Symbol::rule ||
                          use.symbol == Symbol::assertion || use.symbol == Symbol::policy_case ||
                          use.symbol == Symbol::attribute);
}

class Outline {
 public:
  explicit Outline(const View& view) : view_(view), reading_(view.reading) {
    for (const Clause& clause : reading_.model.clauses) details_.emplace(clause.id, clause.text);
    for (const Rule& rule : reading_.model.rules) {
      if (rule.outcome.clauses.empty()) continue;
      details_.emplace("/" + rule.name, worded_outcome(rule.outcome, reading_.words.words));
    }
    find_starts();
  }

  std::vector<Section> sections() {
    std::vector<Section> out;
    for (const Use& use : reading_.trace.uses) {
      if (is_section(use)) add(out, use);
      if (use.declares && use.symbol == Symbol::value && !out.empty() &&
          out.back().use->name == use.owner && out.back().use->symbol == Symbol::attribute) {
        const Token& token = reading_.token_at(use.place.offset);
        out.back().inner.push_back({&use, use.place.offset, reading_.end_of(token), {}});
      }
    }
    return out;
  }

  Json tree(const std::vector<Section>& sections) const {
    Json out = Json::array();
    for (const Section& section : sections) {
      const Token& name = reading_.token_at(section.use->place.offset);
      const std::string& path = section.use->name;
      Json item = {
          {"name", path.substr(section.use->symbol == Symbol::rule ? path.rfind('/') + 1 : 0)},
          {"kind", symbol_kind(*section.use)},
          {"range", view_.range(section.from, section.to)},
          {"selectionRange", view_.range(name)}};
      if (const std::string words = detail(*section.use); !words.empty()) item["detail"] = words;
      if (!section.inner.empty()) item["children"] = tree(section.inner);
      out.push_back(std::move(item));
    }
    return out;
  }

  void list(const std::vector<Section>& sections, const std::string& within, Json& out) const {
    for (const Section& section : sections) {
      Json item = {
          {"name", section.use->name},
          {"kind", symbol_kind(*section.use)},
          {"location", {{"uri", view_.uri}, {"range", view_.range(section.from, section.to)}}}};
      if (!within.empty()) item["containerName"] = within;
      out.push_back(std::move(item));
      list(section.inner, section.use->name, out);
    }
  }

 private:
  // Where sections begin, and the end of the last token before each.
  void find_starts() {
    const std::vector<std::string>& words =
        reading_.kind == DocumentKind::policy ? policy_section_words() : vocabulary_section_words();
    size_t end = 0;
    for (const Token& token : reading_.tokens) {
      const bool begins = token.kind == Token::Kind::end ||
                          (token.first_on_line && token.kind == Token::Kind::word &&
                           std::find(words.begin(), words.end(), token.text) != words.end());
      if (begins) starts_.push_back({token.place.offset, end});
      end = reading_.end_of(token);
    }
  }

  void add(std::vector<Section>& out, const Use& use) const {
    const auto next =
        std::upper_bound(starts_.begin(), starts_.end(), use.place.offset,
                         [](size_t offset, const Start& start) { return offset < start.offset; });
    Section section{&use, use.place.offset, 0, {}};
    if (next != starts_.begin()) section.from = (next - 1)->offset;
    const size_t name_end = reading_.end_of(reading_.token_at(use.place.offset));
    section.to = std::max(next != starts_.end() ? next->end_before : name_end, name_end);
    std::vector<Section>* level = &out;
    if (use.symbol == Symbol::rule) {
      // An exception stands in the rule that its path names, and stretches it.
      while (!level->empty() && level->back().use->symbol == Symbol::rule &&
             use.name.starts_with(level->back().use->name + "/")) {
        level->back().to = section.to;
        level = &level->back().inner;
      }
    }
    level->push_back(std::move(section));
  }

  [[nodiscard]] std::string detail(const Use& use) const {
    if (use.symbol == Symbol::attribute) {
      const Attribute* found = reading_.words.words.find(use.name);
      return found == nullptr ? "" : found->question;
    }
    if (use.symbol != Symbol::clause && use.symbol != Symbol::rule) return {};
    const auto found = details_.find((use.symbol == Symbol::rule ? "/" : "") + use.name);
    return found == details_.end() ? "" : found->second;
  }

  struct Start {
    size_t offset;
    size_t end_before;
  };

  const View& view_;
  const Reading& reading_;
  std::vector<Start> starts_;
  std::unordered_map<std::string, std::string> details_;  // of clauses, and of "/" and rules
};

}  // namespace

Json document_symbols(const View& view, bool flat) {
  Outline outline(view);
  const std::vector<Section> sections = outline.sections();
  if (!flat) return outline.tree(sections);
  Json out = Json::array();
  outline.list(sections, {}, out);
  return out;
}

}  // namespace firebreak::policy::lsp
