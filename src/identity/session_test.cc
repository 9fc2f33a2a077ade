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
  EXPECT_EQ(sessions.find(token)->person_id, "person_a");
  clock.advance(29min);
  EXPECT_TRUE(sessions.find(token));
  clock.advance(30min);
  EXPECT_FALSE(sessions.find(token));
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

TEST_F(SessionTest, AForceSetsTheLimits) {
  Sessions short_ones(clock, random, {.idle = 5min, .absolute = 1h});
  const NewSession session = short_ones.start("person_a", "a");
  EXPECT_EQ(session.expires, clock.now() + 1h);
  for (int i = 0; i < 14; ++i) {
    clock.advance(4min);
    EXPECT_TRUE(short_ones.find(session.token)) << i;
  }
  clock.advance(4min);
  EXPECT_FALSE(short_ones.find(session.token));
  const std::string idle = short_ones.start("person_a", "a").token;
  clock.advance(5min);
  EXPECT_FALSE(short_ones.find(idle));
}

TEST_F(SessionTest, ARenewedSessionHasAnotherTokenAndTheSameEnd) {
  const NewSession first = sessions.start("person_a", "a", {SignInWay::provider, {"officer"}, {}});
  clock.advance(10min);
  const auto renewed = sessions.renew(first.token);
  ASSERT_TRUE(renewed);
  EXPECT_NE(renewed->token, first.token);
  EXPECT_EQ(renewed->expires, first.expires);
  EXPECT_FALSE(sessions.find(first.token));
  EXPECT_EQ(sessions.find(renewed->token)->basis.roles, std::vector<std::string>{"officer"});
  EXPECT_FALSE(sessions.renew(first.token));
  clock.advance(30min);
  EXPECT_FALSE(sessions.renew(renewed->token));
}

TEST_F(SessionTest, AnEndedSessionsHolderIsKnownForAWhileUnlessItWasEnded) {
  const std::string idle = sessions.start("person_a", "a").token;
  EXPECT_FALSE(sessions.late_holder(idle));  // live
  clock.advance(31min);
  EXPECT_EQ(sessions.late_holder(idle), "person_a");
  EXPECT_FALSE(sessions.find(idle));
  EXPECT_EQ(sessions.late_holder(idle), "person_a");
  clock.advance(60min);
  EXPECT_FALSE(sessions.late_holder(idle));
  const std::string ended = sessions.start("person_a", "a").token;
  sessions.end(ended);
  clock.advance(31min);
  EXPECT_FALSE(sessions.late_holder(ended));
  EXPECT_FALSE(sessions.late_holder(""));
}

TEST_F(SessionTest, APersonSeesTheirLiveSessions) {
  const std::string one = sessions.start("person_a", "a").token;
  clock.advance(5min);
  const std::string two = sessions.start("person_a", "a", {SignInWay::link, {}, "service_x"}).token;
  sessions.start("person_b", "b");
  auto own = sessions.of("person_a", one);
  ASSERT_EQ(own.size(), 2U);
  EXPECT_EQ(own[0].way, SignInWay::link);
  EXPECT_FALSE(own[0].here);
  EXPECT_TRUE(own[1].here);
  clock.advance(27min);
  EXPECT_EQ(sessions.of("person_a", two).size(), 1U);
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
  EXPECT_EQ(sessions.may_try("a").error().code, ErrorCode::too_many);
  EXPECT_EQ(sessions.wait("a"), 2s);
  EXPECT_EQ(sessions.wait("b"), 0s);
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

// Otherwise whoever can make links opens one after every fifth guess.
TEST_F(SessionTest, AWayInWithoutThePasswordForgetsNoWrongOnes) {
  for (int i = 0; i < Sessions::kFreeAttempts; ++i) sessions.failed("a");
  for (const SignInWay way : {SignInWay::link, SignInWay::provider}) {
    sessions.start("person_a", "a", {way, {}, {}});
    EXPECT_FALSE(sessions.may_try("a").ok());
  }
}

TEST_F(SessionTest, ADayWithoutAnAttemptMakesGood) {
  for (int i = 0; i <= Sessions::kFreeAttempts; ++i) sessions.failed("a");
  clock.advance(24h + 1us);
  sessions.failed("a");
  EXPECT_TRUE(sessions.may_try("a").ok());
}

TEST_F(SessionTest, NoSessionIsFromAfterTheClockWasSetBack) {
  const std::string token = sessions.start("person_a", "a").token;
  clock.advance(-1us);
  EXPECT_FALSE(sessions.find(token));
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
