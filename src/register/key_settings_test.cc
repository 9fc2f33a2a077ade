// SPDX-License-Identifier: Apache-2.0
// Whether key files sign off and how a passkey waits is what two persons decided, in what the
// register takes and in what its entries say.
#include "register/event.h"
#include "register/fold.h"
#include "register/force_settings.h"
#include "register/passkeys_test_support.h"

namespace firebreak::record {
namespace {

using KeySettingsTest = PasskeysTest;

// What one person writes into force.toml about keys changes nothing; what two decide counts at
// once, and after a restart.
TEST_F(KeySettingsTest, OnePersonWithTheFileDoesNotLoosenTheRulesAboutKeys) {
  decide_setting(kFileKeys, false);
  decide_setting(kPasskeysByTwo, true);
  decide_setting(kPasskeyDelayHours, 24);
  open();  // force.toml says file_keys = true, passkeys_by_two = false, passkey_delay_hours = 0
  for (const char* name :
       {"sign_off.file_keys", "sign_in.passkeys_by_two", "sign_in.passkey_delay_hours"}) {
    EXPECT_NE(reg->changes().force_toml_notice().find(std::string("settings ") + name),
              std::string::npos);
  }
  const std::string ref = submitted();
  const uint64_t size = *reg->reader().size();
  expect_refused(authorise(ref), "file_keys_off", size);
  const SoftwarePasskey made(kSite);
  ASSERT_TRUE(enrol(signed_in("chief"), made).ok());
  EXPECT_FALSE(enter(made, 2).ok()) << "it waits for two others";
  EXPECT_EQ(person("chief").passkeys.at(0).wait_hours, 24);
  decide_setting(kFileKeys, true);
  EXPECT_TRUE(authorise(ref).ok());
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(KeySettingsTest, TheEntriesFollowWhatTwoPersonsDecidedAboutKeys) {
  decide_setting(kPasskeysByTwo, true);
  decide_setting(kPasskeyDelayHours, 24);
  ASSERT_TRUE(enrol(signed_in("chief"), SoftwarePasskey(kSite)).ok());
  ASSERT_TRUE(authorise(submitted()).ok());
  const std::vector<Json> all = entries();
  const auto said = [&](const std::function<void(Json&)>& change) {
    Fold fold;
    for (Json entry : all) {
      change(entry);
      if (const auto step = fold.take(entry); !step) return step.error().message;
    }
    return std::string("taken");
  };
  const auto passkey = [&](const char* member, int value) {
    return [=](Json& entry) {
      if (entry.contains("passkeys") && !entry["passkeys"].empty())
        entry["passkeys"][0][member] = value;
    };
  };
  const std::string early =
      "A passkey of who holds a rank counts earlier than two persons decided.";
  EXPECT_EQ(said([](Json&) {}), "taken");
  EXPECT_EQ(said(passkey("confirmations", 0)), early);
  EXPECT_EQ(said(passkey("wait_hours", 0)), early);
  const auto first = [](const std::function<void(Json&)>& change) {
    return [=](Json& entry) {
      if (entry.at("kind") == kind::kSettingsFirst) change(entry["settings"]["settings"]);
    };
  };
  EXPECT_EQ(said(first([](Json& set) { set["sign_off.file_keys"] = false; })),
            "A key file signed off, and two persons had not decided that it may.");
}

// A register that an older program made says nothing of these settings: then the strict ones count.
TEST(ForceSettings, WhatAnOlderProgramDidNotRecordIsStrict) {
  const Json old = {{"settings", {{kRetentionYears, 7}}}};
  const Json now = completed(old).at("settings");
  EXPECT_EQ(now.at(kRetentionYears), 7);
  EXPECT_EQ(now.at(kFileKeys), false);
  EXPECT_EQ(now.at(kPasskeysByTwo), true);
  EXPECT_EQ(now.at(kPasskeyDelayHours), 24);
  EXPECT_FALSE(check_setting(std::string(kFileKeys), "true").ok());
  EXPECT_FALSE(check_setting(std::string(kPasskeyDelayHours), 721).ok());
  EXPECT_TRUE(check_setting(std::string(kPasskeysByTwo), false).ok());
}

}  // namespace
}  // namespace firebreak::record
