// SPDX-License-Identifier: Apache-2.0
// The urgent path: the same authority, a shorter time, and somebody else looks again.
#include "register/fold.h"
#include "register/test_support.h"

namespace firebreak::record {
namespace {

class UrgentTest : public RegisterTest {
 protected:
  std::string signed_off(bool urgent) {
    Json body = exceptional_draft();
    if (urgent) body["urgent"] = {{"reason", "A flight"}, {"needed_by", "2026-11-22T18:00"}};
    const std::string ref = draft(body)->at("referral");
    EXPECT_TRUE(submit(ref).ok());
    EXPECT_TRUE(authorise(ref).ok());
    return ref;
  }

  Result<Json> review(const std::string& ref, const std::string& who, bool in_order = true) {
    return await([&](Done done) {
      reg->referrals().review(actor(who), ref, {in_order, "Looked at."}, std::move(done));
    });
  }
  uint64_t size() { return *reg->reader().size(); }
};

TEST_F(UrgentTest, SomebodyElseLooksAgainOnce) {
  const std::string ref = signed_off(true);
  EXPECT_TRUE(reg->reader().referral(ref)->awaits_review());
  expect_refused(review(ref, "chief"), "own_sign_off", size());
  expect_refused(review(ref, "supervisor"), "no_right", size());
  const auto done = review(ref, "dpo", false);
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(done->at("review").at("finding"), "not_in_order");
  EXPECT_EQ(done->at("state"), "authorised") << "a review changes nothing else";
  expect_refused(review(ref, "dpo"), "wrong_state", size());
  EXPECT_TRUE(verify(folder).ok());

  const std::vector<Json> all = entries();
  const auto taken = [&](const std::function<void(Json&)>& change) {
    Fold fold;
    for (Json entry : all) {
      if (entry.at("kind") == "referral.reviewed") change(entry);
      if (const auto step = fold.take(entry); !step) return step.error().message;
    }
    return std::string("taken");
  };
  EXPECT_EQ(taken([](Json&) {}), "taken");
  EXPECT_NE(taken([&](Json& e) { e["actor"] = actor("chief").id; }), "taken");
  EXPECT_NE(taken([&](Json& e) { e["actor"] = actor("officer").id; }), "taken");
  EXPECT_NE(taken([](Json& e) { e["finding"] = "fine"; }), "taken");
}

TEST_F(UrgentTest, WhatIsNotUrgentOrNotSignedNeedsNoReview) {
  const std::string ordinary = signed_off(false);
  expect_refused(review(ordinary, "dpo"), "wrong_state", size());
  Json body = exceptional_draft();
  body["urgent"] = {{"reason", "A flight"}, {"needed_by", "2026-11-22T18:00"}};
  const std::string ref = draft(body)->at("referral");
  ASSERT_TRUE(submit(ref).ok());
  expect_refused(review(ref, "dpo"), "wrong_state", size());
}

TEST_F(UrgentTest, AnUrgentSignOffHoldsForTwelveHours) {
  const std::string urgent = signed_off(true);
  const std::string ordinary = signed_off(false);
  const std::string in_time = signed_off(true);
  clock.advance(std::chrono::hours{12});
  EXPECT_TRUE(release(in_time).ok());
  clock.advance(std::chrono::microseconds{1});
  EXPECT_FALSE(release(urgent).ok());
  EXPECT_EQ(state_of(urgent), "draft");
  EXPECT_TRUE(release(ordinary).ok());
  EXPECT_FALSE(reg->reader().referral(urgent)->awaits_review());
  EXPECT_TRUE(reg->reader().referral(in_time)->awaits_review());
  EXPECT_TRUE(verify(folder).ok());
}

}  // namespace
}  // namespace firebreak::record
