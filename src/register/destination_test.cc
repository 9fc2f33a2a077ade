// SPDX-License-Identifier: Apache-2.0
#include "register/destination.h"

#include <gtest/gtest.h>

#include "register/config.h"

namespace firebreak::record {
namespace {

Destination desk() {
  Destination out{.id = "desk",
                  .recipient = "immigration_enforcement",
                  .address = "desk@enforcement.example",
                  .label = "Desk"};
  out.purposes = {"Referrals, day and night"};
  out.addresses = {"intake@other.example"};
  out.domains = {"enforcement.example", "xn--mnchen-3ya.example"};
  out.telephones = {"+443069990123"};
  out.from = *parse_day("2026-12-01");
  out.until = *parse_day("2027-12-01");
  return out;
}

TEST(Destination, ReadsBackAndSaysNothingOfWhatIsEmpty) {
  const Json said = destination_json(desk());
  EXPECT_EQ(destination_json(destination_of("desk", said)), said);
  EXPECT_EQ(said.size(), 9U);
  const Destination plain{.id = "a", .recipient = "other", .address = "a@b.example", .label = "A"};
  EXPECT_EQ(destination_json(plain),
            (Json{{"recipient", "other"}, {"address", "a@b.example"}, {"label", "A"}}));
}

TEST(Destination, TakesReferralsWithinItsDaysAtItsAddressAlone) {
  Destination one = desk();
  EXPECT_FALSE(one.takes_referrals(*parse_day("2026-11-30")));
  EXPECT_TRUE(one.takes_referrals(*parse_day("2026-12-01")));
  EXPECT_TRUE(one.takes_referrals(*parse_day("2027-12-01")));
  EXPECT_FALSE(one.takes_referrals(*parse_day("2027-12-02")));
  EXPECT_TRUE(one.closed()) << "on every day";
  one.address.clear();
  EXPECT_FALSE(one.takes_referrals(*parse_day("2027-01-01")));
  EXPECT_TRUE(check_destination(one).ok()) << "it is reached in other ways";
}

TEST(Destination, WhatIsWrongIsNamed) {
  EXPECT_TRUE(check_destination(desk()).ok());
  const auto wrong = [](const std::string& member, const auto& spoil) {
    Destination one = desk();
    spoil(one);
    const auto checked = check_destination(one);
    ASSERT_FALSE(checked.ok()) << member;
    EXPECT_EQ(checked.error().where, member) << checked.error().text();
  };
  wrong("id", [](Destination& one) { one.id = "The desk"; });
  wrong("address", [](Destination& one) { one.address = "desk"; });
  wrong("addresses", [](Destination& one) { one.addresses = {"a@b.example\r\nBcc: c@d.example"}; });
  wrong("addresses", [](Destination& one) { one.addresses = {"a@b.example", "a@b.example"}; });
  wrong("domains", [](Destination& one) { one.domains = {"Enforcement.example"}; });
  wrong("domains", [](Destination& one) { one.domains = {"m\xc3\xbcnchen.example"}; });
  for (const char* number : {"03069990123", "+4430699901234567", "+0443069990123", "+44 3069990123",
                             "+44306", "+44306999012a", ""})
    wrong("telephones", [&](Destination& one) { one.telephones = {number}; });
  wrong("purposes", [](Destination& one) { one.purposes = {"two\nlines"}; });
  wrong("purposes", [](Destination& one) { one.purposes.assign(201, "a"); });
  wrong("until", [](Destination& one) { one.until = *parse_day("2026-11-30"); });
  wrong("label", [](Destination& one) { one.label = ""; });
  wrong("address", [](Destination& one) {
    one = {.id = "a", .recipient = "other", .address = "", .label = "A"};
  });
}

TEST(Destination, IsReadFromForceToml) {
  const std::string text =
      new_config_text({}, *parse_day("2026-11-22")) +
      "\n[[destination]]\nid = \"hotline\"\nrecipient = \"immigration_enforcement\"\n"
      "telephones = [\"+443069990123\"]\ndomains = [\"enforcement.example\"]\nuntil = "
      "\"2027-01-01\"\n";
  const auto config = read_config(text, "force.toml");
  ASSERT_TRUE(config.ok()) << config.error().text();
  const Destination* hotline = config->destination("hotline");
  ASSERT_NE(hotline, nullptr);
  EXPECT_EQ(hotline->telephones, std::vector<std::string>{"+443069990123"});
  EXPECT_EQ(hotline->address, "");
  EXPECT_EQ(format_day(*hotline->until), "2027-01-01");
  const auto wrong = read_config(text + "addresses = [\"nowhere\"]\n", "force.toml");
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().text().find("addresses"), std::string::npos) << wrong.error().text();
}

}  // namespace
}  // namespace firebreak::record
