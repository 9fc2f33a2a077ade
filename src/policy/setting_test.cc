// SPDX-License-Identifier: Apache-2.0
// What a policy leaves to the force: declared, decided, proved for every value, part of the digest.
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

constexpr const char* kOpen = R"(
setting who one of inspector, chief_officer "Who signs" default chief_officer under C1
setting how_many number 1 to 3 "How many sign" default 1 under C2
setting mixed one of open, closed "Whether suspects may be" default open under C2
rule signed
  when role includes suspect and mixed is open
  permit after sign_off by how_many of who under C1
)";

Result<std::shared_ptr<const Policy>> with(const SettingValues& settings,
                                           const std::string& rules = kOpen) {
  return Policy::parse("p.policy", policy_text(rules), "small-1.vocabulary", kWords, settings);
}

std::string refusal(const SettingValues& settings) {
  const auto policy = with(settings);
  return policy ? "" : policy.error().text();
}

std::string fault(const std::string& rules) { return findings_of(report_of(rules)); }

TEST(Settings, TheDefaultAnswersUntilTheForceDecides) {
  const Decision by_default = ask(**with({}), R"({"role": ["suspect"]})");
  ASSERT_TRUE(by_default.sign_off.has_value());
  EXPECT_EQ(by_default.sign_off->rank, "chief_officer");
  EXPECT_EQ(by_default.sign_off->count, 1);
  const Decision decided =
      ask(**with({{"who", "inspector"}, {"how_many", "2"}}), R"({"role": ["suspect"]})");
  ASSERT_TRUE(decided.sign_off.has_value());
  EXPECT_EQ(decided.sign_off->rank, "inspector");
  EXPECT_EQ(decided.sign_off->count, 2);
  EXPECT_EQ(ask(**with({{"mixed", "closed"}}), R"({"role": ["suspect"]})").decision,
            Outcome::refuse);
}

TEST(Settings, AreNoFactsOfAQuestion) {
  const auto policy = with({});
  const auto facts = (*policy)->read_facts(*parse_json(R"({"mixed": "closed"})"));
  ASSERT_FALSE(facts.ok());
  EXPECT_NE(facts.error().message.find("the force decides it"), std::string::npos);
  const Facts read = facts_of(**policy, R"({"role": ["suspect"]})");
  EXPECT_FALSE((*policy)->facts_json(read).contains("mixed"));
  // Nobody is asked for one.
  for (const std::string& missing : ask(**policy, "{}").missing) EXPECT_NE(missing, "mixed");
}

TEST(Settings, TheDigestCoversWhatIsDecidedOtherwise) {
  const std::string digest = (*with({}))->digest();
  EXPECT_EQ((*with({{"who", "chief_officer"}, {"how_many", "1"}}))->digest(), digest);
  EXPECT_NE((*with({{"who", "inspector"}}))->digest(), digest);
  EXPECT_NE((*with({{"how_many", "2"}}))->digest(), (*with({{"how_many", "3"}}))->digest());
}

TEST(Settings, AWrongOneIsNamedWithTheNearest) {
  EXPECT_NE(refusal({{"whom", "chief_officer"}}).find("no setting `whom`. Did you mean `who`?"),
            std::string::npos)
      << refusal({{"whom", "chief_officer"}});
  EXPECT_NE(refusal({{"who", "chief_oficer"}}).find("Did you mean `chief_officer`?"),
            std::string::npos);
  EXPECT_NE(refusal({{"how_many", "4"}}).find("from 1 to 3"), std::string::npos);
  EXPECT_NE(refusal({{"how_many", "2x"}}).find("no value"), std::string::npos);
  EXPECT_NE(refusal({{"role", "victim"}}).find("no setting `role`"), std::string::npos);
}

TEST(Settings, WhatIsProvedIsProvedForEveryValue) {
  const std::string rules = std::string(kOpen) +
                            "assert \"a\" never permit when role includes suspect unless after "
                            "sign_off by chief_officer\n";
  const Report report = report_of(rules);
  ASSERT_FALSE(report.passed());
  EXPECT_NE(findings_of(report).find("who inspector"), std::string::npos) << findings_of(report);
  // Of a force that has decided, for what it decided.
  const auto decided = with({{"who", "chief_officer"}}, rules);
  ASSERT_TRUE(decided.ok());
  EXPECT_TRUE(ask(**decided, R"({"role": ["suspect"]})").sign_off.has_value());
}

TEST(Settings, CasesMaySetThem) {
  EXPECT_EQ(fault(std::string(kOpen) +
                  "case \"closed\" given role suspect, mixed closed expect refuse by default\n"
                  "case \"open\" given role suspect expect sign_off by signed\n"),
            "");
}

TEST(Settings, EachSlipHasItsMessage) {
  const auto says = [](const std::string& rules, const std::string& words) {
    EXPECT_NE(fault(rules).find(words), std::string::npos) << rules << "\n" << fault(rules);
  };
  says("setting role one of a, b \"?\" default a under C1\n", "setting `role` already");
  says("setting s one of a, a \"?\" default a under C1\n", "listed twice");
  says("setting s one of a, b \"?\" default c under C1\n", "no value `c`");
  says("setting s number 3 to 1 \"?\" default 3 under C1\n", "1");
  says("setting s one of a, b default a under C1\n", "what the force decides");
  says("setting s one of a, b \"?\" default a\n", "`under`");
  says(
      "setting s one of a, b \"?\" default a under C1\n"
      "rule r when role includes suspect permit after sign_off by s under C1\n",
      "not all ranks");
  says(
      "setting s number 0 to 2 \"?\" default 1 under C1\n"
      "rule r when role includes suspect permit after sign_off by s of chief_officer under C1\n",
      "number 1 to N");
  says(std::string(kOpen) +
           "assert \"a\" never permit when role includes suspect unless after "
           "sign_off by who\n",
       "every value of a setting");
}

}  // namespace
}  // namespace firebreak::policy::testing
