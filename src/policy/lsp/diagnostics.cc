// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/lsp/features.h"

namespace firebreak::policy::lsp {
namespace {

// Findings count lines by LF and columns by code points.
class FindingPlaces {
 public:
  explicit FindingPlaces(const View& view) : view_(view) {
    const std::string_view text = view.reading.source.text();
    for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
      lines_.push_back(at + 1);
    }
  }

  // Over the token that the finding is about; where it is about none, one character.
  [[nodiscard]] Json range(const Finding& finding) const {
    const size_t from = offset(finding);
    const Token& token = view_.reading.token_at(from);
    if (token.place.offset == from) return view_.range(token);
    size_t to = std::min(from + 1, text().size());
    while (to < text().size() && (static_cast<unsigned char>(text()[to]) & 0xC0) == 0x80) ++to;
    return view_.range(from, to);
  }

 private:
  [[nodiscard]] std::string_view text() const { return view_.reading.source.text(); }

  [[nodiscard]] size_t offset(const Finding& finding) const {
    if (finding.line < 1 || static_cast<size_t>(finding.line) > lines_.size()) return 0;
    size_t at = lines_[static_cast<size_t>(finding.line) - 1];
    for (int column = 1; column < finding.column && at < text().size(); ++column) {
      ++at;
      while (at < text().size() && (static_cast<unsigned char>(text()[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
  }

  const View& view_;
  std::vector<size_t> lines_{0};
};

int severity_number(Severity severity) {
  switch (severity) {
    case Severity::error:
      return 1;
    case Severity::warning:
      return 2;
    case Severity::note:
      return 3;
  }
  return 1;
}

// The word that a message proposes.
std::string proposed(const std::string& message) {
  constexpr std::string_view kBefore = "Did you mean `";
  const size_t at = message.find(kBefore);
  if (at == std::string::npos) return {};
  const size_t from = at + kBefore.size();
  const size_t to = message.find("`?", from);
  return to == std::string::npos ? "" : message.substr(from, to - from);
}

// Where each of the clauses "P1, P2" stands, with its words.
void add_clauses(const View& view, const std::string& ids, Json& related) {
  for (size_t at = 0; at < ids.size();) {
    const size_t end = std::min(ids.find(", ", at), ids.size());
    const std::string id = ids.substr(at, end - at);
    at = end + 2;
    const Use* use = view.reading.declaration(Symbol::clause, id, "");
    if (use == nullptr) continue;
    related.push_back({{"location", view.location(view.reading.token_at(use->place.offset))},
                       {"message", described(view.reading, {Symbol::clause, id, ""})}});
  }
}

Json diagnostic(const View& view, const Finding& finding, const Json& range, bool related) {
  Json out = {{"range", range},
              {"severity", severity_number(finding.severity)},
              {"source", "firebreak"},
              {"code", view.reading.sound() ? "check" : "text"},
              {"message", finding.message}};
  std::string& message = out["message"].get_ref<std::string&>();
  if (!finding.clause.empty()) message += "\nClauses: " + finding.clause;
  if (related) {
    Json more = Json::array();
    if (!finding.witness.empty()) {
      more.push_back({{"location", {{"uri", view.uri}, {"range", range}}},
                      {"message", "The smallest situation that shows it:\n" + finding.witness}});
    }
    add_clauses(view, finding.clause, more);
    if (!more.empty()) out["relatedInformation"] = std::move(more);
  } else if (!finding.witness.empty()) {
    message += "\nThe smallest situation that shows it:\n" + finding.witness;
  }
  Json data = {{"clauses", finding.clause}};
  if (!finding.witness.empty()) data["case"] = finding.witness;
  const std::string near = proposed(finding.message);
  if (!near.empty()) data["word"] = near;
  out["data"] = std::move(data);
  return out;
}

Json action(const View& view, const std::string& title, const Json& diagnostic, const Json& range,
            const std::string& text) {
  Json edits = Json::array({{{"range", range}, {"newText", text}}});
  return {{"title", title},
          {"kind", "quickfix"},
          {"diagnostics", Json::array({diagnostic})},
          {"edit", {{"changes", {{view.uri, std::move(edits)}}}}}};
}

// A case that fails is itself the situation that shows it.
bool is_there(const Reading& reading, const std::string& witness) {
  return std::any_of(reading.trace.uses.begin(), reading.trace.uses.end(), [&](const Use& use) {
    return use.declares && use.symbol == Symbol::policy_case &&
           witness.starts_with("case \"" + use.name + "\"");
  });
}

}  // namespace

Json diagnostics(const View& view, const std::vector<Finding>& findings, bool related) {
  const FindingPlaces places(view);
  Json out = Json::array();
  for (const Finding& finding : findings) {
    out.push_back(diagnostic(view, finding, places.range(finding), related));
  }
  return out;
}

Json code_actions(const View& view, const Json& diagnostics) {
  Json out = Json::array();
  for (const Json& one : diagnostics) {
    const Json data = one.value("data", Json::object());
    if (data.contains("word")) {
      const std::string word = data.at("word").get<std::string>();
      out.push_back(action(view, "Change to `" + word + "`", one, one.at("range"), word));
      out.back()["isPreferred"] = true;
    }
    if (data.contains("case")) {
      const std::string witness = data.at("case").get<std::string>();
      if (is_there(view.reading, witness)) continue;
      const size_t end = view.text.bytes().size();
      const std::string gap = view.text.bytes().ends_with("\n") ? "\n" : "\n\n";
      out.push_back(action(view, "Add the situation that shows it as a case", one,
                           view.range(end, end), gap + witness));
    }
  }
  return out;
}

}  // namespace firebreak::policy::lsp
