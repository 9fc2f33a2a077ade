// SPDX-License-Identifier: Apache-2.0
#include "web/components/html.h"

#include <algorithm>
#include <array>

#include "web/components/options.h"

namespace firebreak::web {
namespace {

constexpr Json::binary_t::subtype_type kHtmlType = 0x48;

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// What runs a script when followed, or hides what it is with characters that browsers leave out, is
// no address.
bool html_safe_address(std::string_view address) {
  if (std::ranges::any_of(address, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    return false;
  }
  const size_t end = address.find_first_of(":/?#");
  if (end == std::string_view::npos || address[end] != ':') return true;
  const std::string scheme = html_lower(address.substr(0, end));
  constexpr std::array<std::string_view, 4> kSchemes = {"http", "https", "mailto", "tel"};
  return std::ranges::find(kSchemes, scheme) != kSchemes.end();
}

// Names are in lower case here.
bool html_harmless_attribute(std::string_view name) {
  constexpr std::array<std::string_view, 18> kKnown = {
      "autocapitalize", "autocomplete", "class",     "dir",  "form",     "hidden", "id",
      "inputmode",      "lang",         "maxlength", "name", "readonly", "rel",    "role",
      "size",           "tabindex",     "title",     "value"};
  if (std::ranges::find(kKnown, name) != kKnown.end()) return true;
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return name.find('-') != std::string_view::npos && name.front() >= 'a' && name.front() <= 'z' &&
         std::ranges::all_of(name, in_name);
}

bool html_void_element(std::string_view tag) { return tag == "input" || tag == "hr"; }

}  // namespace

Html Html::of_text(std::string_view text) {
  Html html;
  html.markup_ = html_escaped(text);
  return html;
}

std::optional<Html> Html::from(const Json& value) {
  if (!value.is_binary() || !value.get_binary().has_subtype() ||
      value.get_binary().subtype() != kHtmlType) {
    return std::nullopt;
  }
  Html html;
  html.markup_.assign(value.get_binary().begin(), value.get_binary().end());
  return html;
}

Html& Html::operator+=(const Html& more) {
  markup_ += more.markup_;
  return *this;
}

Json Html::json() const { return Json::binary({markup_.begin(), markup_.end()}, kHtmlType); }

Element Element::heading(const Json& level, int fallback) {
  static constexpr std::array<Literal, 6> kHeadings = {"h1", "h2", "h3", "h4", "h5", "h6"};
  const std::string text = words(level);
  const bool known = text.size() == 1 && text[0] >= '1' && text[0] <= '6';
  return Element(kHeadings.at(static_cast<size_t>(known ? text[0] - '1' : fallback - 1)));
}

Element& Element::set(Literal name, std::string_view value) {
  const bool refused = name.text() == "href" && !html_safe_address(value);
  put(name.text(), std::string(refused ? "#" : value));
  return *this;
}

Element& Element::set_given(Literal name, std::string_view value) {
  return value.empty() ? *this : set(name, value);
}

Element& Element::flag(Literal name, bool on) {
  if (on) put(name.text(), std::nullopt);
  return *this;
}

Element& Element::set_all(const Json& attributes) {
  if (!attributes.is_object()) return *this;
  for (const auto& [written, item] : attributes.items()) {
    const std::string name = html_lower(written);
    if (name.empty() || !html_harmless_attribute(name)) continue;
    const Json& value = item.is_object() ? member(item, "value") : item;
    const bool optional = member(item, "optional") == true;
    if (optional && value == true) {
      put(name, std::nullopt);
    } else if (!optional || (!value.is_null() && value != false)) {
      put(name, words(value));
    }
  }
  return *this;
}

void Element::put(std::string_view name, const std::optional<std::string>& value) {
  const auto same = [name](const auto& attribute) { return attribute.first == name; };
  if (std::ranges::any_of(attributes_, same)) return;
  attributes_.emplace_back(name, value);
}

Element& Element::add(const Html& content) {
  content_ += content;
  return *this;
}

Element& Element::text(std::string_view words) { return add(Html::of_text(words)); }

Html Element::html() const {
  Html out;
  out.markup_.append("<").append(tag_);
  for (const auto& [name, value] : attributes_) {
    out.markup_.append(" ").append(name);
    if (value) out.markup_.append("=\"").append(html_escaped(*value)).append("\"");
  }
  out.markup_ += '>';
  if (html_void_element(tag_)) return out;
  // A browser leaves out a line break that a textarea begins with.
  if (tag_ == "textarea" && content_.markup_.starts_with('\n')) out.markup_ += '\n';
  out.markup_.append(content_.markup_).append("</").append(tag_).append(">");
  return out;
}

}  // namespace firebreak::web
