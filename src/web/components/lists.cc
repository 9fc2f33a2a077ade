// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "web/components/components.h"
#include "web/components/options.h"

namespace firebreak::web::components {
namespace {

bool lists_any(const Json& list) { return list.is_array() && !list.empty(); }

Html lists_action_link(const Json& action, const Json& card_title) {
  Element link = Element("a")
                     .set("class", classes("govuk-link", action))
                     .set("href", words(action, "href"))
                     .set_all(member(action, "attributes"))
                     .add(content(action));
  const bool hidden = given(action, "visuallyHiddenText");
  if (hidden || given(card_title)) {
    Element more = Element("span").set("class", "govuk-visually-hidden");
    if (hidden) more.text(" " + words(action, "visuallyHiddenText"));
    if (given(card_title)) more.text(" (").add(content(card_title)).text(")");
    link.add(more);
  }
  return link.html();
}

// One link stands alone, several in a list.
Html lists_summary_actions(const Json& actions, const Json& card_title) {
  const Json& items = member(actions, "items");
  if (!lists_any(items)) return {};
  Element cell = Element("dd").set("class", classes("govuk-summary-list__actions", actions));
  if (items.size() == 1) return cell.add(lists_action_link(items[0], card_title)).html();
  Element list = Element("ul").set("class", "govuk-summary-list__actions-list");
  for (const Json& action : items) {
    list.add(Element("li")
                 .set("class", "govuk-summary-list__actions-list-item")
                 .add(lists_action_link(action, card_title)));
  }
  return cell.add(list).html();
}

Html lists_card_actions(const Json& card) {
  const Json& actions = member(card, "actions");
  const Json& items = member(actions, "items");
  const Json& title = member(card, "title");
  if (!lists_any(items)) return {};
  const std::string names = classes("govuk-summary-card__actions", actions);
  if (items.size() == 1) {
    return Element("div").set("class", names).add(lists_action_link(items[0], title)).html();
  }
  Element list = Element("ul").set("class", names);
  for (const Json& action : items) {
    list.add(Element("li")
                 .set("class", "govuk-summary-card__action")
                 .add(lists_action_link(action, title)));
  }
  return list.html();
}

Html lists_card(const Json& card, const Html& inside) {
  Element head = Element("div").set("class", "govuk-summary-card__title-wrapper");
  const Json& title = member(card, "title");
  if (given(title)) {
    head.add(Element::heading(member(title, "headingLevel"), 2)
                 .set("class", classes("govuk-summary-card__title", title))
                 .add(content(title)));
  }
  head.add(lists_card_actions(card));
  return Element("div")
      .set("class", classes("govuk-summary-card", card))
      .set_all(member(card, "attributes"))
      .add(head)
      .add(Element("div").set("class", "govuk-summary-card__content").add(inside))
      .html();
}

Html lists_summary_row(const Json& row, bool any_actions, const Json& card_title) {
  const Json& key = member(row, "key");
  const Json& value = member(row, "value");
  const bool lacks = any_actions && !given(member(row, "actions"), "items");
  const std::string kind = "govuk-summary-list__row";
  return Element("div")
      .set("class", classes(lacks ? kind + " " + kind + "--no-actions" : kind, row))
      .add(Element("dt").set("class", classes("govuk-summary-list__key", key)).add(content(key)))
      .add(Element("dd")
               .set("class", classes("govuk-summary-list__value", value))
               .add(content(value)))
      .add(lists_summary_actions(member(row, "actions"), card_title))
      .html();
}

Html lists_cell(Element cell, std::string names, const Json& options, bool with_format) {
  if (with_format && given(options, "format")) {
    names += " " + names + "--" + words(options, "format");
  }
  return cell.set("class", classes(names, options))
      .set_given("colspan", words(options, "colspan"))
      .set_given("rowspan", words(options, "rowspan"))
      .set_all(member(options, "attributes"))
      .add(content(options))
      .html();
}

Html lists_table_row(const Json& cells, bool first_is_header) {
  Element row = Element("tr").set("class", "govuk-table__row");
  for (size_t i = 0; cells.is_array() && i < cells.size(); ++i) {
    if (i == 0 && first_is_header) {
      row.add(
          lists_cell(Element("th").set("scope", "row"), "govuk-table__header", cells[i], false));
    } else {
      row.add(lists_cell(Element("td"), "govuk-table__cell", cells[i], true));
    }
  }
  return row.html();
}

Html lists_task_name(const Json& item, const std::string& hint_id, const std::string& status_id) {
  const Json& title = member(item, "title");
  const Json& hint = member(item, "hint");
  Element name = Element("div").set("class", "govuk-task-list__name-and-hint");
  if (given(item, "href")) {
    name.add(Element("a")
                 .set("class", classes("govuk-link govuk-task-list__link", title))
                 .set("href", words(item, "href"))
                 .set("aria-describedby", given(hint) ? hint_id + " " + status_id : status_id)
                 .add(content(title)));
  } else {
    name.add(Element("div").set_given("class", words(title, "classes")).add(content(title)));
  }
  if (given(hint)) {
    name.add(
        Element("div").set("id", hint_id).set("class", "govuk-task-list__hint").add(content(hint)));
  }
  return name.html();
}

Html lists_task(const Json& item, const std::string& id) {
  const Json& status = member(item, "status");
  const std::string kind = given(item, "href")
                               ? "govuk-task-list__item govuk-task-list__item--with-link"
                               : "govuk-task-list__item";
  return Element("li")
      .set("class", classes(kind, item))
      .add(lists_task_name(item, id + "-hint", id + "-status"))
      .add(Element("div")
               .set("class", classes("govuk-task-list__status", status))
               .set("id", id + "-status")
               .add(given(status, "tag") ? tag(member(status, "tag")) : content(status)))
      .html();
}

Html lists_tab_panel(const Json& panel, const std::string& id, bool first) {
  Element element =
      Element("div")
          .set("class", first ? "govuk-tabs__panel" : "govuk-tabs__panel govuk-tabs__panel--hidden")
          .set("id", id)
          .set_all(member(panel, "attributes"));
  if (given(panel, "html")) {
    element.add(content(panel));
  } else if (given(panel, "text")) {
    element.add(Element("p").set("class", "govuk-body").text(words(panel, "text")));
  }
  return element.html();
}

}  // namespace

Html summary_list(const Json& options) {
  const std::vector<Json> rows = given_items(member(options, "rows"));
  const Json& card = member(options, "card");
  const bool any_actions = std::ranges::any_of(
      rows, [](const Json& row) { return lists_any(member(row, "actions", "items")); });
  Element list = Element("dl")
                     .set("class", classes("govuk-summary-list", options))
                     .set_all(member(options, "attributes"));
  for (const Json& row : rows) list.add(lists_summary_row(row, any_actions, member(card, "title")));
  return given(card) ? lists_card(card, list.html()) : list.html();
}

Html table(const Json& options) {
  Element table = Element("table")
                      .set("class", classes("govuk-table", options))
                      .set_all(member(options, "attributes"));
  if (given(options, "caption")) {
    const Json caption_classes = {{"classes", member(options, "captionClasses")}};
    table.add(Element("caption")
                  .set("class", classes("govuk-table__caption", caption_classes))
                  .text(words(options, "caption")));
  }
  if (given(options, "head")) {
    Element row = Element("tr").set("class", "govuk-table__row");
    for (const Json& item : member(options, "head")) {
      row.add(lists_cell(Element("th").set("scope", "col"), "govuk-table__header", item, true));
    }
    table.add(Element("thead").set("class", "govuk-table__head").add(row));
  }
  Element body = Element("tbody").set("class", "govuk-table__body");
  const bool first_is_header = given(options, "firstCellIsHeader");
  for (const Json& row : given_items(member(options, "rows"))) {
    body.add(lists_table_row(row, first_is_header));
  }
  return table.add(body).html();
}

Html task_list(const Json& options) {
  const std::string prefix = words_or(options, "idPrefix", "task-list");
  Element list = Element("ul")
                     .set("class", classes("govuk-task-list", options))
                     .set_all(member(options, "attributes"));
  const Json& items = member(options, "items");
  for (size_t i = 0; items.is_array() && i < items.size(); ++i) {
    if (given(items[i])) list.add(lists_task(items[i], prefix + "-" + std::to_string(i + 1)));
  }
  return list.html();
}

Html tabs(const Json& options) {
  const Json& items = member(options, "items");
  Element all = Element("div")
                    .set_given("id", words(options, "id"))
                    .set("class", classes("govuk-tabs", options))
                    .set_all(member(options, "attributes"))
                    .set("data-module", "govuk-tabs")
                    .add(Element("h2")
                             .set("class", "govuk-tabs__title")
                             .text(words_or(options, "title", "Contents")));
  if (!lists_any(items)) return all.html();
  Element list = Element("ul").set("class", "govuk-tabs__list");
  Html panels;
  for (size_t i = 0; i < items.size(); ++i) {
    const Json& item = items[i];
    if (!given(item)) continue;
    const std::string id =
        words_or(item, "id", words(options, "idPrefix").append("-" + std::to_string(i + 1)));
    const std::string kind = "govuk-tabs__list-item";
    list.add(Element("li")
                 .set("class", i == 0 ? kind + " " + kind + "--selected" : kind)
                 .add(Element("a")
                          .set("class", "govuk-tabs__tab")
                          .set("href", "#" + id)
                          .set_all(member(item, "attributes"))
                          .text(words(item, "label"))));
    panels += lists_tab_panel(member(item, "panel"), id, i == 0);
  }
  return all.add(list).add(panels).html();
}

}  // namespace firebreak::web::components
