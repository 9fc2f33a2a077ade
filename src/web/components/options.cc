// SPDX-License-Identifier: Apache-2.0
#include "web/components/options.h"

namespace firebreak::web {

const Json& member(const Json& options, std::string_view name) {
  static const Json nothing;
  if (!options.is_object()) return nothing;
  const auto found = options.find(name);
  return found == options.end() ? nothing : *found;
}

const Json& member(const Json& options, std::string_view name, std::string_view inner) {
  return member(member(options, name), inner);
}

Json copy_of(const Json& options) { return options.is_object() ? options : Json::object(); }

bool given(const Json& value) {
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value != 0;
  return !value.is_null();
}

bool given(const Json& options, std::string_view name) { return given(member(options, name)); }

std::string words(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number()) return value.dump();
  return {};
}

std::string words(const Json& options, std::string_view name) {
  return words(member(options, name));
}

std::string words_or(const Json& options, std::string_view name, std::string_view fallback) {
  return given(options, name) ? words(options, name) : std::string(fallback);
}

std::vector<Json> given_items(const Json& list) {
  std::vector<Json> items;
  if (!list.is_array()) return items;
  items.reserve(list.size());
  for (const Json& item : list)
    if (given(item)) items.push_back(item);
  return items;
}

std::string classes(std::string_view base, const Json& options) {
  std::string names(base);
  if (given(options, "classes")) names.append(" ").append(words(options, "classes"));
  return names;
}

Html content(const Json& options, std::string_view text, std::string_view html) {
  if (const auto made = Html::from(member(options, html))) return *made;
  return Html::of_text(given(options, html) ? words(options, html) : words(options, text));
}

bool has_content(const Json& options) { return given(options, "html") || given(options, "text"); }

void describe(std::string& described_by, const std::string& id) {
  if (!described_by.empty()) described_by += ' ';
  described_by += id;
}

}  // namespace firebreak::web
