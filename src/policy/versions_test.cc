// SPDX-License-Identifier: Apache-2.0
// The days in force of a text, which version a day picks, and what the digest leaves out.
#include "policy/versions.h"

#include <unistd.h>

#include "policy/format.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

Day day(const char* text) { return *parse_day(text); }

// A folder of its own for each test.
class Versions : public ::testing::Test {
 public:
  Versions()
      : folder_(std::filesystem::path(::testing::TempDir()) /
                ("versions-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Versions() override { std::filesystem::remove_all(folder_); }

 protected:
  void put(const std::string& file, const std::string& id, int version, const std::string& days) {
    const std::string text = "# x\npolicy " + id + " version " + std::to_string(version) +
                             "\n  title \"in force from nowhere\"\n" + days +
                             "\n  uses vocabulary small 1\n  default not_covered \"No.\"\n";
    ASSERT_TRUE(write_file_durably(folder_ / file, text).ok());
  }
  // What stands in the way of p's versions.
  std::string fault() {
    const auto read = versions_of(folder_, "p");
    return read ? "" : read.error().text();
  }
  int on(const char* which) {
    const auto versions = versions_of(folder_, "p");
    const auto chosen = version_on(*versions, day(which));
    return chosen ? chosen->version : 0;
  }
  void expect_fault(const std::string& words) {
    EXPECT_NE(fault().find(words), std::string::npos) << fault();
  }

  std::filesystem::path folder_;
};

TEST_F(Versions, TheDayPicksAndBothEndsAreInclusive) {
  put("p.policy", "p", 1, "  in force until 2026-03-31");
  put("p-2.policy", "p", 2, "  in force from 2026-04-01 until 2026-12-31");
  put("p-10.policy", "p", 10, "  in force from 2027-02-01");
  EXPECT_EQ(on("1999-01-01"), 1);
  EXPECT_EQ(on("2026-03-31"), 1);
  EXPECT_EQ(on("2026-04-01"), 2);
  EXPECT_EQ(on("2026-12-31"), 2);
  EXPECT_EQ(on("2027-01-01"), 0);
  EXPECT_EQ(on("2027-02-01"), 10);
  EXPECT_EQ(on("2999-01-01"), 10);
  const auto gap = version_on(*versions_of(folder_, "p"), day("2027-01-15"));
  ASSERT_FALSE(gap.ok());
  EXPECT_EQ(gap.error().code, ErrorCode::conflict);
  EXPECT_EQ(gap.error().text(),
            "p: No policy is in force on 2027-01-15. Everything is refused until the policy owner "
            "puts one in force. There is version 1 (p.policy, until 2026-03-31); version 2 "
            "(p-2.policy, from 2026-04-01 until 2026-12-31); version 10 (p-10.policy, from "
            "2027-02-01).");
}

TEST_F(Versions, WithoutDaysItIsInForceOnAnyDay) {
  put("p.policy", "p", 3, "");
  EXPECT_EQ(on("1000-01-01"), 3);
  EXPECT_EQ(on("9999-12-31"), 3);
}

TEST_F(Versions, OverlapNamesBoth) {
  put("p.policy", "p", 1, "  in force from 2026-01-01");
  put("p-2.policy", "p", 2, "  in force from 2027-01-01");
  expect_fault(
      "Two versions of p are in force on the same day: version 1 (p.policy, from 2026-01-01) and "
      "version 2 (p-2.policy, from 2027-01-01).");
  put("p.policy", "p", 1, "  in force from 2026-01-01 until 2027-01-01");
  expect_fault("on the same day");  // the last day counts
  put("p.policy", "p", 1, "  in force from 2026-01-01 until 2026-12-31");
  EXPECT_EQ(fault(), "");
  put("p-2.policy", "p", 2, "");
  expect_fault("version 2 (p-2.policy, on any day)");
}

TEST_F(Versions, TwoFilesOfOneVersion) {
  put("p.policy", "p", 2, "  in force until 2026-12-31");
  put("p-2.policy", "p", 2, "  in force from 2027-01-01");
  expect_fault("Two files are version 2 of p: p-2.policy and p.policy.");
}

TEST_F(Versions, AFileIsNamedAfterItsPolicyAndVersion) {
  put("p-2.policy", "p", 3, "");
  expect_fault("This file holds version 3 of p. Name it p-3.policy.");
  put("p-2.policy", "q", 2, "");
  expect_fault("This file holds version 2 of q. Name it q-2.policy.");
  put("p-02.policy", "p", 2, "");
  std::filesystem::remove(folder_ / "p-2.policy");
  expect_fault("Name it p-2.policy.");
}

TEST_F(Versions, APolicyWhoseNameEndsInANumberIsNoVersionOfAnother) {
  put("p.policy", "p", 1, "");
  put("p-2018.policy", "p-2018", 1, "");
  put("p-other.policy", "p-other", 1, "");
  ASSERT_EQ(fault(), "");
  EXPECT_EQ(versions_of(folder_, "p")->size(), 1U);
  EXPECT_EQ(versions_of(folder_, "p-2018")->size(), 1U);
  EXPECT_TRUE(versions_of(folder_, "nothing")->empty());
}

TEST_F(Versions, AFaultyHeadIsShownWithItsPlace) {
  ASSERT_TRUE(write_file_durably(folder_ / "p.policy", std::string("polcy p version 1\n")).ok());
  expect_fault("p.policy:1:1: Expected `policy`, found `polcy`.");
  put("p.policy", "p", 1, "  in force from 2026-02-30");
  expect_fault("p.policy:4:17: There is no such day.");
  put("p.policy", "p", 1, "  in force from soon");
  expect_fault("a date, YYYY-MM-DD");
}

// The version whose days hold the day, day by day and without sorting or clever comparison.
TEST_F(Versions, AsASlowEvaluatorSaysOnEveryDay) {
  const std::vector<std::pair<std::string, std::string>> days = {
      {"2026-01-05", "2026-01-05"}, {"2026-01-06", "2026-01-09"}, {"2026-01-12", "2026-01-31"}};
  for (size_t i = 0; i < days.size(); ++i) {
    put("p-" + std::to_string(i + 1) + ".policy", "p", static_cast<int>(i + 1),
        "  in force from " + days[i].first + " until " + days[i].second);
  }
  for (int number = 1; number <= 31; ++number) {
    const std::string text =
        std::string("2026-01-") + (number < 10 ? "0" : "") + std::to_string(number);
    int expected = 0;
    for (size_t i = 0; i < days.size(); ++i) {
      if (days[i].first <= text && text <= days[i].second) expected = static_cast<int>(i + 1);
    }
    EXPECT_EQ(on(text.c_str()), expected) << text;
  }
}

TEST(DaysInForce, AreReadFromTheHead) {
  const auto policy = [](const std::string& header) {
    return Policy::parse("p.policy", policy_text("", header), "small-1.vocabulary", kWords);
  };
  EXPECT_EQ((*policy(""))->in_force(), InForce{});
  const InForce both = (*policy("  in force from 2026-01-01 until 2026-12-31\n"))->in_force();
  EXPECT_EQ(text(both), "from 2026-01-01 until 2026-12-31");
  EXPECT_EQ(text((*policy("  in force until 2026-12-31\n"))->in_force()), "until 2026-12-31");
  EXPECT_EQ(text(InForce{}), "on any day");
  const auto says = [&](const std::string& header, const std::string& words) {
    const auto read = policy(header);
    ASSERT_FALSE(read.ok()) << header;
    EXPECT_NE(read.error().text().find(words), std::string::npos) << read.error().text();
  };
  says("  in force\n", "`from` or `until`, and a day");
  says("  in force from\n", "a date, YYYY-MM-DD");
  says("  in force from 2026-13-01\n", "There is no such day.");
  says("  in force from 2026-02-02 until 2026-02-01\n", "last day in force is before the first");
  says("  in force until 2026-02-02\n  in force from 2026-01-01\n", "stands twice");
  says("  in farce until 2026-02-02\n", "historical, in force.");
}

TEST(DaysInForce, TheDigestLeavesThemOut) {
  const auto digest = [](const std::string& header) {
    return (*Policy::parse("p.policy", policy_text("", header), "small-1.vocabulary", kWords))
        ->digest();
  };
  EXPECT_EQ(digest("  in force from 2026-01-01 until 2026-12-31\n"), digest(""));
  EXPECT_EQ(digest("  in force until 2026-12-31\n  review by 2027-01-01\n"),
            digest("  review by 2027-01-01\n"));
  EXPECT_NE(digest("  review by 2027-01-02\n"), digest("  review by 2027-01-01\n"));
}

TEST(DaysInForce, AreKeptByTheOneForm) {
  const std::string messy = policy_text("", "   in   force from 2026-01-01\n until 2026-12-31\n");
  const auto formatted = [](const std::string& text) {
    return format_policy(Source("p.policy", text), [](const VocabularyName&) -> Result<Source> {
      return Source("small-1.vocabulary", kWords);
    });
  };
  const Formatted once = formatted(messy);
  ASSERT_TRUE(once.text.has_value());
  EXPECT_NE(once.text->find("\n  in force from 2026-01-01 until 2026-12-31\n"), std::string::npos)
      << *once.text;
  EXPECT_EQ(*formatted(*once.text).text, *once.text);
}

TEST(DaysInForce, CoverAndOverlap) {
  const InForce year{day("2026-01-01"), day("2026-12-31")};
  EXPECT_TRUE(InForce{}.covers(year));
  EXPECT_FALSE(year.covers(InForce{}));
  EXPECT_TRUE(year.covers(year));
  EXPECT_FALSE(year.covers({day("2026-06-01"), std::nullopt}));
  EXPECT_FALSE(year.covers({std::nullopt, day("2026-06-01")}));
  EXPECT_TRUE(overlap(year, {day("2026-12-31"), std::nullopt}));
  EXPECT_FALSE(overlap(year, {day("2027-01-01"), std::nullopt}));
  EXPECT_TRUE(overlap(InForce{}, InForce{}));
}

TEST(Review, IsWarnedOfBeforeAndReportedAfter) {
  const Day by = day("2026-06-30");
  const auto on = [&](const char* today) { return review_notice(by, day(today)).value_or(""); };
  EXPECT_EQ(on("2026-04-30"), "");
  EXPECT_EQ(on("2026-05-01"), "This policy is to be reviewed by 2026-06-30: 60 days are left.");
  EXPECT_EQ(on("2026-06-29"), "This policy is to be reviewed by 2026-06-30: 1 day is left.");
  EXPECT_EQ(on("2026-06-30"), "This policy is to be reviewed by 2026-06-30: that is today.");
  EXPECT_EQ(on("2026-07-01"),
            "This policy was to be reviewed by 2026-06-30, 1 day ago. Review it, and give the text "
            "a new day.");
  EXPECT_EQ(review_notice(std::nullopt, by), std::nullopt);
}

}  // namespace
}  // namespace firebreak::policy::testing
