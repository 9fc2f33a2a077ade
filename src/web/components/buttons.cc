// SPDX-License-Identifier: Apache-2.0
#include "web/components/components.h"
#include "web/components/options.h"

namespace firebreak::web::components {
namespace {

Html button_start_icon() {
  return Html(
      "<svg class=\"govuk-button__start-icon\" xmlns=\"http://www.w3.org/2000/svg\" "
      "width=\"17.5\" height=\"19\" viewBox=\"0 0 33 40\" aria-hidden=\"true\" "
      "focusable=\"false\"><path fill=\"currentColor\" d=\"M0 0h13l20 20-20 20H0l20-20z\"/></svg>");
}

Element button_element(const Json& options) {
  if (given(options, "href")) {
    return Element("a")
        .set("href", words(options, "href"))
        .set("role", "button")
        .set("draggable", "false");
  }
  const bool disabled = given(options, "disabled");
  return Element("button")
      .set("type", words_or(options, "type", "submit"))
      .set_given("value", given(options, "value") ? words(options, "value") : "")
      .set_given("name", words(options, "name"))
      .flag("disabled", disabled)
      .set_given("aria-disabled", disabled ? "true" : "")
      .set_given("data-prevent-double-click", words(options, "preventDoubleClick"));
}

}  // namespace

Html button(const Json& options) {
  const bool start = given(options, "isStartButton");
  std::string names = classes("govuk-button", options);
  if (start) names += " govuk-button--start";
  Element button = button_element(options)
                       .set("class", names)
                       .set("data-module", "govuk-button")
                       .set_all(member(options, "attributes"))
                       .set_given("id", words(options, "id"));
  if (!start) return button.add(content(options)).html();
  // The parts of a start button are laid out as boxes, which would lose spaces inside of HTML.
  const bool wrapped = given(options, "html");
  button.add(wrapped ? Element("span").add(content(options)).html() : content(options));
  return button.text(" ").add(button_start_icon()).html();
}

Html exit_this_page(const Json& options) {
  Json made = {
      {"classes",
       "govuk-button--warning govuk-exit-this-page__button govuk-js-exit-this-page-button"},
      {"text", member(options, "text")},
      {"html", member(options, "html")},
      {"href", words_or(options, "redirectUrl", "https://www.bbc.co.uk/weather")},
      {"attributes", {{"rel", "nofollow noreferrer"}}}};
  if (!has_content(options)) {
    made["html"] =
        Html("<span class=\"govuk-visually-hidden\">Emergency</span> Exit this page").json();
  }
  return Element("div")
      .set_given("id", words(options, "id"))
      .set("class", classes("govuk-exit-this-page", options))
      .set("data-module", "govuk-exit-this-page")
      .set_all(member(options, "attributes"))
      .set_given("data-i18n.activated", words(options, "activatedText"))
      .set_given("data-i18n.timed-out", words(options, "timedOutText"))
      .set_given("data-i18n.press-two-more-times", words(options, "pressTwoMoreTimesText"))
      .set_given("data-i18n.press-one-more-time", words(options, "pressOneMoreTimeText"))
      .add(button(made))
      .html();
}

}  // namespace firebreak::web::components
