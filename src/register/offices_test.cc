// SPDX-License-Identifier: Apache-2.0
// The force's offices: what may be one, and how two persons change them.
#include "register/changes.h"
#include "register/facets.h"
#include "register/fold.h"
#include "register/force_settings.h"
#include "register/test_support.h"

namespace firebreak::record {
namespace {

using Offices = std::vector<std::string>;

class OfficesTest : public RegisterTest {
 protected:
  Result<Json> propose(Json request) {
    request["reason"] = "Offices move.";
    return reg->changes().propose(actor("admin"), request);
  }
  static Json office(const std::string& name, const std::string& instead_of = {}) {
    return {{"type", "office"}, {"name", name}, {"instead_of", instead_of}};
  }
  static Json end_office(const std::string& name) {
    return {{"type", "end_office"}, {"name", name}};
  }
  void decided(const Json& request) {
    const auto change = propose(request);
    ASSERT_TRUE(change.ok()) << change.error().text();
    const std::string id = change->at("change");
    const Offices before = offices();
    EXPECT_FALSE(reg->changes().approve(actor("admin"), id)) << "one person alone";
    EXPECT_EQ(offices(), before);
    const auto approved = reg->changes().approve(actor("owner"), id);
    ASSERT_TRUE(approved.ok()) << approved.error().text();
  }
  std::string refused(const Json& request) {
    const auto change = propose(request);
    return change ? "taken" : change.error().where + ": " + change.error().message;
  }
  Offices offices() { return reg->config().force.districts; }
};

TEST_F(OfficesTest, TwoPersonsAddRenameAndTakeAway) {
  ASSERT_EQ(offices(), (Offices{"A", "B", "C"}));
  decided(office("North Coast"));
  decided(office("Béal Feirste", "B"));
  decided(end_office("A"));
  const Offices now = {"Béal Feirste", "C", "North Coast"};
  EXPECT_EQ(offices(), now) << "a new name keeps its place, a new office is the last";
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
  open();  // force.toml still says A, B, C
  EXPECT_EQ(offices(), now);
  EXPECT_NE(reg->changes().force_toml_notice().find("settings force.districts"), std::string::npos);
  decided({{"type", "setting"}, {"name", kOffices}, {"value", Json::array()}});
  EXPECT_EQ(offices(), Offices()) << "a force may have none";
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(OfficesTest, WhatWasRecordedOfAnOfficeStaysAndNothingNewNamesIt) {
  const std::string before = submitted();
  const Json recorded = reg->reader().referral(before)->facets;
  ASSERT_EQ(recorded.at("district"), "A");
  decided(end_office("A"));
  EXPECT_EQ(reg->reader().referral(before)->facets, recorded);
  EXPECT_TRUE(authorise(before).ok()) << "the referral goes on";
  EXPECT_FALSE(check_district(reg->config(), "A"));
  const auto asked = await([&](Done done) {
    reg->questions().ask(actor("officer"), Json::object(), "A", std::move(done));
  });
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().where, "district");
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(OfficesTest, WhatMayNotBeAnOfficeIsNamed) {
  EXPECT_TRUE(refused(office("b")).starts_with("name: The list of offices has 'b' twice"));
  EXPECT_TRUE(refused(office("C", "B")).starts_with("name: The list of offices has 'C' twice"));
  EXPECT_EQ(refused(office("b", "B")), "taken") << "another spelling of the same";
  EXPECT_EQ(refused(office(std::string(60, 'x'))), "taken");
  const std::string lines = "name: The list of offices is a list of names of 1 to 60 bytes";
  for (const std::string& name :
       {std::string(61, 'x'), std::string(" North"), std::string("North "),
        std::string("two\nlines"), std::string("\xFF"), std::string("North\xE2\x80\xAEtsaoC")}) {
    EXPECT_TRUE(refused(office(name)).starts_with(lines)) << name << ": " << refused(office(name));
  }
  EXPECT_TRUE(refused(office("")).starts_with("name: "));
  EXPECT_TRUE(refused(office("D", "E")).starts_with("instead_of: There is no such office"));
  EXPECT_TRUE(refused(end_office("a")).starts_with("name: There is no such office"));
  const auto setting = [&](const Json& value) {
    return refused({{"type", "setting"}, {"name", kOffices}, {"value", value}});
  };
  EXPECT_TRUE(setting("A").starts_with("value: This setting is a list"));
  EXPECT_TRUE(setting({1}).starts_with("value: This setting is a list"));
  EXPECT_TRUE(setting({"A", "a"}).starts_with("value: The list of offices has 'a' twice"));
  Offices many;
  for (int i = 0; i < 100; ++i) many.push_back("Office " + std::to_string(i));
  EXPECT_EQ(setting(many), "taken");
  many.emplace_back("One more");
  EXPECT_TRUE(setting(many).starts_with("value: The list of offices has at most 100"));
}

TEST_F(OfficesTest, OfTwoChangesFromTheSameListTheSecondIsOutdated) {
  const std::string first = propose(office("D"))->at("change");
  const std::string second = propose(office("E"))->at("change");
  ASSERT_TRUE(reg->changes().approve(actor("owner"), first));
  const auto late = reg->changes().approve(actor("owner"), second);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::conflict);
  EXPECT_EQ(offices(), (Offices{"A", "B", "C", "D"}));
}

// The entries themselves say that two persons decided this list and no other.
TEST_F(OfficesTest, TheFoldFindsAnOfficeThatWasNotDecided) {
  decided(office("D"));
  decided(end_office("A"));
  const std::vector<Json> all = entries();
  const auto said = [&](const std::function<void(Json&)>& alter) {
    Fold fold;
    bool altered = false;
    for (Json entry : all) {
      if (!altered && entry.at("kind") == "change.proposed") {
        alter(entry);
        altered = true;
      }
      if (const auto taken = fold.take(entry); !taken) return taken.error().message;
    }
    return std::string();
  };
  EXPECT_EQ(said([](Json&) {}), "");
  EXPECT_NE(said([](Json& entry) {
              entry["lines"][0]["after"] = {"A", "B", "C", "X"};
            }).find("no longer so"),
            std::string::npos);
  EXPECT_NE(
      said([](Json& entry) { entry["lines"][0]["before"] = Json::array(); }).find("no longer so"),
      std::string::npos);
}

// A register that an older program made recorded no offices.
TEST(OfficesOfAnOlderRegister, AreNoneUntilTwoPersonsDecide) {
  const Json now = completed({{"settings", {{kRetentionYears, 7}}}}).at("settings");
  EXPECT_EQ(now.at(kOffices), Json::array());
}

}  // namespace
}  // namespace firebreak::record
