// SPDX-License-Identifier: Apache-2.0
#include "web/pages/templates.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "base/files.h"
#include "web/components/components.h"

namespace firebreak::web {
namespace {

namespace fs = std::filesystem;

fs::path template_folder() { return fs::path(FIREBREAK_SOURCE_DIR) / "ui" / "templates"; }
// Of pages that stand alone.
fs::path document_folder() { return fs::path(FIREBREAK_SOURCE_DIR) / "ui" / "documents"; }

// A model that puts `value` into every variable and shows every section of a template and its
// layout.
Json full_model(const fs::path& folder, const std::string& name, const std::string& value) {
  Json model = Json::object();
  for (const std::string& file : {std::string("layout.html"), name}) {
    const std::string text = *read_file(folder / file);
    for (size_t open = text.find("{{"); open != std::string::npos;
         open = text.find("{{", open + 2)) {
      const std::string marker = text.substr(open + 2, text.find("}}", open) - open - 2);
      if (marker.starts_with("HTML_")) {
        model[marker.substr(0, marker.find(':'))] = components::hint({{"text", value}}).json();
      } else if (marker.front() == '#') {
        model[marker.substr(1)] = Json::object();
      } else if (marker.front() >= 'A' && marker.front() <= 'Z') {
        model[marker] = value;
      }
    }
  }
  return model;
}

size_t count(const std::string& text, char c) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), c));
}

class TemplateFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("firebreak-templates-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    write("layout.html", "{{%AUTOESCAPE context=\"HTML\"}}\n<p>{{>MAIN}}</p>\n");
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file_durably(folder_ / name, text));
  }
  fs::path folder_;
};

void check_nothing_from_outside(const fs::path& folder, size_t least) {
  const auto templates = Templates::load(folder);
  ASSERT_TRUE(templates) << templates.error().text();
  ASSERT_GE((*templates)->names().size(), least);
  for (const std::string& name : (*templates)->names()) {
    SCOPED_TRACE(name);
    const auto plain = (*templates)->render(name, full_model(folder, name, "plain"));
    ASSERT_TRUE(plain) << plain.error().text();
    for (const std::string poison :
         {"\"><script>alert(1)</script>", "' onmouseover='alert(1)", "x onfocus=alert(1) y",
          "javascript:alert(1)", "</title><script>alert(1)</script>", "{{CSRF}}", "<!--",
          "</style><script>alert(1)</script>", "&quot;><img src=x>"}) {
      SCOPED_TRACE(poison);
      const auto html = (*templates)->render(name, full_model(folder, name, poison));
      ASSERT_TRUE(html);
      // The same tags and quotes as with a harmless value: nothing was opened, closed or added.
      for (const char c : {'<', '>', '"', '\''}) EXPECT_EQ(count(*plain, c), count(*html, c)) << c;
      EXPECT_EQ(html->find("<script>"), std::string::npos);
      EXPECT_EQ(html->find("href=\"javascript:"), std::string::npos);
      EXPECT_EQ(html->find("action=\"javascript:"), std::string::npos);
      EXPECT_EQ(html->find("src=\"javascript:"), std::string::npos);
    }
  }
}

TEST(Templates, NothingFromOutsideBecomesPartOfAPage) {
  check_nothing_from_outside(template_folder(), 8);
}

TEST(Templates, NothingFromOutsideBecomesPartOfADocument) {
  check_nothing_from_outside(document_folder(), 2);
}

TEST(Templates, EveryPageSaysItsLanguageItsTitleAndWhereItsContentBegins) {
  const auto templates = Templates::load(template_folder());
  ASSERT_TRUE(templates) << templates.error().text();
  for (const std::string& name : (*templates)->names()) {
    const std::string html = *(*templates)->render(name, {{"TITLE", "A page"}, {"NARROW", true}});
    EXPECT_NE(html.find("<html lang=\"en-GB\""), std::string::npos) << name;
    EXPECT_NE(html.find("<title>A page – Firebreak</title>"), std::string::npos) << name;
    EXPECT_NE(html.find("href=\"#main-content\""), std::string::npos) << name;
    EXPECT_NE(html.find("id=\"main-content\""), std::string::npos) << name;
  }
}

TEST_F(TemplateFolder, ATemplateThatWouldNotEscapeIsRefused) {
  write("page.html", "<b>{{NAME}}</b>\n");
  auto refused = Templates::load(folder_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "page.html:1");

  write("page.html", "{{%AUTOESCAPE context=\"HTML\"}}\n<b>{{NAME:none}}</b>\n");
  refused = Templates::load(folder_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(":none"), std::string::npos);

  write("page.html", "{{%AUTOESCAPE context=\"HTML\"}}\n{{#OPEN}}<b>{{NAME}}</b>\n");
  refused = Templates::load(folder_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "page.html");
}

TEST_F(TemplateFolder, AModelFillsTextsSectionsAndLists) {
  write("page.html",
        "{{%AUTOESCAPE context=\"HTML\"}}\n"
        "{{NAME}}|{{#SHOWN}}shown{{/SHOWN}}|{{#HIDDEN}}hidden{{/HIDDEN}}|"
        "{{#ITEM}}{{TEXT}},{{/ITEM}}|{{#ONE}}{{TEXT}}{{/ONE}}");
  const auto templates = Templates::load(folder_);
  ASSERT_TRUE(templates) << templates.error().text();
  const auto html = (*templates)
                        ->render("page.html", {{"NAME", "a<b"},
                                               {"SHOWN", true},
                                               {"HIDDEN", false},
                                               {"ITEM", {{{"TEXT", "1"}}, {{"TEXT", "2"}}}},
                                               {"ONE", {{"TEXT", "3"}}}});
  ASSERT_TRUE(html);
  EXPECT_NE(html->find("a&lt;b|shown||1,2,|3"), std::string::npos) << *html;
  EXPECT_FALSE((*templates)->render("page.html", {{"NAME", 5}}));
  EXPECT_FALSE((*templates)->render("other.html", Json::object()));
  EXPECT_FALSE((*templates)->render("../page.html", Json::object()));
}

TEST_F(TemplateFolder, AComponentStandsInAPageAsItIs) {
  write("page.html", "{{%AUTOESCAPE context=\"HTML\"}}\n<p>{{HTML_HINT:x-component}}{{TEXT}}</p>");
  const auto templates = Templates::load(folder_);
  ASSERT_TRUE(templates) << templates.error().text();
  const Json hint = components::hint({{"text", "a<b"}}).json();
  const auto html = (*templates)->render("page.html", {{"HTML_HINT", hint}, {"TEXT", "c<d"}});
  ASSERT_TRUE(html) << html.error().text();
  EXPECT_NE(html->find("<p><div class=\"govuk-hint\">a&lt;b</div>c&lt;d</p>"), std::string::npos)
      << *html;
}

TEST_F(TemplateFolder, NothingButAComponentIsTakenForOne) {
  write("page.html", "{{%AUTOESCAPE context=\"HTML\"}}\n<p>{{HTML_HINT:x-component}}{{TEXT}}</p>");
  const auto templates = Templates::load(folder_);
  ASSERT_TRUE(templates) << templates.error().text();
  const Json hint = components::hint({{"text", "a"}}).json();
  EXPECT_FALSE((*templates)->render("page.html", {{"HTML_HINT", "<script>"}}));
  EXPECT_FALSE((*templates)->render("page.html", {{"TEXT", hint}}));
  EXPECT_FALSE((*templates)->render("page.html", {{"HTML_HINT", Json::binary({'<'})}}));
  EXPECT_FALSE((*templates)->render("page.html", {{"HTML_HINT", Json::binary({'<'}, 1)}}));

  for (const char* mark : {"{{TEXT:x-component}}", "{{HTML_A:h:x-component}}{{TEXT:x-component}}",
                           "{{HTML_HINT:x-component:none}}", "{{>PART:x-component}}"}) {
    write("page.html", std::string("{{%AUTOESCAPE context=\"HTML\"}}\n<p>") + mark + "</p>");
    EXPECT_FALSE(Templates::load(folder_)) << mark;
  }
}

TEST_F(TemplateFolder, AFolderWithoutALayoutIsNotTaken) {
  fs::remove(folder_ / "layout.html");
  const auto missing = Templates::load(folder_);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace firebreak::web
