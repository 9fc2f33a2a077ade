// SPDX-License-Identifier: Apache-2.0
#include "web/components/html.h"

#include <gtest/gtest.h>

#include "web/components/components.h"

namespace firebreak::web {
namespace {

std::string html_link(std::string_view address) {
  return Element("a").set("href", address).html().markup();
}

TEST(Html, TextsAndValuesAreEscapedWhereTheyStand) {
  EXPECT_EQ(Element("p").set("title", "\"><b>'&").text("<b>\"&amp;").html().markup(),
            "<p title=\"&quot;&gt;&lt;b&gt;&#39;&amp;\">&lt;b&gt;&quot;&amp;amp;</p>");
}

TEST(Html, AnAddressThatWouldRunSomethingIsNone) {
  for (const char* harmless :
       {"/desk", "?page=2", "#name", "https://a.example/b:c", "HTTP://a.example",
        "mailto:a@b.example", "a/b:c", "", "desk?a=b:c"}) {
    EXPECT_EQ(html_link(harmless), "<a href=\"" + std::string(harmless) + "\"></a>");
  }
  for (const char* harmful :
       {"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)",
        "java\tscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x",
        "blob:x", "java\nscript:x", "\njavascript:x"}) {
    EXPECT_EQ(html_link(harmful), "<a href=\"#\"></a>") << harmful;
  }
}

TEST(Html, OfAnAttributeSetTwiceTheFirstStands) {
  EXPECT_EQ(Element("p").set("id", "a").set_all({{"id", "b"}, {"ID", "c"}}).html().markup(),
            "<p id=\"a\"></p>");
}

TEST(Html, AttributesOfOptionsMayBeOptional) {
  const Json optional = {{"data-a", {{"value", true}, {"optional", true}}},
                         {"data-b", {{"value", false}, {"optional", true}}},
                         {"data-c", {{"value", nullptr}, {"optional", true}}},
                         {"data-d", nullptr},
                         {"data-e", 5}};
  EXPECT_EQ(Element("p").set_all(optional).html().markup(),
            "<p data-a data-d=\"\" data-e=\"5\"></p>");
}

TEST(Html, NoJsonFromOutsideHoldsAnHtml) {
  const Html made = Element("b").text("x").html();
  EXPECT_EQ(Html::from(made.json())->markup(), "<b>x</b>");
  for (const char* outside : {R"("<b>x</b>")", R"({"html":"<b>"})", "[60,98,62]", "null", "5",
                              R"({"bytes":[60,98,62],"subtype":72})"}) {
    EXPECT_FALSE(Html::from(*parse_json(outside))) << outside;
  }
  EXPECT_FALSE(Html::from(Json::binary({'<', 'b', '>'})));
  EXPECT_FALSE(Html::from(Json::binary({'<', 'b', '>'}, 0x47)));
  // Written out it is no text either.
  EXPECT_FALSE(Html::from(*parse_json(made.json().dump())));
}

TEST(Html, ATextGivenForHtmlIsShownAsText) {
  EXPECT_EQ(components::hint({{"html", "<b>x</b>"}}).markup(),
            "<div class=\"govuk-hint\">&lt;b&gt;x&lt;/b&gt;</div>");
  const Html bold = Element("b").text("x").html();
  EXPECT_EQ(components::hint({{"html", bold.json()}}).markup(),
            "<div class=\"govuk-hint\"><b>x</b></div>");
}

TEST(Html, NothingTypedInATextareaIsLost) {
  EXPECT_NE(components::textarea({{"name", "a"}, {"value", "\nb</textarea>"}})
                .markup()
                .find(">\n\nb&lt;/textarea&gt;</textarea>"),
            std::string::npos);
}

TEST(Html, OptionsOfTheWrongKindAreIgnored) {
  for (const char* text :
       {"null", "5", "[]", "\"x\"", R"({"items":5,"label":"x","hint":[],"attributes":"a=b"})",
        R"({"items":{"a":1},"rows":[5,"x"],"fieldset":true,"errorMessage":true})",
        R"({"navigation":[5],"head":5,"previous":"x","slots":"x","actions":5,"items":["x"]})"}) {
    const Json options = *parse_json(text);
    for (const auto component :
         {components::radios, components::checkboxes, components::select, components::date_input,
          components::summary_list, components::table, components::task_list, components::tabs,
          components::pagination, components::service_navigation, components::character_count,
          components::password_input, components::error_summary, components::panel,
          components::notification_banner, components::breadcrumbs, components::exit_this_page,
          components::back_link, components::button}) {
      EXPECT_FALSE(component(options).empty()) << text;
    }
  }
}

}  // namespace
}  // namespace firebreak::web
