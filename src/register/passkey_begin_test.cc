// SPDX-License-Identifier: Apache-2.0
// Who may begin to register or suspend a passkey, and choose a password: what stands before the
// ceremony itself.
#include "identity/rights.h"
#include "register/passkeys_test_support.h"

namespace firebreak::record {
namespace {

using PasskeyBeginTest = PasskeysTest;

constexpr int kManyTries = 12;

TEST_F(PasskeyBeginTest, ALinkOfTheRecordsSystemNeitherRegistersNorSuspends) {
  const SoftwarePasskey made(kSite);
  const auto ref = enrol(signed_in("officer"), made);
  ASSERT_TRUE(ref.ok());
  const auto link = reg->directory().sign_in_by_link(person("officer").id, "service_x");
  ASSERT_TRUE(link.ok());
  EXPECT_EQ(reg->directory().begin_passkey(link->token, kPassword).error().code,
            ErrorCode::unauthorised);
  const auto who = reg->directory().authenticate(link->token);
  ASSERT_TRUE(who.ok());
  EXPECT_EQ(reg->directory().suspend_passkey(*who, who->id, *ref, {}).error().code,
            ErrorCode::forbidden);
  EXPECT_TRUE(reg->directory().suspend_passkey(actor("officer"), who->id, *ref, {}).ok());
}

TEST_F(PasskeyBeginTest, AOneTimePasswordRegistersNone) {
  const auto added =
      reg->directory().add_person(std::nullopt, {"new", "New", {"officer"}, {}, false});
  ASSERT_TRUE(added.ok());
  const auto session = reg->directory().sign_in("new", added->password);
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(reg->directory().begin_passkey(session->token, added->password).error().code,
            ErrorCode::forbidden);
}

TEST_F(PasskeyBeginTest, WrongPasswordsRunOutHereAsAtTheSignIn) {
  const std::string token = signed_in("officer");
  for (int i = 0; i < kManyTries; ++i) {
    EXPECT_FALSE(reg->directory().begin_passkey(token, "wrong").ok());
  }
  EXPECT_FALSE(reg->directory().begin_passkey(token, kPassword).ok());
  clock.advance(std::chrono::hours{1});
  const std::string later = signed_in("officer");
  EXPECT_TRUE(reg->directory().begin_passkey(later, kPassword).ok());
}

TEST_F(PasskeyBeginTest, WrongOldPasswordsRunOutAndTheNewOneIsAnother) {
  const std::string token = signed_in("officer");
  const auto change = [&](const std::string& old, const std::string& chosen) {
    return reg->directory().change_password(token, old, chosen);
  };
  EXPECT_EQ(change(kPassword, kPassword).error().code, ErrorCode::bad_input);
  for (int i = 0; i < kManyTries; ++i)
    EXPECT_FALSE(change("wrong", "four words set together").ok());
  EXPECT_FALSE(change(kPassword, "four words set together").ok());
}

TEST_F(PasskeyBeginTest, WhoCameThroughTheProviderBeginsSoonAfter) {
  configure("\n[sign_off]\n",
            "\n[sign_in.oidc]\nissuer = \"https://id.example\"\nclient_id = \"firebreak\"\n"
            "client_secret_file = \"keys/oidc.secret\"\nclaim = \"groups\"\n"
            "[sign_in.oidc.roles]\nofficers = \"officer\"\n\n[sign_off]\n");
  const identity::ProviderAccount account{"https://id.example", "subject-1"};
  ASSERT_TRUE(reg->directory().link_account(std::nullopt, "officer", account).ok());
  const auto session = reg->directory().sign_in_by_provider(
      {account.issuer, account.subject, {"officer"}, {}}, "browser");
  ASSERT_TRUE(session.ok());
  EXPECT_TRUE(reg->directory().begin_passkey(session->token, {}).ok());
  clock.advance(std::chrono::minutes{5});
  EXPECT_FALSE(reg->directory().begin_passkey(session->token, {}).ok());
}

TEST_F(PasskeyBeginTest, APersonHasOnlySoMany) {
  const std::string token = signed_in("officer");
  constexpr uint8_t kMost = 20;  // the suspended ones too
  for (uint8_t seed = 1; seed <= kMost; ++seed) {
    ASSERT_TRUE(enrol(token, SoftwarePasskey(kSite, seed)).ok());
  }
  EXPECT_EQ(enrol(token, SoftwarePasskey(kSite, kMost + 1)).error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace firebreak::record
