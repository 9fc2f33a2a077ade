// SPDX-License-Identifier: Apache-2.0
// What the checker finds in sound texts: contradictions, dead rules, failed promises.
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

TEST(Check, ASoundPolicyIsSound) {
  const Report report = report_of(
      "rule r when necessary permit under C1\n"
      "assert \"a\" always permit when necessary\n"
      "case \"c\" given necessary yes expect permit by r\n"
      "case \"d\" expect undetermined missing necessary\n");
  EXPECT_EQ(findings_of(report), "");
  EXPECT_TRUE(report.passed());
  // 2 actions, 2 recipients, 3 channels, 7 roles, 8 grounds (4 with a role that is not suspect),
  // 2, 121 ages, 2: of the 56 pairs of role and ground 12 have an offence without a suspect.
  EXPECT_EQ(report.situations, std::to_string(2 * 2 * 3 * (56 - 3 * 4) * 2 * 121 * 2));
  EXPECT_EQ(text(report),
            "p.policy: sound; 1 rules on 2 clauses, 2 of 2 cases pass, 1 of 1 assertions proved, "
            "over " +
                report.situations + " situations\n");
  const Json json = report_json(report);
  EXPECT_EQ(json["cases"]["passed"], 2);
  EXPECT_EQ(json["passed"], true);
}

TEST(Check, AConflictIsShownInItsSmallestSituation) {
  const Report report = report_of(
      "rule a when necessary permit under C1\n"
      "rule b when age above 60 refuse \"Old.\" under C2\n");
  EXPECT_FALSE(report.passed());
  EXPECT_EQ(findings_of(report),
            "p.policy:11:1: error: `a` and `b` apply together and answer differently: `a` permits, "
            "`b` refuses. Make one an exception of the other, or let their conditions exclude each "
            "other.\n"
            "    rule b when age above 60 refuse \"Old.\" under C2\n"
            "    ^~~~\n"
            "  clause C1, C2\n"
            "  for example\n"
            "    case \"both a and b\"\n"
            "      given necessary yes, age 61\n"
            "      expect refuse\n");
  // What the vocabulary calls impossible is no conflict; neither are nevers.
  EXPECT_TRUE(report_of("rule a when ground includes offence permit under C1\n"
                        "rule b when not role includes suspect refuse \"x\" under C2\n")
                  .passed());
  EXPECT_TRUE(report_of("never a when necessary refuse \"x\" under C1 notify board\n"
                        "never b when age above 60 refuse \"y\" under C2\n")
                  .passed());
}

TEST(Check, AConflictSaysInWhatTheAnswersDiffer) {
  const auto differs = [](const std::string& a, const std::string& b) {
    const std::string found =
        findings_of(report_of("rule a when necessary " + a + " under C1\n" +
                              "rule b when age above 60 " + b + " under C1\n"));
    const std::string_view before = "answer differently: ";
    const size_t at = found.find(before) + before.size();
    return found.substr(at, found.find(". Make", at) - at);
  };
  EXPECT_EQ(differs("permit", "permit at discretion"), "`a` permits, `b` permits at discretion");
  EXPECT_EQ(
      differs("permit after sign_off by inspector", "permit after sign_off by 2 of inspector"),
      "`a` permits after sign_off by inspector, `b` permits after sign_off by 2 of inspector");
  EXPECT_EQ(differs("permit only by email notify board", "permit disclose only name"),
            "both permit, but differ in `only by` and `disclose only` and `notify`");
  EXPECT_EQ(differs("refuse \"x\"", "refuse \"y\" notify board"),
            "both refuse, but differ in `notify`");
  EXPECT_EQ(differs("permit after sign_off by inspector",
                    "permit after sign_off by inspector expires after 2 hours"),
            "both permit, but differ in `expires after`");
}

TEST(Check, ConditionsCountInAConflict) {
  for (const char* condition : {"only by email", "disclose only name", "with reasons history",
                                "report to board", "notify board"}) {
    EXPECT_FALSE(report_of(std::string("rule a when necessary permit under C1 ") + condition +
                           "\nrule b when age above 60 permit under C1\n")
                     .passed())
        << condition;
  }
  EXPECT_FALSE(report_of("rule a when necessary permit at discretion under C1\n"
                         "rule b when age above 60 permit under C1\n")
                   .passed());
  const std::string a = "rule a when necessary permit after sign_off by inspector under C1\n";
  const std::string b = "rule b when age above 60 permit after sign_off by ";
  EXPECT_TRUE(report_of(a + b + "inspector under C2\n").passed());
  EXPECT_FALSE(report_of(a + b + "chief_officer under C2\n").passed());
  EXPECT_FALSE(report_of(a + b + "2 of inspector under C2\n").passed());
  EXPECT_FALSE(report_of(a + b + "inspector under C2 expires after 2 hours\n").passed());
}

TEST(Check, ARuleThatCanNeverApply) {
  EXPECT_EQ(findings_of(report_of("rule a when age above 60 and age below 18 permit under C1\n")),
            "p.policy:10:1: error: `a` can never apply: no situation meets its condition.\n"
            "    rule a when age above 60 and age below 18 permit under C1\n"
            "    ^~~~\n"
            "  clause C1\n");
  EXPECT_NE(findings_of(report_of("rule a when ground includes offence permit under C1\n"
                                  "  except e when role includes none of suspect\n"
                                  "    refuse \"x\" under C2\n"))
                .find("`a/e` can never apply: no situation meets its condition and those of the "
                      "rules around it."),
            std::string::npos);
}

TEST(Check, ARuleThatChangesNothing) {
  const std::string overruled =
      findings_of(report_of("never n when necessary refuse \"x\" under C1\n"
                            "rule a when necessary and age above 60 permit under C1\n"));
  EXPECT_NE(overruled.find("11:1: warning: This rule changes nothing: wherever `a` applies, a "
                           "`never` or its own exceptions stand over it."),
            std::string::npos);
  const std::string second =
      findings_of(report_of("rule a when necessary permit under C1\n"
                            "rule b when necessary and age above 60 permit under C2\n"));
  EXPECT_NE(second.find("11:1: warning: This rule changes nothing: wherever `b` applies, another "
                        "above it gives the same answer."),
            std::string::npos);
}

TEST(Check, AFailedAssertion) {
  const std::string found = findings_of(
      report_of("rule a when necessary permit under C1\n"
                "  except e when age below 18 permit after sign_off by inspector under C2\n"
                "assert \"children\" never permit when age below 18\n"
                "  unless after sign_off by chief_officer\n"));
  EXPECT_EQ(found,
            "p.policy:12:1: error: This assertion fails in 19008 situations. In the smallest the "
            "answer is `sign_off` of inspector by `a/e`.\n"
            "    assert \"children\" never permit when age below 18\n"
            "    ^~~~~~\n"
            "  clause C2\n"
            "  for example\n"
            "    case \"against: children\"\n"
            "      given necessary yes, age 0\n"
            "      expect sign_off by a/e\n");
}

TEST(Check, AssertionsKnowRanksAndCounts) {
  const auto holds = [](const std::string& outcome, const std::string& assertion) {
    const Report report = report_of("rule a when necessary " + outcome +
                                    " under C1\nassert \"x\" " + assertion + "\n");
    return report.asserts_proved == 1;
  };
  EXPECT_TRUE(holds("permit after sign_off by chief_officer",
                    "never permit when necessary unless after sign_off by inspector"));
  EXPECT_FALSE(holds("permit after sign_off by constable",
                     "never permit when necessary unless after sign_off by inspector"));
  EXPECT_FALSE(holds("permit after sign_off by inspector",
                     "never permit when necessary unless after sign_off by 2 of inspector"));
  EXPECT_FALSE(holds("permit", "never permit when necessary unless after sign_off by inspector"));
  EXPECT_FALSE(holds("permit after sign_off by inspector", "always permit when necessary"));
  EXPECT_TRUE(holds("permit", "always refuse when not necessary"));
  EXPECT_FALSE(holds("permit", "always refuse when age is 3"));
}

TEST(Check, FailedCases) {
  const std::string rules = "rule a when necessary permit under C1\n";
  EXPECT_EQ(
      findings_of(report_of(rules + "case \"c\" given necessary yes\n  expect refuse by a\n")),
      "p.policy:12:20: error: This case fails: the answer is `permit` by `a`.\n"
      "      expect refuse by a\n"
      "                       ^\n"
      "  clause C1\n"
      "  for example\n"
      "    case \"c\"\n"
      "      given necessary yes\n"
      "      expect permit by a\n");
  const auto passes = [&](const std::string& one) { return report_of(rules + one).passed(); };
  EXPECT_TRUE(passes("case \"c\" given necessary no expect refuse by default\n"));
  EXPECT_FALSE(passes("case \"c\" given necessary no expect refuse by a\n"));
  EXPECT_FALSE(passes("case \"c\" given necessary no expect not_covered\n"));
  EXPECT_FALSE(passes("case \"c\" expect undetermined missing age\n"));
  EXPECT_FALSE(passes("case \"c\" given ground offence, role victim expect refuse\n"));
  EXPECT_TRUE(
      passes("case \"c\" given necessary yes expect permit\n"
             "case \"d\" like \"c\" given necessary missing expect undetermined\n"));
}

TEST(Check, AReviewDateThatHasPassed) {
  EXPECT_EQ(findings_of(report_of("", "  review by 2026-11-21\n")),
            "p.policy:5:13: warning: This policy was to be reviewed by 2026-11-21, 1 day ago. "
            "Review it, and give the text a new day.\n"
            "      review by 2026-11-21\n"
            "                ^~~~~~~~~~\n");
  EXPECT_EQ(findings_of(report_of("", "  review by 2027-01-22\n")), "");
  const Report due = report_of("", "  review by 2027-01-21\n");
  EXPECT_NE(findings_of(due).find("warning: This policy is to be reviewed by 2027-01-21: 60 days"),
            std::string::npos)
      << findings_of(due);
  EXPECT_TRUE(due.passed());
}

TEST(Check, AProtectedFactMustNotHelpADisclosure) {
  const std::string rules = "rule a when leave is held permit under C1\n";
  EXPECT_EQ(findings_of(report_of(rules)),
            "p.policy:10:1: error: `leave` is protected, and the answer becomes more permissive "
            "through `held`: `permit` by `a`. Without it the answer is `refuse` by `default` (line "
            "4).\n"
            "    rule a when leave is held permit under C1\n"
            "    ^~~~\n"
            "  clause C1\n"
            "  for example\n"
            "    case \"through leave held\"\n"
            "      given leave held\n"
            "      expect permit by a\n");
  const Report historical = report_of(rules, "  historical\n");
  EXPECT_TRUE(historical.passed());
  ASSERT_EQ(historical.findings.size(), 1U);
  EXPECT_EQ(historical.findings[0].severity, Severity::note);
  // A claimed ground may be refused, never help.
  EXPECT_TRUE(report_of("rule a when ground only nationality refuse \"x\" under C1\n").passed());
  EXPECT_FALSE(report_of("rule a when ground includes nationality permit under C1\n").passed());
  EXPECT_FALSE(report_of("rule a when necessary permit after sign_off by 2 of inspector under C1\n"
                         "  except e when ground includes nationality\n"
                         "    permit after sign_off by inspector under C1\n")
                   .passed());
  EXPECT_FALSE(report_of("rule a when necessary permit under C1 disclose only name\n"
                         "  except e when ground includes nationality\n"
                         "    permit under C1 disclose only name, grounds\n")
                   .passed());
  EXPECT_TRUE(report_of("rule a when necessary permit under C1 disclose only name, grounds\n"
                        "  except e when ground includes nationality\n"
                        "    permit after sign_off by inspector under C1\n")
                  .passed());
  EXPECT_FALSE(report_of("rule a when necessary permit after sign_off by chief_officer under C1\n"
                         "  except e when ground includes nationality\n"
                         "    permit after sign_off by inspector under C1\n")
                   .passed());
}

// The fault is in the refusal that is lost, so that is named, and the list to mend.
TEST(Check, AProtectedMemberThatEndsAnOnlyIsToBeListed) {
  const std::string found =
      findings_of(report_of("never only-safety\n"
                            "  when necessary\n"
                            "       and ground only safety\n"
                            "  refuse \"No.\" under C1\n"
                            "rule r when necessary permit under C2\n"));
  EXPECT_EQ(
      found,
      "p.policy:14:1: error: `ground` is protected, and the answer becomes more permissive "
      "through `nationality`: `permit` by `r`. Without it the answer is `refuse` by "
      "`only-safety` (line 10): its `ground only` in line 12 does not list `nationality`, and "
      "whoever refuses with `only` lists every protected value.\n"
      "    rule r when necessary permit under C2\n"
      "    ^~~~\n"
      "  clause C2\n"
      "  for example\n"
      "    case \"through ground nationality\"\n"
      "      given ground nationality and safety, necessary yes\n"
      "      expect permit by r\n");
}

TEST(Check, AMissingVocabularyIsReportedWhereItIsAskedFor) {
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / ("vocabulary-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const auto found = [&](const std::string& used) {
    std::string policy = policy_text("");
    policy.replace(policy.find("small 1"), 7, used);
    EXPECT_TRUE(write_file_durably(folder / "p.policy", policy, 0600));
    const std::string out = findings_of(check(folder / "p.policy", kToday));
    return out.substr(out.find("p.policy:"));
  };
  EXPECT_EQ(found("small 2"),
            "p.policy:3:19: error: The vocabulary small 2 is missing: no file small-2.vocabulary "
            "stands beside the policy. There is no vocabulary there.\n"
            "      uses vocabulary small 2\n"
            "                      ^~~~~\n");
  EXPECT_TRUE(write_file_durably(folder / "small-1.vocabulary", kWords, 0600));
  EXPECT_TRUE(write_file_durably(folder / "large-1.vocabulary", kWords, 0600));
  EXPECT_NE(found("small 2").find("There are: large-1, small-1."), std::string::npos);
  EXPECT_EQ(
      found("small-1"),
      "p.policy:3:19: error: The vocabulary's version is missing: write its name, a space and "
      "the version, `uses vocabulary small 1`.\n"
      "      uses vocabulary small-1\n"
      "                      ^~~~~~~\n");
}

TEST(Check, AFileThatIsNotThere) {
  const Report report = check("/nowhere/p.policy", kToday);
  EXPECT_FALSE(report.passed());
  EXPECT_NE(text(report).find("not sound, nothing was checked"), std::string::npos);
}

}  // namespace
}  // namespace firebreak::policy::testing
