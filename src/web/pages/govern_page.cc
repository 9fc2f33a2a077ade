// SPDX-License-Identifier: Apache-2.0
#include "web/pages/govern_page.h"

#include <algorithm>
#include <utility>

#include "web/components/components.h"
#include "web/pages/views.h"

namespace firebreak::web {

GovernPage::GovernPage(const std::string& title)
    : model_({{"TITLE", title}, {"HEADING", title}, {"PART", Json::array()}}) {}

void GovernPage::back(const std::string& link) { model_["BACK"] = {{"LINK", link}}; }
void GovernPage::wide() { model_["WIDE"] = true; }
void GovernPage::text(const std::string& words) {
  model_["PART"].push_back({{"PARAGRAPH", {{"WORDS", words}}}});
}
void GovernPage::heading(const std::string& words) {
  model_["PART"].push_back({{"SUBHEADING", {{"WORDS", words}}}});
}
void GovernPage::link(const std::string& words, const std::string& href) {
  model_["PART"].push_back({{"WAY", {{"WORDS", words}, {"HREF", href}}}});
}
void GovernPage::block(const Html& component) {
  model_["PART"].push_back({{"BLOCK", {{"HTML_BLOCK", component.json()}}}});
}

void GovernPage::form(const std::string& action, const std::vector<Html>& fields,
                      const std::vector<Json>& buttons) {
  Json form = {{"ACTION", action}, {"FIELD", Json::array()}, {"BUTTON", Json::array()}};
  for (const Html& field : fields) form["FIELD"].push_back({{"HTML_FIELD", field.json()}});
  for (Json options : buttons) {
    options["preventDoubleClick"] = true;
    form["BUTTON"].push_back({{"HTML_BUTTON", components::button(options).json()}});
  }
  model_["PART"].push_back({{"FORM", std::move(form)}});
}

Json GovernPage::model(const FormErrors& errors) const {
  Json model = model_;
  errors.put_in(model);
  return model;
}

Html text_field(const Form& sent, const FormErrors& errors, const TextField& field) {
  Json options = {{"id", field.name},
                  {"name", field.name},
                  {"label", {{"text", field.label}}},
                  {"value", sent.value(field.name)},
                  {"errorMessage", errors.of(field.name)}};
  if (!field.hint.empty()) options["hint"] = {{"text", field.hint}};
  if (field.rows < 2) return components::input(options);
  options["rows"] = std::to_string(field.rows);
  return components::textarea(options);
}

Html select_field(const Form& sent, const FormErrors& errors, const ChoiceField& field) {
  Json items = Json::array();
  for (const auto& [value, words] : field.choices)
    items.push_back({{"value", value}, {"text", words}});
  Json options = {{"id", field.name},
                  {"name", field.name},
                  {"label", {{"text", field.label}}},
                  {"items", std::move(items)},
                  {"value", sent.value(field.name)},
                  {"errorMessage", errors.of(field.name)}};
  if (!field.hint.empty()) options["hint"] = {{"text", field.hint}};
  return components::select(options);
}

Html plain_table(const std::string& caption, const std::vector<std::string>& headings,
                 const std::vector<std::vector<Json>>& rows) {
  Json head = Json::array();
  for (const std::string& heading : headings) head.push_back({{"text", heading}});
  Json body = Json::array();
  for (const std::vector<Json>& row : rows) {
    Json cells = Json::array();
    for (const Json& cell : row)
      cells.push_back({{Html::from(cell) ? "html" : "text", cell}, {"classes", "fb-break"}});
    body.push_back(std::move(cells));
  }
  const Html table = components::table({{"caption", caption},
                                        {"captionClasses", "govuk-table__caption--m"},
                                        {"firstCellIsHeader", true},
                                        {"head", std::move(head)},
                                        {"rows", std::move(body)}});
  return Element("div")
      .set("class", "fb-list__frame")
      .set("role", "region")
      .set("aria-label", caption)
      .set("tabindex", "0")
      .add(table)
      .html();
}

Html summary_of(const std::vector<std::pair<std::string, Json>>& lines) {
  Json rows = Json::array();
  for (const auto& [key, value] : lines) {
    rows.push_back(
        {{"key", {{"text", key}}},
         {"value", {{Html::from(value) ? "html" : "text", value}, {"classes", "fb-break"}}}});
  }
  return components::summary_list({{"rows", std::move(rows)}});
}

Html link_to(const std::string& words, const std::string& href) {
  return Element("a").set("class", "govuk-link").set("href", href).text(words).html();
}

void add_error(FormErrors& errors, const Error& error, const std::vector<std::string>& fields) {
  const bool there = std::find(fields.begin(), fields.end(), error.where) != fields.end();
  errors.add(there ? error.where : std::string(), sentence(error));
}

Form query_of(const Request& request) {
  const auto members = request.query_members();
  return Form(members ? *members : std::vector<Header>());
}

std::string said_time(const std::string& rfc3339) {
  const auto instant = parse_instant(rfc3339);
  return instant ? say_time(*instant) : std::string("not yet");
}

}  // namespace firebreak::web
