// SPDX-License-Identifier: Apache-2.0
#include "web/rate_limit.h"

#include <gtest/gtest.h>

namespace firebreak::web {
namespace {

using namespace std::chrono_literals;

struct RateLimitTest : testing::Test {
  ManualClock clock{*parse_instant("2026-11-22T09:00:00Z")};
};

TEST_F(RateLimitTest, AnAddressHasAMinutesWorthAndThenWaitsForOne) {
  RateLimit limit(clock, 6);
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(limit.take("192.0.2.7")) << i;
  EXPECT_EQ(limit.take("192.0.2.7"), 10s);
  EXPECT_FALSE(limit.take("192.0.2.8"));  // another's bucket is its own
  clock.advance(4s);
  EXPECT_EQ(limit.take("192.0.2.7"), 6s);
  clock.advance(6s);
  EXPECT_FALSE(limit.take("192.0.2.7"));
  EXPECT_TRUE(limit.take("192.0.2.7"));
  clock.advance(1h);  // full again, and never more than full
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(limit.take("192.0.2.7")) << i;
  EXPECT_TRUE(limit.take("192.0.2.7"));
}

TEST_F(RateLimitTest, AskingOnDoesNotMakeTheWaitLonger) {
  RateLimit limit(clock, 1);
  EXPECT_FALSE(limit.take("a"));
  for (int i = 0; i < 59; ++i) {
    clock.advance(1s);
    EXPECT_TRUE(limit.take("a")) << i;
  }
  clock.advance(1s);
  EXPECT_FALSE(limit.take("a"));
}

TEST_F(RateLimitTest, AFloodOfAddressesKeepsItsBounds) {
  RateLimit limit(clock, 1);
  EXPECT_FALSE(limit.take("first"));
  for (size_t i = 0; i < RateLimit::kMost; ++i) {
    clock.advance(1us);
    EXPECT_FALSE(limit.take(std::to_string(i)));
  }
  EXPECT_FALSE(limit.take("first"));  // the one asked for longest ago made room
  EXPECT_TRUE(limit.take(std::to_string(RateLimit::kMost - 1)));
}

TEST_F(RateLimitTest, WhoAsksIsTheConnectionUnlessAProxyIsTrusted) {
  record::Config config;
  const RateLimits plain(config, clock);
  Request request;
  request.address = "192.0.2.7";
  request.headers = {{"x-forwarded-for", "198.51.100.1"}};
  EXPECT_EQ(plain.who(request), "192.0.2.7");

  config.web.address_header = "x-forwarded-for";
  const RateLimits proxied(config, clock);
  EXPECT_EQ(proxied.who(request), "198.51.100.1");
  // What a caller made up stands before what the proxy saw.
  request.headers = {{"x-forwarded-for", "192.0.2.1, 203.0.113.9, 198.51.100.1"}};
  EXPECT_EQ(proxied.who(request), "198.51.100.1");
  request.headers = {{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-for", "198.51.100.2 "}};
  EXPECT_EQ(proxied.who(request), "198.51.100.2");
  request.headers = {{"x-forwarded-for", "somebody"}};
  EXPECT_EQ(proxied.who(request), "192.0.2.7");
  request.headers.clear();
  EXPECT_EQ(proxied.who(request), "192.0.2.7");
}

TEST_F(RateLimitTest, AnIpv6LineIsOneAddress) {
  const RateLimits limits(record::Config{}, clock);
  Request request;
  request.address = "2001:db8:1:2:aaaa::1";
  const std::string who = limits.who(request);
  request.address = "2001:db8:1:2:bbbb:0:0:9";
  EXPECT_EQ(limits.who(request), who);
  request.address = "2001:db8:1:3:aaaa::1";
  EXPECT_NE(limits.who(request), who);
  request.address = "::ffff:192.0.2.7";
  EXPECT_EQ(limits.who(request), "192.0.2.7");
}

}  // namespace
}  // namespace firebreak::web
