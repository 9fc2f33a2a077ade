// SPDX-License-Identifier: Apache-2.0
// HTML that is safe by how it is made: the names of tags and attributes are words of this
// program's source, and every other text is escaped for the place where it stands. There is no way
// from a text to an Html but by escaping it.
//
//   Html link = Element("a").set("href", address).text(words).html();
//   Json model = {{"HTML_LINK", link.json()}};        // {{HTML_LINK:x-component}} in a template
//
// An Html travels in a Json (in options of components and in models of pages) as a binary value of
// a type of its own, which no JSON text can hold: what came from outside is never taken for one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace firebreak::web {

// A piece of this program's source; a text that is made while it runs does not compile here.
class Literal {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): it stands for the literal itself.
  consteval Literal(const char* text) : text_(text) {}
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class Html {
 public:
  Html() = default;
  // Markup that stands in the source, such as an icon.
  explicit Html(Literal markup) : markup_(markup.text()) {}
  // Text, escaped.
  static Html of_text(std::string_view text);
  // The Html that a Json holds; none when it holds anything else.
  static std::optional<Html> from(const Json& value);

  Html& operator+=(const Html& more);
  [[nodiscard]] bool empty() const { return markup_.empty(); }
  [[nodiscard]] const std::string& markup() const { return markup_; }
  [[nodiscard]] Json json() const;

 private:
  friend class Element;
  std::string markup_;
};

// One element, made from its start tag to its end. Of an attribute that is set twice the first
// stands, as in a browser.
class Element {
 public:
  explicit Element(Literal tag) : tag_(tag.text()) {}
  // h1 to h6; h`fallback` when `level` is none of 1 to 6.
  static Element heading(const Json& level, int fallback);

  // An address (href) whose scheme is not http, https, mailto or tel becomes "#".
  Element& set(Literal name, std::string_view value);
  // Nothing when the value is empty.
  Element& set_given(Literal name, std::string_view value);
  Element& flag(Literal name, bool on);
  // govuk-frontend's `attributes`: names with values, where a value may be {value, optional}.
  // Only attributes that do nothing by themselves are taken: a few known ones, and names with a
  // hyphen in them (data-…, aria-…). Others, among them every event handler, style and address, are
  // left out.
  Element& set_all(const Json& attributes);

  Element& add(const Html& content);
  Element& add(const Element& content) { return add(content.html()); }
  Element& text(std::string_view words);
  [[nodiscard]] Html html() const;

 private:
  void put(std::string_view name, const std::optional<std::string>& value);

  std::string_view tag_;
  std::vector<std::pair<std::string, std::optional<std::string>>> attributes_;
  Html content_;
};

}  // namespace firebreak::web
