// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "web/components/components.h"
#include "web/listing.h"

namespace firebreak::web {
namespace {

bool is_first_order(const ListShape& shape, const ListQuery& query) {
  return query.order == shape.order && query.descending == shape.descending;
}

const ListFilter::Value* view_value(const ListFilter& filter, const std::string& value) {
  const auto found = std::ranges::find(filter.values, value, &ListFilter::Value::value);
  return found == filter.values.end() ? nullptr : &*found;
}

Html search_field(const ListShape& shape, const ListQuery& query) {
  Json field = {{"label", {{"text", shape.search_label}}},
                {"id", "list-search"},
                {"name", "search"},
                {"value", query.search},
                {"type", "search"},
                {"classes", "govuk-input--width-20"},
                {"spellcheck", false},
                {"autocapitalize", "none"},
                {"autocomplete", "off"}};
  if (shape.search == ListSearch::reference) {
    field["hint"] = {{"text",
                      "The first 12 characters or more, such as ref_7k2m9q4x. Do not type a "
                      "name: what you type stands in the address of the page."}};
    field["pattern"] = " *[Rr][Ee][Ff]_[0-9A-Za-z]{8,} *";
    field["attributes"] = {{"maxlength", "100"}};
  }
  return components::input(field);
}

Html filter_field(const ListFilter& filter, const ListQuery& query) {
  const auto chosen = query.chosen.find(filter.id);
  Json items = Json::array();
  for (const ListFilter::Value& value : filter.values) {
    const bool checked = chosen != query.chosen.end() &&
                         std::ranges::find(chosen->second, value.value) != chosen->second.end();
    items.push_back({{"value", value.value}, {"text", value.words}, {"checked", checked}});
  }
  return components::checkboxes(
      {{"name", filter.id},
       {"idPrefix", "list-" + filter.id},
       {"classes", "govuk-checkboxes--small"},
       {"fieldset",
        {{"legend", {{"text", filter.label}, {"classes", "govuk-fieldset__legend--s"}}}}},
       {"items", std::move(items)}});
}

Element view_hidden(std::string_view name, std::string_view value) {
  return Element("input").set("type", "hidden").set("name", name).set("value", value);
}

// One form of GET: what it sends is the address of the list that it asks for.
Html narrowing(const ListShape& shape, const ListQuery& query) {
  if (shape.search == ListSearch::none && shape.filters.empty()) return {};
  Element form = Element("form").set("method", "get").set("action", shape.path);
  if (shape.search != ListSearch::none) form.add(search_field(shape, query));
  for (const ListFilter& filter : shape.filters) form.add(filter_field(filter, query));
  if (!is_first_order(shape, query)) {
    form.add(view_hidden("sort", query.order));
    form.add(view_hidden("order", query.descending ? "desc" : "asc"));
  }
  form.add(components::button({{"text", "Show"}, {"classes", "govuk-button--secondary"}}));
  const char* summary = "Filter the list";
  if (shape.search != ListSearch::none) {
    summary = shape.filters.empty() ? "Search the list" : "Search and filter the list";
  }
  return components::details({{"summaryText", summary},
                              {"html", form.html().json()},
                              {"open", query.narrows()},
                              {"classes", "fb-list__narrow"}});
}

Html view_link(const std::string& address, std::string_view words) {
  return Element("a")
      .set("class", "govuk-link govuk-link--no-visited-state")
      .set("href", address)
      .text(words)
      .html();
}

// What the list is narrowed to, each with a link that takes it away.
Html narrowed_to(const ListShape& shape, const ListQuery& query) {
  if (!query.narrows()) return {};
  Element list = Element("ul").set("class", "govuk-list fb-list__chosen");
  const auto add = [&](const std::string& words, const ListQuery& without) {
    list.add(Element("li").text(words).text(" ").add(
        Element("a")
            .set("class", "govuk-link govuk-link--no-visited-state")
            .set("href", list_address(shape, without))
            .text("Remove")
            .add(Element("span").set("class", "govuk-visually-hidden").text(" " + words))));
  };
  ListQuery base = query;
  base.page = 1;
  if (!query.search.empty()) {
    ListQuery without = base;
    without.search.clear();
    add("Search: " + query.search, without);
  }
  for (const ListFilter& filter : shape.filters) {
    const auto chosen = query.chosen.find(filter.id);
    if (chosen == query.chosen.end()) continue;
    for (const std::string& value : chosen->second) {
      ListQuery without = base;
      std::erase(without.chosen[filter.id], value);
      if (without.chosen[filter.id].empty()) without.chosen.erase(filter.id);
      const ListFilter::Value* known = view_value(filter, value);
      add(filter.label + ": " + (known == nullptr ? value : known->words), without);
    }
  }
  return list.html();
}

Json heading_cell(const ListShape& shape, const ListQuery& query, const ListColumn& column) {
  Json cell = {{"text", column.heading}};
  if (column.numeric) cell["format"] = "numeric";
  if (!column.sorts) return cell;
  const bool current = query.order == column.id;
  ListQuery wanted = query;
  wanted.page = 1;
  wanted.order = column.id;
  wanted.descending = current && !query.descending;
  Element link = Element("a")
                     .set("class", "govuk-link govuk-link--no-visited-state fb-list__sort")
                     .set("href", list_address(shape, wanted))
                     .text(column.heading);
  if (current) {
    link.add(Element("span").set("aria-hidden", "true").text(query.descending ? " ▼" : " ▲"));
  }
  cell["html"] = link.html().json();
  const char* state = !current ? "none" : query.descending ? "descending" : "ascending";
  cell["attributes"] = {{"aria-sort", state}};
  return cell;
}

Json body_cell(const ListColumn& column, const ListCell& cell) {
  Json shown = {{"text", cell.text}};
  if (!cell.shown.is_null()) shown["html"] = cell.shown;
  if (column.numeric) shown["format"] = "numeric";
  return shown;
}

// Wide tables are moved sideways within their own frame, by keyboard too, not the page with them.
Html list_table(const ListShape& shape, const ListQuery& query, const ListPage& found) {
  Json head = Json::array();
  for (const ListColumn& column : shape.columns) {
    head.push_back(heading_cell(shape, query, column));
  }
  Json rows = Json::array();
  for (const ListRow& row : found.rows) {
    Json cells = Json::array();
    for (size_t i = 0; i < shape.columns.size(); ++i) {
      cells.push_back(body_cell(shape.columns[i], row.cells.at(i)));
    }
    rows.push_back(std::move(cells));
  }
  return Element("div")
      .set("class", "fb-list__frame")
      .set("role", "region")
      .set("tabindex", "0")
      .set("aria-label", shape.caption)
      .add(components::table({{"caption", shape.caption},
                              {"captionClasses", "govuk-table__caption--m"},
                              {"firstCellIsHeader", true},
                              {"classes", "govuk-table--small-text-until-tablet"},
                              {"head", std::move(head)},
                              {"rows", std::move(rows)}}))
      .html();
}

// "Showing 26 to 50 of 312"; for somebody who hears the page, where they are.
std::string shown_range(const ListShape& shape, const ListPage& found) {
  const uint64_t first = list_offset(shape, found.number) + 1;
  const uint64_t last = first + found.rows.size() - 1;
  return "Showing " + std::to_string(first) + " to " + std::to_string(last) + " of " +
         std::to_string(found.total) + ".";
}

std::string page_address(const ListShape& shape, ListQuery query, uint64_t number) {
  query.page = number;
  return list_address(shape, query);
}

// The first, the last, and those around the present page; a gap is an ellipsis.
Html page_links(const ListShape& shape, const ListQuery& query, const ListPage& found) {
  const uint64_t last = (found.total + shape.page_size - 1) / shape.page_size;
  if (last <= 1) return {};
  Json items = Json::array();
  uint64_t before = 0;
  for (const uint64_t number :
       {uint64_t{1}, found.number - 1, found.number, found.number + 1, last}) {
    if (number <= before || number > last) continue;
    if (number > before + 1) items.push_back({{"ellipsis", true}});
    items.push_back({{"number", number},
                     {"href", page_address(shape, query, number)},
                     {"current", number == found.number}});
    before = number;
  }
  Json options = {{"landmarkLabel", "Pages of the list"}, {"items", std::move(items)}};
  if (found.number > 1) {
    options["previous"] = {{"href", page_address(shape, query, found.number - 1)}};
  }
  if (found.number < last) {
    options["next"] = {{"href", page_address(shape, query, found.number + 1)}};
  }
  return components::pagination(options);
}

}  // namespace

std::string list_address(const ListShape& shape, const ListQuery& query) {
  std::string out;
  const auto put = [&out](std::string_view name, std::string_view value) {
    out += out.empty() ? '?' : '&';
    out.append(query_encoded(name)).append("=").append(query_encoded(value));
  };
  if (!query.search.empty()) put("search", query.search);
  for (const auto& [filter, values] : query.chosen) {
    for (const std::string& value : values) put(filter, value);
  }
  if (!is_first_order(shape, query)) {
    put("sort", query.order);
    put("order", query.descending ? "desc" : "asc");
  }
  if (query.csv) put("format", "csv");
  if (query.page > 1 && !query.csv) put("page", std::to_string(query.page));
  return shape.path + out;
}

Html list_html(const ListShape& shape, const ListQuery& query, const ListPage& found) {
  Html all = narrowing(shape, query);
  all += narrowed_to(shape, query);
  if (found.rows.empty()) {
    all += Element("p")
               .set("class", "govuk-body")
               .text(query.narrows() ? "Nothing in the list fits. Change what you search for, or "
                                       "remove a filter."
                                     : shape.none)
               .html();
    return all;
  }
  ListQuery file = query;
  file.csv = true;
  all += Element("p")
             .set("class", "govuk-body-s fb-list__range")
             .text(shown_range(shape, found))
             .text(" ")
             .add(view_link(list_address(shape, file), "Download as CSV"))
             .html();
  all += list_table(shape, query, found);
  all += page_links(shape, query, found);
  return all;
}

}  // namespace firebreak::web
