// SPDX-License-Identifier: Apache-2.0
#include "web/pages/languages.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"

namespace firebreak::web {
namespace {

namespace fs = std::filesystem;

class LanguagesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("firebreak-languages-" + std::to_string(::getpid()));
    page(folder, "English");
    page(folder / "cy", "Cymraeg");
    page(folder / "ga", "Gaeilge");
    ASSERT_TRUE(write_file_durably(folder / "languages.json",
                                   "{\"cy\": \"Cymraeg\", \"ga\": \"Gaeilge\"}"));
    fs::remove(folder / "ga" / "page.html");
  }
  void TearDown() override { fs::remove_all(folder); }
  static void page(const fs::path& where, const std::string& text) {
    fs::create_directories(where);
    const std::string pragma = "{{%AUTOESCAPE context=\"HTML\"}}\n";
    ASSERT_TRUE(write_file_durably(where / "layout.html", pragma + "{{>MAIN}}"));
    ASSERT_TRUE(write_file_durably(where / "page.html", pragma + text));
  }
  static std::string choice(const Languages& languages, const std::string& query,
                            const std::string& cookie, const std::string& accepted) {
    Request request;
    request.query = query;
    request.headers = {{"accept-language", accepted}};
    return languages.chosen(request, cookie);
  }
  fs::path folder;
};

TEST_F(LanguagesTest, TheLinkCountsBeforeTheCookieAndThatBeforeTheBrowser) {
  const auto languages = Languages::load(folder);
  ASSERT_TRUE(languages) << languages.error().text();
  EXPECT_EQ(choice(*languages, "lang=cy", "ga", "ga"), "cy");
  EXPECT_EQ(choice(*languages, "lang=en", "cy", "cy"), "");
  EXPECT_EQ(choice(*languages, "", "ga", "cy"), "ga");
  EXPECT_EQ(choice(*languages, "", "en", "cy"), "");
  EXPECT_EQ(choice(*languages, "lang=../x", "nothing", "cy"), "cy");
  EXPECT_EQ(choice(*languages, "", "", "fr, en-GB;q=0.9, cy;q=0.8"), "");
  EXPECT_EQ(choice(*languages, "", "", "fr, en;q=0.5, CY-gb;q=0.8"), "cy");
  EXPECT_EQ(choice(*languages, "", "", "cy;q=0"), "");
  EXPECT_EQ(choice(*languages, "", "", "cy;q=,;;=,\xff"), "");
  EXPECT_EQ(choice(*languages, "", "", ""), "");
}

TEST_F(LanguagesTest, APageThatIsNotTranslatedIsShownInEnglish) {
  const auto languages = Languages::load(folder);
  const auto english = Templates::load(folder);
  ASSERT_TRUE(languages && english);
  const auto text = [&](const std::string& language) {
    return *languages->templates(language, "page.html", **english)
                .render("page.html", Json::object());
  };
  EXPECT_NE(text("cy").find("Cymraeg"), std::string::npos);
  EXPECT_NE(text("ga").find("English"), std::string::npos);
  EXPECT_NE(text("").find("English"), std::string::npos);
  EXPECT_EQ(languages->others("", "page.html").dump(), R"([{"CODE":"cy","NAME":"Cymraeg"}])");
  EXPECT_EQ(languages->others("cy", "page.html").dump(), R"([{"CODE":"en","NAME":"English"}])");
  EXPECT_TRUE(languages->others("", "layout.html").empty());
}

TEST_F(LanguagesTest, WithoutOtherLanguagesThereIsEnglish) {
  fs::remove(folder / "languages.json");
  const auto languages = Languages::load(folder);
  ASSERT_TRUE(languages);
  EXPECT_EQ(choice(*languages, "lang=cy", "cy", "cy"), "");
  ASSERT_TRUE(write_file_durably(folder / "languages.json", "{\"cy\": 1}"));
  EXPECT_FALSE(Languages::load(folder));
}

}  // namespace
}  // namespace firebreak::web
