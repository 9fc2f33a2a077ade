// SPDX-License-Identifier: Apache-2.0
#include "web/pages/parts.h"

#include "channel/mail/message_text.h"
#include "web/components/components.h"
#include "web/pages/views.h"

namespace firebreak::web {

std::string label_of(Choices choices, std::string_view value) {
  for (const Choice& choice : choices)
    if (choice.value == value) return choice.label;
  return std::string(value);
}

Html heading_part(std::string_view text) {
  return Element("h2").set("class", "govuk-heading-m").text(text).html();
}

Html paragraph_part(std::string_view text) {
  return Element("p").set("class", "govuk-body").text(text).html();
}

Html link_part(std::string_view address, std::string_view text) {
  return Element("a").set("class", "govuk-link").set("href", address).text(text).html();
}

Html lines_part(std::string_view text) {
  return Element("p").set("class", "govuk-body fb-lines").text(text).html();
}

Html message_part(const std::string& message) {
  const auto shown = [](std::string_view label, std::string_view text) {
    return Element("pre")
        .set("class", "fb-message")
        .set("tabindex", "0")
        .set("role", "region")
        .set("aria-label", label)
        .text(text)
        .html();
  };
  Html out = shown("The message as its recipient reads it", mail::message_text(message));
  out += components::details(
      {{"summaryText", "The whole e-mail, byte for byte, with its technical lines"},
       {"html", shown("The whole e-mail", message).json()}});
  return out;
}

Html table_part(std::string_view caption, const std::vector<std::string>& heads,
                const std::vector<std::vector<Html>>& rows) {
  Json head = Json::array();
  for (const std::string& text : heads) head.push_back({{"text", text}});
  Json lines = Json::array();
  for (const auto& row : rows) {
    Json cells = Json::array();
    for (const Html& cell : row) cells.push_back({{"html", cell.json()}, {"classes", "fb-break"}});
    lines.push_back(std::move(cells));
  }
  const Html table = components::table({{"caption", caption},
                                        {"captionClasses", "govuk-table__caption--m"},
                                        {"classes", "govuk-table--small-text-until-tablet"},
                                        {"firstCellIsHeader", true},
                                        {"head", std::move(head)},
                                        {"rows", std::move(lines)}});
  return Element("div")
      .set("class", "fb-list__frame")
      .set("tabindex", "0")
      .set("role", "region")
      .set("aria-label", caption)
      .add(table)
      .html();
}

Html summary_part(const std::vector<SummaryRow>& rows) {
  Json lines = Json::array();
  for (const SummaryRow& row : rows) {
    lines.push_back({{"key", {{"text", row.key}}},
                     {"value", {{"html", row.value.json()}, {"classes", "fb-break"}}}});
  }
  return components::summary_list({{"rows", std::move(lines)}});
}

namespace {

Json hint_option(const FieldPart& field) {
  return *field.hint == '\0' ? Json() : Json{{"text", field.hint}};
}

Json legend_option(const FieldPart& field) {
  return {{"legend", {{"text", field.label}, {"classes", "govuk-fieldset__legend--s fb-break"}}}};
}

}  // namespace

Html radios_part(Choices choices, const FieldPart& field, const Form& sent,
                 const FormErrors& errors) {
  Json items = Json::array();
  for (const Choice& choice : choices) {
    items.push_back({{"value", choice.value},
                     {"text", choice.label},
                     {"checked", sent.value(field.name) == choice.value}});
  }
  return components::radios({{"name", field.name},
                             {"idPrefix", field.name},
                             {"fieldset", legend_option(field)},
                             {"hint", hint_option(field)},
                             {"errorMessage", errors.of(field.name)},
                             {"items", std::move(items)}});
}

Html note_part(const FieldPart& field, const Form& sent, const FormErrors& errors) {
  return components::textarea({{"name", field.name},
                               {"id", field.name},
                               {"rows", 4},
                               {"label", {{"text", field.label}, {"classes", "govuk-label--s"}}},
                               {"hint", hint_option(field)},
                               {"errorMessage", errors.of(field.name)},
                               {"value", sent.value(field.name)}});
}

Html text_part(const FieldPart& field, const Form& sent, const FormErrors& errors) {
  return components::input({{"name", field.name},
                            {"id", field.name},
                            {"classes", "govuk-!-width-two-thirds"},
                            {"autocomplete", "off"},
                            {"spellcheck", false},
                            {"label", {{"text", field.label}, {"classes", "govuk-label--s"}}},
                            {"hint", hint_option(field)},
                            {"errorMessage", errors.of(field.name)},
                            {"value", sent.value(field.name)}});
}

Html day_part(const FieldPart& field, const Form& sent, const FormErrors& errors) {
  const std::string name = field.name;
  Json items = Json::array();
  for (const auto& [part, width] :
       {std::pair{"day", "govuk-input--width-2"}, std::pair{"month", "govuk-input--width-2"},
        std::pair{"year", "govuk-input--width-4"}}) {
    items.push_back({{"name", part}, {"value", sent.value(name + "-" + part)}, {"classes", width}});
  }
  return components::date_input({{"id", name},
                                 {"namePrefix", name},
                                 {"fieldset", legend_option(field)},
                                 {"hint", hint_option(field)},
                                 {"errorMessage", errors.of(name + "-day")},
                                 {"items", std::move(items)}});
}

std::string day_of(const Form& sent, const std::string& name) {
  const auto padded = [&](const char* part) {
    const std::string text = sent.value(name + part);
    return text.size() == 1 ? "0" + text : text;
  };
  const std::string text =
      sent.value(name + "-year") + "-" + padded("-month") + "-" + padded("-day");
  return parse_day(text) ? text : std::string();
}

std::string time_words(std::string_view instant) {
  const auto read = parse_instant(instant);
  return read ? say_time(*read) : std::string("not known");
}

std::string day_words(std::string_view day) {
  const auto read = parse_day(day);
  return read ? say_day(*read) : std::string("not known");
}

}  // namespace firebreak::web
