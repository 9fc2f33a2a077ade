// SPDX-License-Identifier: Apache-2.0
#include "web/components/components.h"
#include "web/components/options.h"

namespace firebreak::web::components {
namespace {

// A link or button of an interruption panel.
Html phrases_panel_action(const Json& action) {
  if (given(action, "href") && words(action, "type") != "button") {
    return Element("a")
        .set("class", classes("govuk-link govuk-link--inverse", action))
        .set("href", words(action, "href"))
        .set_all(member(action, "attributes"))
        .text(words(action, "text"))
        .html();
  }
  return button({{"text", words(action, "text")},
                 {"type", words_or(action, "type", "button")},
                 {"classes", classes("govuk-button--inverse", action)},
                 {"href", member(action, "href")},
                 {"attributes", member(action, "attributes")}});
}

Html phrases_panel_actions(const Json& actions) {
  Element all = Element("div")
                    .set("class", classes("govuk-panel__actions", actions))
                    .set_all(member(actions, "attributes"));
  const std::vector<Json> items = given_items(member(actions, "items"));
  if (!items.empty()) {
    Element group = Element("div").set("class", "govuk-button-group");
    for (const Json& item : items) group.add(phrases_panel_action(item));
    all.add(group);
  }
  return all.html();
}

}  // namespace

Html label(const Json& options) {
  if (!has_content(options)) return {};
  Html label = Element("label")
                   .set("class", classes("govuk-label", options))
                   .set_all(member(options, "attributes"))
                   .set_given("for", words(options, "for"))
                   .add(content(options))
                   .html();
  if (!given(options, "isPageHeading")) return label;
  return Element("h1").set("class", "govuk-label-wrapper").add(label).html();
}

Html hint(const Json& options) {
  return Element("div")
      .set_given("id", words(options, "id"))
      .set("class", classes("govuk-hint", options))
      .set_all(member(options, "attributes"))
      .add(content(options))
      .html();
}

Html error_message(const Json& options) {
  Element message = Element("p")
                        .set_given("id", words(options, "id"))
                        .set("class", classes("govuk-error-message", options))
                        .set_all(member(options, "attributes"));
  const Json& hidden = member(options, "visuallyHiddenText");
  const std::string prefix = hidden.is_null() ? "Error" : given(hidden) ? words(hidden) : "";
  if (!prefix.empty()) {
    message.add(Element("span").set("class", "govuk-visually-hidden").text(prefix + ":"));
    message.text(" ");
  }
  return message.add(content(options)).html();
}

Html tag(const Json& options) {
  return Element("strong")
      .set("class", classes("govuk-tag", options))
      .set_all(member(options, "attributes"))
      .add(content(options))
      .html();
}

Html inset_text(const Json& options) {
  return Element("div")
      .set_given("id", words(options, "id"))
      .set("class", classes("govuk-inset-text", options))
      .set_all(member(options, "attributes"))
      .add(content(options))
      .html();
}

Html warning_text(const Json& options) {
  return Element("div")
      .set("class", classes("govuk-warning-text", options))
      .set_all(member(options, "attributes"))
      .add(Element("span")
               .set("class", "govuk-warning-text__icon")
               .set("aria-hidden", "true")
               .text("!"))
      .add(Element("strong")
               .set("class", "govuk-warning-text__text")
               .add(Element("span")
                        .set("class", "govuk-visually-hidden")
                        .text(words_or(options, "iconFallbackText", "Warning")))
               .text(" ")
               .add(content(options)))
      .html();
}

Html details(const Json& options) {
  return Element("details")
      .set_given("id", words(options, "id"))
      .set("class", classes("govuk-details", options))
      .set_all(member(options, "attributes"))
      .flag("open", given(options, "open"))
      .add(Element("summary")
               .set("class", "govuk-details__summary")
               .add(Element("span")
                        .set("class", "govuk-details__summary-text")
                        .add(content(options, "summaryText", "summaryHtml"))))
      .add(Element("div").set("class", "govuk-details__text").add(content(options)))
      .html();
}

Html panel(const Json& options) {
  const bool interrupts =
      words(options, "classes").find("govuk-panel--interruption") != std::string::npos;
  const std::string kind = interrupts ? "govuk-panel" : "govuk-panel govuk-panel--confirmation";
  Element panel = Element("div")
                      .set("class", classes(kind, options))
                      .set_all(member(options, "attributes"))
                      .add(Element::heading(member(options, "headingLevel"), 1)
                               .set("class", "govuk-panel__title")
                               .add(content(options, "titleText", "titleHtml")));
  if (has_content(options)) {
    panel.add(Element("div").set("class", "govuk-panel__body").add(content(options)));
  }
  if (interrupts && given(options, "actions")) {
    panel.add(phrases_panel_actions(member(options, "actions")));
  }
  return panel.html();
}

Html notification_banner(const Json& options) {
  const bool success = words(options, "type") == "success";
  const std::string title_id = words_or(options, "titleId", "govuk-notification-banner-title");
  const std::string kind = "govuk-notification-banner";
  Json title = copy_of(options);
  if (!given(title, "titleText")) title["titleText"] = success ? "Success" : "Important";
  Element banner =
      Element("div")
          .set("class", classes(success ? kind + " " + kind + "--success" : kind, options))
          .set("role", words_or(options, "role", success ? "alert" : "region"))
          .set("aria-labelledby", title_id)
          .set("data-module", kind)
          .set_given("data-disable-auto-focus", words(options, "disableAutoFocus"))
          .set_all(member(options, "attributes"))
          .add(Element("div")
                   .set("class", kind + "__header")
                   .add(Element::heading(member(options, "titleHeadingLevel"), 2)
                            .set("class", kind + "__title")
                            .set("id", title_id)
                            .add(content(title, "titleText", "titleHtml"))));
  Element body = Element("div").set("class", kind + "__content");
  if (given(options, "html")) {
    body.add(content(options));
  } else if (given(options, "text")) {
    body.add(Element("p").set("class", kind + "__heading").text(words(options, "text")));
  }
  return banner.add(body).html();
}

Html error_summary(const Json& options) {
  Element body = Element("div").set("class", "govuk-error-summary__body");
  if (given(options, "descriptionHtml") || given(options, "descriptionText")) {
    body.add(Element("p").add(content(options, "descriptionText", "descriptionHtml")));
  }
  const std::vector<Json> errors = given_items(member(options, "errorList"));
  if (!errors.empty()) {
    Element list = Element("ul").set("class", "govuk-list govuk-error-summary__list");
    for (const Json& error : errors) {
      if (!given(error, "href")) {
        list.add(Element("li").add(content(error)));
        continue;
      }
      list.add(Element("li").add(Element("a")
                                     .set("href", words(error, "href"))
                                     .set_all(member(error, "attributes"))
                                     .add(content(error))));
    }
    body.add(list);
  }
  return Element("div")
      .set("class", classes("govuk-error-summary", options))
      .set_given("data-disable-auto-focus", words(options, "disableAutoFocus"))
      .set_all(member(options, "attributes"))
      .set("data-module", "govuk-error-summary")
      .add(Element("div")
               .set("role", "alert")
               .add(Element("h2")
                        .set("class", "govuk-error-summary__title")
                        .add(content(options, "titleText", "titleHtml")))
               .add(body))
      .html();
}

}  // namespace firebreak::web::components
