// SPDX-License-Identifier: Apache-2.0
#include "register/config.h"

#include "register/test_support.h"

namespace firebreak::record {
namespace {

std::string good() { return new_config_text({}, *parse_day("2026-11-22")); }

std::string error_of(const std::string& text) {
  const auto read = read_config(text, "force.toml");
  return read ? "" : read.error().text();
}

TEST(Config, TheOneOfANewFolderIsRead) {
  const auto config = read_config(good(), "force.toml");
  ASSERT_TRUE(config.ok()) << config.error().text();
  EXPECT_EQ(config->destination("immigration-desk")->recipient, "immigration_enforcement");
  EXPECT_EQ(config->destination("nowhere"), nullptr);
  EXPECT_EQ(config->ledger.checkpoint_every.count(), 600);
  EXPECT_TRUE(config->mail.outbox_sealed);
  ASSERT_EQ(config->policies.size(), 1U);
  EXPECT_EQ(config->policies[0].days.from, *parse_day("2026-11-22"));
  EXPECT_EQ(config->policies[0].days.until, std::nullopt);
  EXPECT_TRUE(config->assertions.empty());
}

TEST(Config, AWrongLineIsNamedWithItsPlaceAndWhatToDo) {
  const auto says = [](const std::string& text, const char* words) {
    EXPECT_NE(error_of(text).find(words), std::string::npos) << error_of(text);
  };
  says(replaced(good(), "pad_to", "padto"), "Did you mean 'pad_to'?");
  says(replaced(good(), "[web]", "[wbe]"), "Did you mean 'web'?");
  says(replaced(good(), "pad_to = 64", "pad_to = 0"), "from 1 to 65536");
  says(replaced(good(), "pad_to = 64", "pad_to = \"64\""), "whole number");
  says(replaced(good(), "outbox_sealed = true", "outbox_sealed = 1"), "true or false");
  says(replaced(good(), "tls = \"required\"", "tls = \"maybe\""), "\"required\" or \"none\"");
  says(replaced(good(), "relay = \"\"", "relay = \"smtp://host\""), "smtp://host:port");
  says(replaced(good(), "referrals@enforcement.example", "a@b@c.example"), "e-mail address");
  says(replaced(good(), "referrals@enforcement.example", "a@x.example, b@y.example"),
       "e-mail address");
  says(replaced(good(), "\"competent-authority\"", "\"immigration-desk\""), "given twice");
  says(replaced(good(), "2026-11-22", "2026-11-31"), "YYYY-MM-DD");
  says(replaced(good(), "file = \"psni", "file = \"../psni"), ".policy file");
  says(replaced(good(), "domain = \"police.example\"", ""), "is missing");
  says(good() + "until = \"2026-11-21\"\n", "before 'from'");
  says("[force", "not TOML");
  says(replaced(good(), "supervisor = \"optional\"", "supervisor = \"never\""), "\"required\"");
  says(replaced(good(), "erase_begun_days = 14", "erase_begun_days = 0"), "whole number from 1");
  EXPECT_NE(error_of(replaced(good(), "pad_to", "padto")).find("force.toml:"), std::string::npos);
}

TEST(Config, AssertionsAreReadInOrder) {
  const std::string two =
      "[[assertion]]\ntext = \"a\"\nclaim = \"always refuse when necessary\"\n"
      "[[assertion]]\ntext = \"b\"\nclaim = \"\"\"never permit\nwhen necessary\"\"\"\n";
  EXPECT_NE(error_of(good() + two).find("'claim' of [[assertion]] may not hold control"),
            std::string::npos);
  const auto config = read_config(good() + replaced(two, "\nwhen", " when"), "force.toml");
  ASSERT_TRUE(config.ok()) << config.error().text();
  ASSERT_EQ(config->assertions.size(), 2U);
  EXPECT_EQ(config->assertions[1].claim, "never permit when necessary");
  EXPECT_NE(error_of(good() + "[[assertion]]\ntext = \"a\"\n").find("'claim' of [[assertion]]"),
            std::string::npos);
}

TEST(Config, AnyTextIsReadOrRefused) {
  const std::string text = good();
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 0x15);
    static_cast<void>(read_config(changed, "force.toml"));
    static_cast<void>(read_config(std::string_view(text).substr(0, i), "force.toml"));
  }
}

}  // namespace
}  // namespace firebreak::record
