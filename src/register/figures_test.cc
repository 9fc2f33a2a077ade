// SPDX-License-Identifier: Apache-2.0
#include "register/figures.h"

#include "register/event.h"
#include "register/test_support.h"

namespace firebreak::record {
namespace {

constexpr Day kFirst{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};

class FiguresTest : public RegisterTest {
 protected:
  void ask(const Json& facts) {
    const auto asked = await(
        [&](Done done) { reg->questions().ask(actor("officer"), facts, "", std::move(done)); });
    ASSERT_TRUE(asked.ok()) << asked.error().text();
  }
  // The slow obvious version: every entry again, each time.
  uint64_t counted(const std::string& kind_of, Day first, Day last) {
    uint64_t count = 0;
    for (const Json& entry : entries()) {
      const Day day = london_day(*entry_time(entry));
      if (entry.at("kind") == kind_of && first <= day && day <= last) ++count;
    }
    return count;
  }
};

TEST_F(FiguresTest, CountsQuestionsByRecipientRoleAndAnswer) {
  ask({{"action", "share"},
       {"recipient", "immigration_enforcement"},
       {"role", {"victim"}},
       {"channel", "telephone"}});
  ask({{"action", "share"},
       {"recipient", "immigration_enforcement"},
       {"role", {"victim"}},
       {"channel", "telephone"}});
  ask({{"action", "share"}, {"recipient", "support_service"}});
  const auto counts = reg->figures().of(kFirst, kFirst);
  ASSERT_TRUE(counts.ok()) << counts.error().text();
  EXPECT_EQ(counts->questions.at({"immigration_enforcement", "victim", "refuse"}), 2U);
  uint64_t all = 0;
  for (const auto& [key, count] : counts->questions) all += count;
  EXPECT_EQ(all, 3U);
  EXPECT_EQ(counts->entries, *reg->reader().size());
}

TEST_F(FiguresTest, EachDayIsItsOwnAndACountGoesOnFromTheLast) {
  const std::string ref = released();
  ASSERT_TRUE(reg->figures().of(kFirst, kFirst).ok());
  clock.advance(std::chrono::hours{24});
  in_doubt();
  const Day next{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{23}};
  for (const auto& [first, last] : {std::pair{kFirst, kFirst}, {next, next}, {kFirst, next}}) {
    const auto counts = reg->figures().of(first, last);
    ASSERT_TRUE(counts.ok());
    for (const char* step : {"drafted", "submitted", "authorised", "released", "handing"}) {
      const auto found = counts->steps.find(step);
      EXPECT_EQ(found == counts->steps.end() ? 0 : found->second,
                counted(std::string("referral.") + step, first, last))
          << step;
    }
  }
  const auto first_day = reg->figures().of(kFirst, kFirst);
  ASSERT_EQ(first_day->sign_offs.size(), 1U);
  EXPECT_EQ(first_day->sign_offs.front().referral, ref);
  EXPECT_EQ(first_day->sign_offs.front().role, "victim");
  EXPECT_EQ(first_day->sign_offs.front().last_step, "released");
  EXPECT_EQ(first_day->sign_offs.front().sign_offs, 1U);
}

TEST_F(FiguresTest, CountsRefusedAttemptsByTheirReason) {
  const std::string ref = submitted();
  const auto refused = authorise(ref, "officer");
  ASSERT_FALSE(refused.ok());
  const auto counts = reg->figures().of(kFirst, kFirst);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts->attempts.at("no_right"), 1U);
}

}  // namespace
}  // namespace firebreak::record
