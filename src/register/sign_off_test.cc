// SPDX-License-Identifier: Apache-2.0
// What a sign-off bars its signer from afterwards, and how long it holds.
#include "register/test_support.h"

namespace firebreak::record {
namespace {

class SignOffTest : public RegisterTest {
 protected:
  uint64_t size() { return *reg->reader().size(); }
};

TEST_F(SignOffTest, WhoSignedItOffNeitherReleasesNorSettlesIt) {
  identity::Actor chief = actor("chief");
  chief.roles.emplace_back("referral_desk");
  const std::string signed_off = authorised();
  uint64_t before = size();
  expect_refused(await([&](Done done) {
                   reg->referrals().release(chief, signed_off, {exceptional_facts(), false, "done"},
                                            std::move(done));
                 }),
                 "signers_release", before);
  const std::string doubtful = in_doubt();
  before = size();
  expect_refused(await([&](Done done) {
                   reg->referrals().settle(chief, doubtful, SettledAs::not_delivered,
                                           Evidence::mail_log, std::move(done));
                 }),
                 "signers_release", before);
}

// Nor does who asked for it, whatever other role they have.
TEST_F(SignOffTest, WhoAskedForItDoesNotSayWhatBecameOfIt) {
  const std::string ref = in_doubt();
  identity::Actor both = actor("officer");
  both.roles.push_back("referral_desk");
  const uint64_t before = *reg->reader().size();
  expect_refused(await([&](Done done) {
                   reg->referrals().settle(both, ref, SettledAs::not_delivered, Evidence::mail_log,
                                           std::move(done));
                 }),
                 "own_release", before);
  EXPECT_TRUE(settle(ref, SettledAs::not_delivered).ok());
}

// The policy asks for two: what the first signed grows old while it waits for the second.
TEST_F(SignOffTest, TheOldestSignOffSaysHowLongTheyHold) {
  const std::string text =
      *read_file(policies_of_the_repository() / "psni-service-instruction.policy");
  ASSERT_TRUE(decide({{"type", "policy"},
                      {"text", replaced(text, "version 1\n", "version 2\n")},
                      {"from", "2026-11-23"},
                      {"settings", {{"signers", "2"}}}},
                     "owner", "admin")
                  .ok());
  const auto second = reg->directory().add_person(
      std::nullopt, {"chief2", "Second chief", {"chief_officer"}, {}, true});
  ASSERT_TRUE(decide({{"type", "rank"},
                      {"person", "chief2"},
                      {"rank", "chief_officer"},
                      {"from", "2026-11-22"}},
                     "admin", "owner")
                  .ok());
  clock.advance(std::chrono::hours{24});
  const std::string ref = submitted();
  ASSERT_TRUE(authorise(ref).ok());
  EXPECT_EQ(state_of(ref), "submitted") << "one of two";
  clock.advance(std::chrono::hours{72});
  const std::string digest = reg->reader().referral(ref)->statement_digest;
  const SignOffRequest request{digest, second->signing_secret->key_id(),
                               identity::show_signature(identity::sign_statement(
                                   *second->signing_secret, *parse_digest(digest)))};
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().authorise(actor("chief2"), ref, request, std::move(done));
              }).ok());
  EXPECT_EQ(state_of(ref), "authorised");
  clock.advance(std::chrono::microseconds{1});
  expect_refused(release(ref), "sign_off_expired", *reg->reader().size() + 1);
  EXPECT_EQ(state_of(ref), "draft");
}

}  // namespace
}  // namespace firebreak::record
