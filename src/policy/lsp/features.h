// SPDX-License-Identifier: Apache-2.0
// What the language server answers about one document, as the protocol's own JSON. Names that stand
// where a parser has not read (behind a fault in their sentence) are known by their spelling alone,
// where only one thing is so called.
//
//   const View view{uri, reading, text, Encoding::utf16};
//   Json answer = hover(view, view.text.offset(position, view.encoding));
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "policy/lsp/workspace.h"

namespace firebreak::policy::lsp {

// A document as it was read, and how the client counts its columns. Lives as long as these do.
struct View {
  const std::string& uri;
  const Reading& reading;
  const Text& text;
  Encoding encoding;

  // A Range, a Location.
  [[nodiscard]] Json range(size_t from, size_t to) const;
  [[nodiscard]] Json range(const Token& token) const;
  [[nodiscard]] Json location(const Token& token) const;
};

// What a name stands for: the same in the policy and in its vocabulary.
struct Named {
  Symbol symbol = Symbol::attribute;
  std::string name;
  std::string owner;  // of a value: its attribute
  bool operator==(const Named&) const = default;
};
std::optional<Named> named_at(const Reading& reading, size_t offset);

// A clause's words, source and basis; what an attribute asks and which values it has; what a rule
// comes to; what people read for any other word. null when there is nothing to say.
Json hover(const View& view, size_t offset);
// In plain text, as hover shows it; empty when there is nothing to say.
std::string described(const Reading& reading, const Named& named);

// Where the name is declared, in this text or in the vocabulary; null when it is not.
Json definition(const View& view, size_t offset);
// Every place in this text where the name is used or, when wanted, declared.
Json references(const View& view, const Named& named, bool with_declarations);

// The sections of the text, exceptions within their rules, values within their attributes. `flat`
// for clients that know no tree: SymbolInformation in place of DocumentSymbol.
Json document_symbols(const View& view, bool flat);

// All that the language and the vocabulary allow at this byte.
Json completion(const View& view, size_t offset);

// `findings` as Diagnostics. Situations that show a finding are added to its message for clients
// that do not show related information.
Json diagnostics(const View& view, const std::vector<Finding>& findings, bool related);
// Quick fixes for Diagnostics that diagnostics() gave: the nearest known word; the situation that
// shows a finding, as a `case` at the end of the file.
Json code_actions(const View& view, const Json& diagnostics);

}  // namespace firebreak::policy::lsp
