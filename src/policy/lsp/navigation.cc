// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "policy/lsp/features.h"

namespace firebreak::policy::lsp {
namespace {

Json position_json(const Position& position) {
  return {{"line", position.line}, {"character", position.character}};
}

// The one thing that is called so; nothing when there are several.
std::optional<Named> by_spelling(const Reading& reading, const std::string& word) {
  std::optional<Named> out;
  for (const Reading* place : std::array{&reading, reading.vocabulary.get()}) {
    if (place == nullptr) continue;
    for (const Use& use : place->trace.uses) {
      if (!use.declares || use.name != word) continue;
      const Named found{use.symbol, use.name, use.owner};
      if (out && *out != found) return std::nullopt;
      out = found;
    }
  }
  return out;
}

}  // namespace

Json View::range(size_t from, size_t to) const {
  return {{"start", position_json(text.position(from, encoding))},
          {"end", position_json(text.position(to, encoding))}};
}

Json View::range(const Token& token) const {
  return range(token.place.offset, reading.end_of(token));
}

Json View::location(const Token& token) const { return {{"uri", uri}, {"range", range(token)}}; }

std::optional<Named> named_at(const Reading& reading, size_t offset) {
  const Token& token = reading.token_at(offset);
  if (const Use* use = reading.use_of(token)) return Named{use->symbol, use->name, use->owner};
  if (token.kind != Token::Kind::word || reading.findings.empty()) return std::nullopt;
  return by_spelling(reading, token.text);
}

Json definition(const View& view, size_t offset) {
  const std::optional<Named> named = named_at(view.reading, offset);
  if (!named) return nullptr;
  const auto declared_in = [&](const Reading& reading) {
    const Use* found = reading.declaration(named->symbol, named->name, named->owner);
    // `yes` and `no` need no words of their own; they stand with their attribute.
    if (found != nullptr || named->symbol != Symbol::value) return found;
    return reading.declaration(Symbol::attribute, named->owner, "");
  };
  if (const Use* use = declared_in(view.reading)) {
    return view.location(view.reading.token_at(use->place.offset));
  }
  const Reading* words = view.reading.vocabulary.get();
  const Use* use = words != nullptr ? declared_in(*words) : nullptr;
  if (use == nullptr) return nullptr;
  const Text text{std::string(words->source.text())};
  const View there{view.reading.vocabulary_uri, *words, text, view.encoding};
  return there.location(words->token_at(use->place.offset));
}

Json references(const View& view, const Named& named, bool with_declarations) {
  Json out = Json::array();
  for (const Use& use : view.reading.trace.uses) {
    if (Named{use.symbol, use.name, use.owner} != named || (use.declares && !with_declarations)) {
      continue;
    }
    out.push_back(view.location(view.reading.token_at(use.place.offset)));
  }
  return out;
}

}  // namespace firebreak::policy::lsp
