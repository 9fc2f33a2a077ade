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
  says(replaced(good(), "[7, 28, 90]", "[7, 7]"), "larger than the last");
  says(replaced(good(), "[7, 28, 90]", "[]"), "list of whole numbers");
  says(replaced(good(), "[7, 28, 90]", "[7, \"28\"]"), "list of whole numbers");
  says(replaced(good(), "years = 7", "years = 0"), "from 1 to 100");
  says(replaced(good(), "\"B\"", "\"a\""), "'districts' of [force] has 'a' twice");
  says(replaced(good(), "\"B\"", "\" B\""), "'districts' of [force] is a list of names");
  says("[force", "not TOML");
  says(replaced(good(), "supervisor = \"optional\"", "supervisor = \"never\""), "\"required\"");
  says(replaced(good(), "erase_begun_days = 14", "erase_begun_days = 0"), "whole number from 1");
  EXPECT_NE(error_of(replaced(good(), "pad_to", "padto")).find("force.toml:"), std::string::npos);
}

TEST(Config, SignInIsReadWithItsDefaults) {
  const auto plain = read_config(good(), "force.toml");
  EXPECT_TRUE(plain->sign_in.local);
  EXPECT_EQ(plain->sign_in.sessions.idle, std::chrono::minutes{30});
  EXPECT_EQ(plain->sign_in.sessions.absolute, std::chrono::hours{12});
  EXPECT_EQ(plain->sign_in.one_time_password, std::chrono::hours{7 * 24});
  EXPECT_FALSE(plain->sign_in.oidc);
  const std::string provider =
      "[sign_in]\nlocal = false\nidle_minutes = 5\n[sign_in.oidc]\nissuer = \"https://a.example\"\n"
      "client_id = \"fb\"\nclient_secret_file = \"keys/oidc.secret\"\nclaim = \"groups\"\n"
      "[sign_in.oidc.roles]\n\"Force Officers\" = \"officer\"\ndesk = [\"referral_desk\", "
      "\"officer\"]\n";
  const auto config = read_config(good() + provider, "force.toml");
  ASSERT_TRUE(config.ok()) << config.error().text();
  EXPECT_EQ(config->sign_in.sessions.idle, std::chrono::minutes{5});
  EXPECT_EQ(config->sign_in.oidc_secret_file, "keys/oidc.secret");
  EXPECT_EQ(config->sign_in.oidc->roles.count("desk"), 2U);
  EXPECT_EQ(config->sign_in.oidc->roles.find("Force Officers")->second, "officer");
  const auto says = [&](const char* from, const char* to, const char* words) {
    EXPECT_NE(error_of(good() + replaced(provider, from, to)).find(words), std::string::npos)
        << error_of(good() + replaced(provider, from, to));
  };
  says("claim =", "clame =", "'claim' of [sign_in.oidc] is missing");
  says("idle_minutes = 5", "idle_minutes = 0", "from 1 to 1440");
  says("idle_minutes", "idle_minute", "Did you mean 'idle_minutes'?");
  says("\"officer\"]", "5]", "'desk' of [sign_in.oidc] roles is a list of texts");
  EXPECT_NE(error_of(good() + "[sign_in]\nlocal = false\n").find("there is no [sign_in.oidc]"),
            std::string::npos);
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
