// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "web/components/components.h"
#include "web/components/fields.h"
#include "web/components/options.h"

namespace firebreak::web::components {
namespace {

// Radios and checkboxes are built alike; this is what differs.
struct ChoicesKind {
  std::string_view type;   // of the input element
  std::string_view block;  // the component's class

  // The class of one of its parts.
  [[nodiscard]] std::string part(std::string_view name) const {
    return std::string(block).append(name);
  }
};

constexpr ChoicesKind kChoicesOne = {"radio", "govuk-radios"};
constexpr ChoicesKind kChoicesAny = {"checkbox", "govuk-checkboxes"};

// An item says itself whether it is chosen; otherwise the value or values of the whole do.
bool choices_checked(const Json& options, const Json& item) {
  const Json& checked = member(item, "checked");
  if (given(checked)) return true;
  if (checked == false) return false;
  const Json& value = member(item, "value");
  const Json& values = member(options, "values");
  if (given(options, "value")) return words(value) == words(options, "value");
  if (!values.is_array()) return false;
  return std::ranges::find(values, value) != values.end();
}

// The label or hint of an item, with the class of its kind and the id that it belongs to.
Json choices_part(const Json& from, const Json& texts, const std::string& names) {
  return {{"text", member(texts, "text")},
          {"html", member(texts, "html")},
          {"classes", classes(names, from)},
          {"attributes", member(from, "attributes")}};
}

struct ChoicesItem {
  const ChoicesKind& kind;
  const Json& options;
  const Json& item;
  std::string id;
  std::string described_by;
};

Html choices_input(const ChoicesItem& it, bool checked) {
  const bool reveals =
      given(it.item, "conditional") && given(member(it.item, "conditional"), "html");
  const bool any = it.kind.type == kChoicesAny.type;
  const std::string name = words(it.options, "name");
  return Element("input")
      .set("class", it.kind.part("__input"))
      .set("id", it.id)
      .set("name", any ? words_or(it.item, "name", name) : name)
      .set("type", it.kind.type)
      .set("value", words(it.item, "value"))
      .flag("checked", checked)
      .flag("disabled", given(it.item, "disabled"))
      .set_given("data-aria-controls", reveals ? "conditional-" + it.id : "")
      .set_given("data-behaviour", any ? words(it.item, "behaviour") : "")
      .set_given("aria-describedby", it.described_by)
      .set_all(member(it.item, "attributes"))
      .html();
}

Html choices_item(ChoicesItem it) {
  const Json& hints = member(it.item, "hint");
  const std::string hint_id = it.id + "-item-hint";
  if (has_content(hints)) describe(it.described_by, hint_id);
  const bool checked = choices_checked(it.options, it.item);
  Json words_beside = choices_part(member(it.item, "label"), it.item, it.kind.part("__label"));
  words_beside["for"] = it.id;
  Element item = Element("div").set("class", it.kind.part("__item"));
  item.add(choices_input(it, checked)).add(label(words_beside));
  if (has_content(hints)) {
    Json below = choices_part(hints, hints, it.kind.part("__hint"));
    below["id"] = hint_id;
    item.add(hint(below));
  }
  Html all = item.html();
  const Json& conditional = member(it.item, "conditional");
  if (given(conditional, "html")) {
    const std::string block = it.kind.part("__conditional");
    all += Element("div")
               .set("class", checked ? block : block + " " + block + "--hidden")
               .set("id", "conditional-" + it.id)
               .add(content(conditional))
               .html();
  }
  return all;
}

Html choices_items(const ChoicesKind& kind, const Json& options, const std::string& described_by) {
  const std::string prefix = words_or(options, "idPrefix", words(options, "name"));
  const Json& items = member(options, "items");
  Html all;
  for (size_t i = 0; items.is_array() && i < items.size(); ++i) {
    const Json& item = items[i];
    if (!given(item)) continue;
    if (given(item, "divider")) {
      all +=
          Element("div").set("class", kind.part("__divider")).text(words(item, "divider")).html();
      continue;
    }
    // The first has no number, so that an error summary can point to it.
    const std::string id = i == 0 ? prefix : prefix + "-" + std::to_string(i + 1);
    all += choices_item({kind, options, item, words_or(item, "id", id), described_by});
  }
  return all;
}

Html choices(const ChoicesKind& kind, const Json& options, std::string described_by) {
  const std::string prefix = words_or(options, "idPrefix", words(options, "name"));
  const bool any = kind.type == kChoicesAny.type;
  const bool grouped = given(options, "fieldset");
  Html inner = hint_and_error(options, prefix, described_by);
  inner += Element("div")
               .set("class", classes(kind.block, options))
               .set_all(member(options, "attributes"))
               .set("data-module", kind.block)
               .add(content(member(options, "formGroup", "beforeInputs")))
               .add(choices_items(kind, options, any && !grouped ? described_by : ""))
               .add(content(member(options, "formGroup", "afterInputs")))
               .html();
  Element group = form_group(options);
  if (!grouped) return group.add(inner).html();
  Json around = copy_of(member(options, "fieldset"));
  around.erase("role");
  around["describedBy"] = described_by;
  around["html"] = inner.json();
  return group.add(fieldset(around)).html();
}

Html choices_option(const Json& item, const Json& chosen) {
  const Json& selected = member(item, "selected");
  const Json& value = member(item, "value");
  const std::string means = value.is_null() ? words(item, "text") : words(value);
  const bool is_selected =
      given(selected) || (selected != false && given(chosen) && means == words(chosen));
  Element option("option");
  if (!value.is_null()) option.set("value", words(value));
  return option.flag("selected", is_selected)
      .flag("disabled", given(item, "disabled"))
      .set_all(member(item, "attributes"))
      .text(words(item, "text"))
      .html();
}

}  // namespace

Html fieldset(const Json& options) {
  Element all = Element("fieldset")
                    .set("class", classes("govuk-fieldset", options))
                    .set_given("role", words(options, "role"))
                    .set_given("aria-describedby", words(options, "describedBy"))
                    .set_all(member(options, "attributes"));
  const Json& legend = member(options, "legend");
  if (has_content(legend)) {
    Element element = Element("legend").set("class", classes("govuk-fieldset__legend", legend));
    if (given(legend, "isPageHeading")) {
      element.add(Element("h1").set("class", "govuk-fieldset__heading").add(content(legend)));
    } else {
      element.add(content(legend));
    }
    all.add(element);
  }
  if (given(options, "html")) all.add(content(options));
  return all.html();
}

Html radios(const Json& options) {
  return choices(kChoicesOne, options, words(member(options, "fieldset"), "describedBy"));
}

Html checkboxes(const Json& options) {
  const std::string own = words(options, "describedBy");
  return choices(kChoicesAny, options, words_or(member(options, "fieldset"), "describedBy", own));
}

Html select(const Json& options) {
  const std::string id = field_id(options);
  std::string described_by = words(options, "describedBy");
  Element group = form_group(options);
  group.add(field_label(options, id)).add(hint_and_error(options, id, described_by));
  std::string names = classes("govuk-select", options);
  if (given(options, "errorMessage")) names += " govuk-select--error";
  Element element = Element("select")
                        .set("class", names)
                        .set("id", id)
                        .set("name", words(options, "name"))
                        .flag("disabled", given(options, "disabled"))
                        .set_given("aria-describedby", described_by)
                        .set_all(member(options, "attributes"));
  for (const Json& item : given_items(member(options, "items"))) {
    element.add(choices_option(item, member(options, "value")));
  }
  return group.add(content(member(options, "formGroup", "beforeInput")))
      .add(element)
      .add(content(member(options, "formGroup", "afterInput")))
      .html();
}

}  // namespace firebreak::web::components
