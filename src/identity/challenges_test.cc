// SPDX-License-Identifier: Apache-2.0
#include "identity/challenges.h"

#include <gtest/gtest.h>

#include <string>

namespace firebreak::identity {
namespace {

class ChallengesTest : public testing::Test {
 protected:
  ManualClock clock{*parse_instant("2026-11-22T09:00:00Z")};
  SeededRandom random{1};
  Challenges challenges{clock, random};
};

TEST_F(ChallengesTest, IsTakenOnce) {
  const Digest asked = challenges.give(Purpose::sign_in, "browser");
  EXPECT_EQ(challenges.waiting(Purpose::sign_in, "browser"), asked);
  EXPECT_EQ(*challenges.take(Purpose::sign_in, "browser"), asked);
  EXPECT_EQ(challenges.take(Purpose::sign_in, "browser").error().code, ErrorCode::unauthorised);
  EXPECT_FALSE(challenges.waiting(Purpose::sign_in, "browser"));
}

TEST_F(ChallengesTest, IsBoundToPurposeBrowserAndSubject) {
  const Digest digest = sha256(as_bytes("statement"));
  EXPECT_EQ(challenges.give(Purpose::sign_off, "browser", "ref_a 1", digest), digest);
  EXPECT_FALSE(challenges.take(Purpose::sign_in, "browser", "ref_a 1").ok());
  EXPECT_FALSE(challenges.take(Purpose::sign_off, "other", "ref_a 1").ok());
  EXPECT_FALSE(challenges.take(Purpose::sign_off, "browser", "ref_a 2").ok());
  EXPECT_FALSE(challenges.take(Purpose::sign_off, "browserr", "ef_a 1").ok());
  EXPECT_EQ(*challenges.take(Purpose::sign_off, "browser", "ref_a 1"), digest);
}

TEST_F(ChallengesTest, NoneIsFromAfterTheClockWasSetBack) {
  challenges.give(Purpose::registration, "browser");
  clock.advance(-std::chrono::microseconds{1});
  EXPECT_FALSE(challenges.waiting(Purpose::registration, "browser"));
  EXPECT_FALSE(challenges.take(Purpose::registration, "browser").ok());
}

TEST_F(ChallengesTest, LivesFiveMinutes) {
  challenges.give(Purpose::registration, "browser");
  clock.advance(Challenges::kLife - std::chrono::microseconds{1});
  EXPECT_TRUE(challenges.waiting(Purpose::registration, "browser"));
  clock.advance(std::chrono::microseconds{1});
  EXPECT_FALSE(challenges.waiting(Purpose::registration, "browser"));
  EXPECT_FALSE(challenges.take(Purpose::registration, "browser").ok());
}

TEST_F(ChallengesTest, AskedAgainTheFirstIsForgotten) {
  const Digest first = challenges.give(Purpose::sign_in, "browser");
  const Digest second = challenges.give(Purpose::sign_in, "browser");
  EXPECT_NE(first, second);
  EXPECT_EQ(*challenges.take(Purpose::sign_in, "browser"), second);
}

TEST_F(ChallengesTest, AFloodOfVisitorsLeavesTheSignOffs) {
  challenges.give(Purpose::sign_off, "chief", "ref_a 1");
  challenges.give(Purpose::sign_in, "first");
  for (size_t i = 0; i < Challenges::kMost; ++i) {
    clock.advance(std::chrono::microseconds{1});
    challenges.give(Purpose::sign_in, std::to_string(i));
  }
  EXPECT_FALSE(challenges.waiting(Purpose::sign_in, "first"));
  EXPECT_TRUE(challenges.waiting(Purpose::sign_in, "0"));
  EXPECT_TRUE(challenges.waiting(Purpose::sign_off, "chief", "ref_a 1"));
}

}  // namespace
}  // namespace firebreak::identity
