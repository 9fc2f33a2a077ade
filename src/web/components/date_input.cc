// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "web/components/components.h"
#include "web/components/fields.h"
#include "web/components/options.h"

namespace firebreak::web::components {
namespace {

constexpr std::string_view kDateErrorClass = "govuk-input--error";

// Day, month and year as the options give them, each with its usual name where they do not.
struct DateParts {
  std::array<std::string, 3> usual = {"day", "month", "year"};
  std::array<Json, 3> items;
};

DateParts date_parts(const Json& options) {
  DateParts parts;
  for (size_t i = 0; i < parts.usual.size(); ++i) {
    const std::string& usual = parts.usual.at(i);
    const Json& own = member(options, usual);
    parts.items.at(i) =
        !own.is_null()
            ? own
            : Json{{"name", usual},
                   {"value", member(member(options, "values"), usual)},
                   {"classes", i == 2 ? "govuk-input--width-4" : "govuk-input--width-2"}};
  }
  return parts;
}

bool date_names(const std::string& names, std::string_view name) {
  return names.find(name) != std::string::npos;
}

bool date_item_error(const Json& item) {
  return given(item, "error") || date_names(words(item, "classes"), kDateErrorClass);
}

// Which part an item is: by its place when the items are the three parts, otherwise by its name.
// 3 when it is none of them.
size_t date_part_of(const DateParts& parts, const Json& item, std::optional<size_t> place) {
  if (place) return *place;
  const std::string name = words(item, "name");
  for (size_t i = 0; i < parts.usual.size() && !name.empty(); ++i) {
    if (name == parts.usual.at(i) || name == words(parts.items.at(i), "name")) return i;
  }
  return parts.usual.size();
}

std::string date_classes(const Json& item, size_t part, bool mark_error) {
  std::string names = "govuk-date-input__input";
  const std::string own = words(item, "classes");
  if (!date_names(own, kDateErrorClass) && mark_error) names.append(" ").append(kDateErrorClass);
  if (!date_names(own, "govuk-input--width-")) {
    names += part == 2 ? " govuk-input--width-4" : " govuk-input--width-2";
  }
  return own.empty() ? names : names + " " + own;
}

std::string date_label(const Json& item, std::string name) {
  if (given(item, "label")) return words(item, "label");
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::ranges::transform(name, name.begin(), lower);
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

Html date_item(const Json& options, const DateParts& parts, const Json& item, size_t part,
               bool mark_error) {
  std::string name = words(item, "name");
  Json value = member(item, "value");
  if (part < parts.usual.size()) {
    if (name.empty()) name = parts.usual.at(part);
    if (value.is_null()) value = member(parts.items.at(part), "value");
  }
  const std::string prefix =
      given(options, "namePrefix") ? words(options, "namePrefix") + "-" : std::string();
  if (value.is_null()) value = member(member(options, "values"), prefix + name);
  const Html field = input({
      {"label", {{"text", date_label(item, name)}, {"classes", "govuk-date-input__label"}}},
      {"id", words_or(item, "id", words(options, "id") + "-" + name)},
      {"classes", date_classes(item, part, mark_error)},
      {"name", prefix + name},
      {"value", value},
      {"type", "text"},
      {"inputmode", words_or(item, "inputmode", "numeric")},
      {"autocomplete", member(item, "autocomplete")},
      {"pattern", member(item, "pattern")},
      {"attributes", member(item, "attributes")},
  });
  return Element("div").set("class", "govuk-date-input__item").add(field).html();
}

Html date_items(const Json& options) {
  const DateParts parts = date_parts(options);
  std::vector<Json> items = given_items(member(options, "items"));
  const bool own_items = !items.empty();
  if (!own_items) items.assign(parts.items.begin(), parts.items.end());
  const bool any_error = std::ranges::any_of(items, date_item_error);
  Html all;
  for (size_t i = 0; i < items.size(); ++i) {
    const Json& item = items[i];
    if (!given(item)) continue;
    // Without a word on which part is wrong, all of them are marked.
    const bool marked = date_item_error(item) || (member(item, "error") != false &&
                                                  given(options, "errorMessage") && !any_error);
    const auto place = own_items ? std::nullopt : std::optional<size_t>(i);
    all += date_item(options, parts, item, date_part_of(parts, item, place), marked);
  }
  return all;
}

}  // namespace

Html date_input(const Json& options) {
  const std::string id = words(options, "id");
  std::string described_by = words(member(options, "fieldset"), "describedBy");
  Html inner = hint_and_error(options, id, described_by);
  inner += Element("div")
               .set("class", classes("govuk-date-input", options))
               .set_all(member(options, "attributes"))
               .set_given("id", id)
               .add(content(member(options, "formGroup", "beforeInputs")))
               .add(date_items(options))
               .add(content(member(options, "formGroup", "afterInputs")))
               .html();
  Element group = form_group(options);
  if (!given(options, "fieldset")) return group.add(inner).html();
  Json around = copy_of(member(options, "fieldset"));
  // Without the role some screen readers do not read the description of a group of text fields.
  around["role"] = "group";
  around["describedBy"] = described_by;
  around["html"] = inner.json();
  return group.add(fieldset(around)).html();
}

}  // namespace firebreak::web::components
