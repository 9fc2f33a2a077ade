// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "web/components/components.h"
#include "web/components/options.h"

namespace firebreak::web::components {
namespace {

Html navigation_arrow(bool previous) {
  if (previous) {
    return Html(
        "<svg class=\"govuk-pagination__icon govuk-pagination__icon--prev\" "
        "xmlns=\"http://www.w3.org/2000/svg\" height=\"13\" width=\"15\" aria-hidden=\"true\" "
        "focusable=\"false\" viewBox=\"0 0 15 13\"><path d=\"m6.5938-0.0078125-6.7266 6.7266 "
        "6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z\">"
        "</path></svg>");
  }
  return Html(
      "<svg class=\"govuk-pagination__icon govuk-pagination__icon--next\" "
      "xmlns=\"http://www.w3.org/2000/svg\" height=\"13\" width=\"15\" aria-hidden=\"true\" "
      "focusable=\"false\" viewBox=\"0 0 15 13\"><path d=\"m8.107-0.0078125-1.4136 1.414 4.2926 "
      "4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z\"></path>"
      "</svg>");
}

Html navigation_page_link(const Json& link, bool previous, bool block) {
  const bool labelled = given(link, "labelText");
  const std::string kind = "govuk-pagination__link-title";
  Element title =
      Element("span").set("class", block && !labelled ? kind + " " + kind + "--decorated" : kind);
  if (has_content(link)) {
    title.add(content(link));
  } else {
    title.text(previous ? "Previous" : "Next")
        .add(Element("span").set("class", "govuk-visually-hidden").text(" page"));
  }
  Element anchor = Element("a")
                       .set("class", "govuk-link govuk-pagination__link")
                       .set("href", words(link, "href"))
                       .set("rel", previous ? "prev" : "next")
                       .set_all(member(link, "attributes"));
  if (block || previous) anchor.add(navigation_arrow(previous));
  anchor.add(title);
  if (labelled && block) {
    anchor.add(Element("span").set("class", "govuk-visually-hidden").text(":"))
        .add(Element("span")
                 .set("class", "govuk-pagination__link-label")
                 .text(words(link, "labelText")));
  }
  if (!block && !previous) anchor.add(navigation_arrow(previous));
  return Element("div")
      .set("class", previous ? "govuk-pagination__prev" : "govuk-pagination__next")
      .add(anchor)
      .html();
}

Html navigation_page(const Json& item) {
  std::string names = "govuk-pagination__item";
  const bool current = given(item, "current");
  if (current) names += " govuk-pagination__item--current";
  if (given(item, "ellipsis")) {
    return Element("li").set("class", names + " govuk-pagination__item--ellipsis").text("⋯").html();
  }
  const std::string number = words(item, "number");
  return Element("li")
      .set("class", names)
      .add(Element("a")
               .set("class", "govuk-link govuk-pagination__link")
               .set("href", words(item, "href"))
               .set("aria-label", words_or(item, "visuallyHiddenText", "Page " + number))
               .set_given("aria-current", current ? "page" : "")
               .set_all(member(item, "attributes"))
               .text(number))
      .html();
}

Html navigation_item(const Json& item) {
  const bool current = given(item, "current");
  const bool active = current || given(item, "active");
  const std::string kind = "govuk-service-navigation__item";
  Element all = Element("li").set("class", active ? kind + " " + kind + "--active" : kind);
  // Who overrides colours still sees which item is the current one.
  Html inside = content(item);
  if (active) {
    inside = Element("strong")
                 .set("class", "govuk-service-navigation__active-fallback")
                 .add(inside)
                 .html();
  }
  const std::string state = !active ? "" : current ? "page" : "true";
  if (given(item, "href")) {
    all.add(Element("a")
                .set("class", "govuk-service-navigation__link")
                .set("href", words(item, "href"))
                .set_given("aria-current", state)
                .set_all(member(item, "attributes"))
                .add(inside));
  } else if (has_content(item)) {
    all.add(Element("span")
                .set("class", "govuk-service-navigation__text")
                .set_given("aria-current", state)
                .add(inside));
  }
  return all.html();
}

Html navigation_service_name(const Json& options) {
  if (!given(options, "serviceName")) return {};
  const std::string name = words(options, "serviceName");
  Element all = Element("span").set("class", "govuk-service-navigation__service-name");
  if (given(options, "serviceUrl")) {
    all.add(Element("a")
                .set("href", words(options, "serviceUrl"))
                .set("class", "govuk-service-navigation__link")
                .text(name));
  } else {
    all.add(Element("span").set("class", "govuk-service-navigation__text").text(name));
  }
  return all.html();
}

Html navigation_menu(const Json& options) {
  const Json& slots = member(options, "slots");
  const std::vector<Json> items = given_items(member(options, "navigation"));
  if (items.empty() && !given(slots, "navigationStart") && !given(slots, "navigationEnd")) {
    return {};
  }
  const std::string menu = words_or(options, "menuButtonText", "Menu");
  const std::string id = words_or(options, "navigationId", "navigation");
  const Json named = {{"classes", member(options, "navigationClasses")}};
  Element nav = Element("nav")
                    .set("aria-label", words_or(options, "navigationLabel", menu))
                    .set("class", classes("govuk-service-navigation__wrapper", named));
  const Json& collapse = member(options, "collapseNavigationOnMobile");
  if (collapse.is_null() ? items.size() > 1 : given(collapse)) {
    const std::string label = words(options, "menuButtonLabel");
    nav.add(Element("button")
                .set("type", "button")
                .set("class", "govuk-service-navigation__toggle govuk-js-service-navigation-toggle")
                .set("aria-controls", id)
                .set_given("aria-label", label == menu ? "" : label)
                .flag("hidden", true)
                .set("aria-hidden", "true")
                .text(menu));
  }
  Element list = Element("ul").set("class", "govuk-service-navigation__list").set("id", id);
  list.add(content(slots, "", "navigationStart"));
  for (const Json& item : items) list.add(navigation_item(item));
  return nav.add(list.add(content(slots, "", "navigationEnd"))).html();
}

}  // namespace

Html back_link(const Json& options) {
  Json made = copy_of(options);
  if (!given(options, "text")) made["text"] = "Back";
  return Element("a")
      .set("href", words_or(options, "href", "#"))
      .set("class", classes("govuk-back-link", options))
      .set_all(member(options, "attributes"))
      .add(content(made))
      .html();
}

Html skip_link(const Json& options) {
  return Element("a")
      .set("href", words_or(options, "href", "#content"))
      .set("class", classes("govuk-skip-link", options))
      .set_all(member(options, "attributes"))
      .set("data-module", "govuk-skip-link")
      .add(content(options))
      .html();
}

Html breadcrumbs(const Json& options) {
  std::string names = classes("govuk-breadcrumbs", options);
  if (given(options, "collapseOnMobile")) names += " govuk-breadcrumbs--collapse-on-mobile";
  Element list = Element("ol").set("class", "govuk-breadcrumbs__list");
  for (const Json& item : given_items(member(options, "items"))) {
    Element place = Element("li").set("class", "govuk-breadcrumbs__list-item");
    if (given(item, "href")) {
      place.add(Element("a")
                    .set("class", "govuk-breadcrumbs__link")
                    .set("href", words(item, "href"))
                    .set_all(member(item, "attributes"))
                    .add(content(item)));
    } else {
      place.set("aria-current", "page").add(content(item));
    }
    list.add(place);
  }
  return Element("nav")
      .set("class", names)
      .set_all(member(options, "attributes"))
      .set("aria-label", words_or(options, "labelText", "Breadcrumb"))
      .add(list)
      .html();
}

Html pagination(const Json& options) {
  const Json& previous = member(options, "previous");
  const Json& next = member(options, "next");
  const bool numbered = given(options, "items");
  const bool block = !numbered && (given(next) || given(previous));
  const std::string kind = "govuk-pagination";
  Element nav = Element("nav")
                    .set("class", classes(block ? kind + " " + kind + "--block" : kind, options))
                    .set("aria-label", words_or(options, "landmarkLabel", "Pagination"))
                    .set_all(member(options, "attributes"));
  if (given(previous, "href")) nav.add(navigation_page_link(previous, true, block));
  if (numbered) {
    Element list = Element("ul").set("class", "govuk-pagination__list");
    for (const Json& item : given_items(member(options, "items"))) {
      if (!item.empty()) list.add(navigation_page(item));
    }
    nav.add(list);
  }
  if (given(next, "href")) nav.add(navigation_page_link(next, false, block));
  return nav.html();
}

Html phase_banner(const Json& options) {
  const Json& shown = member(options, "tag");
  return Element("div")
      .set("class", classes("govuk-phase-banner govuk-width-container", options))
      .set_all(member(options, "attributes"))
      .add(Element("p")
               .set("class", "govuk-phase-banner__content")
               .add(tag({{"text", member(shown, "text")},
                         {"html", member(shown, "html")},
                         {"classes", classes("govuk-phase-banner__content__tag", shown)}}))
               .add(Element("span").set("class", "govuk-phase-banner__text").add(content(options))))
      .html();
}

Html generic_header(const Json& options) {
  const std::string width = words_or(options, "containerClasses", "govuk-width-container");
  return Element("div")
      .set("class", classes("govuk-generic-header", options))
      .set_all(member(options, "attributes"))
      .add(Element("div")
               .set("class", "govuk-generic-header__container " + width)
               .add(Element("div")
                        .set("class", "govuk-generic-header__logo")
                        .add(Element("a")
                                 .set("href", words_or(options, "url", "/"))
                                 .set("class", "govuk-generic-header__homepage-link")
                                 .add(content(options, "logoText", "logoHtml")))))
      .html();
}

Html service_navigation(const Json& options) {
  const Json& slots = member(options, "slots");
  const Json& end = member(slots, "end");
  // The slot at the end is an Html, or one with its alignment.
  const Json around = end.is_object() ? end : Json{{"html", end}};
  const std::string width = "govuk-width-container";
  const bool is_inline = words(around, "align") == "inline";
  const Element inner =
      Element("div")
          .set("class", is_inline ? width + " govuk-service-navigation__inlining-container" : width)
          .add(content(slots, "", "start"))
          .add(Element("div")
                   .set("class", "govuk-service-navigation__container")
                   .add(navigation_service_name(options))
                   .add(navigation_menu(options)))
          .add(content(around));
  // With a name it is a region of its own; without one the menu inside is enough.
  const bool region =
      given(options, "serviceName") || given(slots, "start") || given(around, "html");
  Element all = region ? Element("section").set(
                             "aria-label", words_or(options, "ariaLabel", "Service information"))
                       : Element("div");
  return all.set("class", classes("govuk-service-navigation", options))
      .set("data-module", "govuk-service-navigation")
      .set_all(member(options, "attributes"))
      .add(inner)
      .html();
}

}  // namespace firebreak::web::components
