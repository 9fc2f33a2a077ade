// SPDX-License-Identifier: Apache-2.0
#include "identity/session.h"

#include <gtest/gtest.h>

namespace firebreak::identity {
namespace {

using namespace std::chrono_literals;

struct SessionTest : testing::Test {
  ManualClock clock{*parse_instant("2026-11-22T09:00:00Z")};
  SeededRandom random{5};
  Sessions sessions{clock, random};
};

TEST_F(SessionTest, EndsWhenIdle) {
  const std::string token = sessions.start("person_a", "a").token;
  clock.advance(29min);
  EXPECT_EQ(sessions.find(token), "person_a");
  clock.advance(29min);
  EXPECT_EQ(sessions.find(token), "person_a");
  clock.advance(30min);
  EXPECT_EQ(sessions.find(token), std::nullopt);
}

TEST_F(SessionTest, EndsAfterTwelveHoursHoweverMuchItIsUsed) {
  const NewSession session = sessions.start("person_a", "a");
  EXPECT_EQ(session.expires, clock.now() + 12h);
  for (int i = 0; i < 35; ++i) {
    clock.advance(20min);
    EXPECT_TRUE(sessions.find(session.token)) << i;
  }
  clock.advance(20min);
  EXPECT_FALSE(sessions.find(session.token));
}

TEST_F(SessionTest, SignOutAndNewPasswordEndSessions) {
  const std::string one = sessions.start("person_a", "a").token;
  const std::string two = sessions.start("person_a", "a").token;
  const std::string other = sessions.start("person_b", "b").token;
  sessions.end_all("person_a", two);
  EXPECT_FALSE(sessions.find(one));
  EXPECT_TRUE(sessions.find(two));
  sessions.end_all("person_a");
  EXPECT_FALSE(sessions.find(two));
  EXPECT_TRUE(sessions.find(other));
  sessions.end(other);
  EXPECT_FALSE(sessions.find(other));
  EXPECT_FALSE(sessions.find(""));
}

TEST_F(SessionTest, WrongPasswordsSlowANameDownAndASuccessForgetsThem) {
  for (int i = 0; i < Sessions::kFreeAttempts; ++i) {
    EXPECT_TRUE(sessions.may_try("a").ok()) << i;
    sessions.failed("a");
  }
  EXPECT_EQ(sessions.may_try("a").error().code, ErrorCode::unavailable);
  EXPECT_TRUE(sessions.may_try("b").ok());
  clock.advance(2s);
  EXPECT_TRUE(sessions.may_try("a").ok());
  sessions.failed("a");
  clock.advance(3s);
  EXPECT_FALSE(sessions.may_try("a").ok());  // four seconds now
  clock.advance(1s);
  EXPECT_TRUE(sessions.may_try("a").ok());
  for (int i = 0; i < 40; ++i) sessions.failed("a");
  clock.advance(14min);
  EXPECT_FALSE(sessions.may_try("a").ok());
  clock.advance(1min);
  EXPECT_TRUE(sessions.may_try("a").ok());  // never more than a quarter of an hour
  sessions.start("person_a", "a");
  sessions.failed("a");
  EXPECT_TRUE(sessions.may_try("a").ok());
}

TEST_F(SessionTest, AFloodOfNamesAndSessionsKeepsItsBounds) {
  for (size_t i = 0; i < Sessions::kMaxNames + 10; ++i) sessions.failed(std::to_string(i));
  const std::string first = sessions.start("person_first", "f").token;
  for (size_t i = 0; i < Sessions::kMaxSessions; ++i) {
    clock.advance(1us);
    sessions.start("person_a", "a");
  }
  EXPECT_FALSE(sessions.find(first));  // the longest unused one made room
}

}  // namespace
}  // namespace firebreak::identity
