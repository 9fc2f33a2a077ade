// SPDX-License-Identifier: Apache-2.0
#include "policy/cover.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "policy/generated.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

Cover covering(const std::string& rules) {
  Result<Cover> out = cover_texts("p.policy", policy_text(rules), "small-1.vocabulary", kWords);
  if (out) return *std::move(out);
  ADD_FAILURE() << out.error().text();
  return {};
}

constexpr const char* kCoveredRules =
    "never n when age above 60 refuse \"Old.\" under C2\n"
    "rule a when necessary permit under C1\n";

TEST(Cover, SaysWhatNoCaseExercises) {
  const Cover found = covering(std::string(kCoveredRules) +
                               "case \"c\" given necessary yes, age 3 expect permit\n");
  EXPECT_EQ(
      text(found),
      "p version 1, 1 case\n\n"
      "Rules that answer\n"
      "  no cases  never n (line 10)\n"
      "               case \"exercises n\"\n"
      "                 given age 61\n"
      "                 expect refuse by n\n"
      "   1 case   rule a (line 11)\n"
      "  no cases  default (line 4)\n"
      "               case \"exercises default\"\n"
      "                 given necessary no, age 0\n"
      "                 expect refuse by default\n"
      "\nClauses that are cited\n"
      "   1 case   C1\n"
      "  no cases  C2\n"
      "\nRegions in which no case stands, the largest first, each with a case to put into the "
      "file\n"
      "1. `refuse` by `n`: 126720 situations\n"
      "               case \"region not exercised 1\"\n"
      "                 given age 61\n"
      "                 expect refuse by n\n"
      "2. `refuse` by `default`: 64416 situations\n"
      "               case \"region not exercised 2\"\n"
      "                 given necessary no, age 0\n"
      "                 expect refuse by default\n"
      "\nExercised\n"
      "  rules       1 of 3 (33.3 %)\n"
      "  clauses     1 of 2 (50.0 %)\n"
      "  regions     1 of 3 (33.3 %)\n"
      "  situations  64416 of 255552 (25.2 %)\n");
}

TEST(Cover, ACaseThatLeavesFactsOpenStandsInEveryRegionTheyLeave) {
  const std::string rules =
      std::string(kCoveredRules) + "never m when age above 80 refuse \"Older.\" under C2\n";
  const Cover open = covering(rules +
                              "case \"old\" given necessary yes, age 70 expect refuse\n"
                              "case \"any age\" given necessary yes expect undetermined\n");
  EXPECT_EQ(open.regions_share.exercised, "1");
  EXPECT_EQ(open.regions_share.of, "4");
  const Cover both = covering(
      "never n when age above 60 refuse \"Old.\" under C2\n"
      "never m when age above 60 and necessary refuse \"Older.\" under C2\n"
      "case \"old\" given age 70 expect refuse by n\n");
  EXPECT_EQ(both.regions_share.exercised, "2");  // by n alone, and by n with m
  EXPECT_EQ(both.rules[0].cases, std::vector<std::string>{"old"});
  EXPECT_TRUE(both.rules[1].cases.empty());
  EXPECT_NE(both.rules[1].witness.find("given necessary yes, age 61"), std::string::npos);
}

TEST(Cover, ARuleThatAnswersNowhereCannotBeExercised) {
  const Cover found = covering(
      "never n when necessary refuse \"No.\" under C1\n"
      "rule a when necessary permit under C1\n");
  EXPECT_FALSE(found.rules[1].answers);
  EXPECT_EQ(found.rules_share.of, "2");
  EXPECT_NE(text(found).find("answers nowhere"), std::string::npos);
  EXPECT_FALSE(found.clauses[1].used);
}

TEST(Cover, AFaultInTheTextIsShown) {
  const Result<Cover> out =
      cover_texts("p.policy", policy_text("rule r\n"), "small-1.vocabulary", kWords);
  ASSERT_FALSE(out.ok());
  EXPECT_NE(out.error().where.find("p.policy:"), std::string::npos);
}

// Regions are what the slow evaluator says of every situation, and the cases offered fill them.
RC_GTEST_PROP(Cover, RegionsAreExactAndTheCasesOfferedExerciseThem, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(1, 5));
  const Result<Cover> before = cover_texts("p", text, "small-1.vocabulary", words);
  if (!before) RC_FAIL(before.error().text());
  RC_ASSERT(before->regions_share.exercised == "0");

  const auto policy = Policy::parse("p", text, "small-1.vocabulary", words);
  const Policy::Compiled& compiled = (*policy)->compiled();
  std::map<Applied, size_t> regions;
  size_t all = 0;
  const Vocabulary& vocabulary = compiled.vocabulary.words;
  const auto each = situations_of(compiled, 10'000);
  RC_PRE(each.has_value());
  for (const Facts& one : *each) {
    ++regions[applied_rules(compiled.model, vocabulary, one)];
    ++all;
  }
  std::vector<std::string> expected;
  expected.reserve(regions.size());
  for (const auto& [applied, held] : regions) expected.push_back(std::to_string(held));
  std::vector<std::string> got;
  std::string more = text;
  for (const RegionCover& region : before->regions) {
    got.push_back(region.situations);
    more += region.witness;
  }
  std::sort(expected.begin(), expected.end());
  std::sort(got.begin(), got.end());
  RC_LOG() << words << more;
  RC_ASSERT(got == expected);
  RC_ASSERT(before->situations_share.of == std::to_string(all));

  const Result<Cover> after = cover_texts("p", more, "small-1.vocabulary", words);
  if (!after) RC_FAIL(after.error().text());
  RC_ASSERT(after->regions_share.exercised == after->regions_share.of);
  RC_ASSERT(after->situations_share.exercised == after->situations_share.of);
  const Report report = check_texts("p", more, "small-1.vocabulary", words, kToday);
  RC_ASSERT(report.cases_passed == report.cases);
}

}  // namespace
}  // namespace firebreak::policy::testing
