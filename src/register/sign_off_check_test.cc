// SPDX-License-Identifier: Apache-2.0
#include "register/sign_off_check.h"

#include "register/passkeys_test_support.h"

namespace firebreak::record {
namespace {

class SignOffCheckTest : public PasskeysTest {
 protected:
  // A referral that a passkey signed off, and is covered by a checkpoint.
  std::string signed_off() {
    const SoftwarePasskey made(kSite);
    const std::string token = signed_in("chief");
    EXPECT_TRUE(enrol(token, made).ok());
    std::string ref = submitted();
    EXPECT_TRUE(sign(token, ref, answered(made, asked(token, ref), 2)).ok());
    EXPECT_TRUE(reg->checkpointer().checkpoint_now().ok());
    return ref;
  }

  Json exported(const std::string& ref, const std::string& who = "dpo") {
    const auto out = reg->referrals().sign_off_export(actor(who), ref);
    EXPECT_TRUE(out.ok()) << out.error().text();
    return out ? *out : Json();
  }

  std::string ledger_key() {
    const std::string text = *read_file(folder / "ledger.pub");
    return text.substr(0, text.find('\n'));
  }
};

TEST_F(SignOffCheckTest, AnExportedSignOffChecksWithoutTheRegister) {
  const std::string ref = signed_off();
  const Json with_message = exported(ref);
  const Json without = exported(ref, "board");
  const std::string key = ledger_key();
  close();
  std::filesystem::remove_all(folder);
  const SignOffReport report = check_sign_off(with_message.dump(2), key);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
  EXPECT_EQ(report.referral, ref);
  EXPECT_TRUE(without.at("message").is_null()) << "the Board may not see content";
  EXPECT_TRUE(check_sign_off(without.dump(), std::nullopt).ok());
  EXPECT_FALSE(check_sign_off(with_message.dump(), "another+key").ok());
}

TEST_F(SignOffCheckTest, WhatIsNotCoveredSignedOrSeenIsToldSo) {
  const std::string ref = signed_off();
  const std::string other = submitted();
  EXPECT_EQ(reg->referrals().sign_off_export(actor("dpo"), other).error().code,
            ErrorCode::conflict);
  const auto stranger =
      reg->directory().add_person(std::nullopt, {"other", "Other officer", {"officer"}, {}, false});
  EXPECT_EQ(reg->referrals().sign_off_export(actor("other"), ref).error().code,
            ErrorCode::not_found);
  ASSERT_TRUE(authorise(other).ok());
  const auto early = reg->referrals().sign_off_export(actor("dpo"), other);
  ASSERT_FALSE(early.ok());
  EXPECT_NE(early.error().message.find("No published checkpoint"), std::string::npos);
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().return_to_draft(actor("supervisor"), ref, {"other", ""},
                                                 std::move(done));
              }).ok());
  EXPECT_TRUE(check_sign_off(exported(ref).dump(), std::nullopt).ok()) << "as of the checkpoint";
  ASSERT_TRUE(reg->checkpointer().checkpoint_now().ok());
  const SignOffReport returned = check_sign_off(exported(ref).dump(), std::nullopt);
  ASSERT_FALSE(returned.ok());
  EXPECT_NE(returned.findings[0].find("went back"), std::string::npos);
}

// Any byte of the file: changed, it is not taken.
TEST_F(SignOffCheckTest, EveryFlippedByteOfTheFileFails) {
  const std::string ref = signed_off();
  const std::string good = exported(ref).dump();
  const std::string key = ledger_key();
  ASSERT_TRUE(check_sign_off(good, std::nullopt).ok());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in these tests changes the environment
  const bool all = std::getenv("FIREBREAK_FLIPS") != nullptr;
  size_t flips = 0;
  for (size_t i = 0; i < good.size(); i += all ? 1 : 41) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(check_sign_off(changed, std::nullopt).ok()) << i << ": " << good.substr(i, 40);
    ++flips;
  }
  EXPECT_GT(flips, 300U);
  for (const char* part : {"entries", "message", "message_nonce", "ledger_key", "referral", "v"}) {
    Json less = *parse_json(good);
    less.erase(part);
    EXPECT_FALSE(check_sign_off(less.dump(), key).ok()) << part;
  }
  const Json whole = *parse_json(good);
  for (size_t i = 0; i < whole.at("entries").size(); ++i) {
    const auto kind = parse_json(whole["entries"][i]["entry"].get<std::string>())->at("kind");
    if (kind == "policy.put_in_force" && i > 1) continue;
    Json less = whole;
    less["entries"].erase(i);
    const bool latest_of_person = kind == "person.changed";
    EXPECT_TRUE(!check_sign_off(less.dump(), key).ok() || latest_of_person) << i << " " << kind;
  }
}

// A file that leaves out what happened to the signer's keys before the sign-off is found out, by
// what the sign-off itself says of them.
TEST_F(SignOffCheckTest, ASuspensionThatIsLeftOutIsFound) {
  const SoftwarePasskey made(kSite);
  const std::string token = signed_in("chief");
  ASSERT_TRUE(enrol(token, made).ok());
  const auto lost = enrol(token, SoftwarePasskey(kSite, 9));
  ASSERT_TRUE(lost.ok());
  ASSERT_TRUE(
      reg->directory().suspend_passkey(actor("chief"), person("chief").id, *lost, token).ok());
  const std::string ref = submitted();
  ASSERT_TRUE(sign(token, ref, answered(made, asked(token, ref), 2)).ok());
  ASSERT_TRUE(reg->checkpointer().checkpoint_now().ok());
  Json file = exported(ref);
  ASSERT_TRUE(check_sign_off(file.dump(), ledger_key()).ok());
  Json& kept = file["entries"];
  size_t newest = 0;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (parse_json(kept[i]["entry"].get<std::string>())->at("kind") == "person.changed") newest = i;
  }
  kept.erase(newest);
  const SignOffReport report = check_sign_off(file.dump(), ledger_key());
  ASSERT_FALSE(report.ok());
  EXPECT_NE(report.findings[0].find("names another entry about its signer"), std::string::npos);
}

}  // namespace
}  // namespace firebreak::record
