// SPDX-License-Identifier: Apache-2.0
// What the reader of policies and vocabularies says about slips, word for word.
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

std::string faults(const std::string& rules) {
  Report report = report_of(rules);
  EXPECT_TRUE(report.digest.empty() || report.passed());
  return findings_of(report);
}

TEST(Parser, AnUnknownWordIsShownWithTheNearest) {
  EXPECT_EQ(
      faults("rule r\n  when rol includes victim\n  permit under C1\n"),
      "p.policy:11:8: error: There is no attribute `rol` in the vocabulary small 1. Did you mean "
      "`role`?\n"
      "      when rol includes victim\n"
      "           ^~~\n");
  EXPECT_EQ(
      faults("rule r when role includes victm permit under C1\n"),
      "p.policy:10:27: error: `role` has no value `victm` in the vocabulary small 1. Did you mean "
      "`victim`?\n"
      "    rule r when role includes victm permit under C1\n"
      "                              ^~~~~\n");
  EXPECT_EQ(faults("rule r when necessary permit after sign_off by chief_oficer under C1\n"),
            "p.policy:10:48: error: There is no rank `chief_oficer`. Did you mean "
            "`chief_officer`?\n"
            "    rule r when necessary permit after sign_off by chief_oficer under C1\n"
            "                                                   ^~~~~~~~~~~~\n");
  EXPECT_EQ(faults("rule r when necessary permit under C3\n"),
            "p.policy:10:36: error: There is no clause `C3`. Did you mean `C1`?\n"
            "    rule r when necessary permit under C3\n"
            "                                       ^~\n");
}

TEST(Parser, SeveralFaultsAreReportedAtOnce) {
  EXPECT_EQ(faults("rulle r when necessary permit under C1\n"
                   "rule s when necessary\n"
                   "  except t when age below 200 permit under C1\n"
                   "never u when necessary permit under C1\n"
                   "case \"c\" given age old expect refuse\n"),
            "p.policy:10:1: error: `rulle` begins nothing here. Did you mean `rule`?\n"
            "    rulle r when necessary permit under C1\n"
            "    ^~~~~\n"
            "p.policy:12:3: error: Expected `refuse` or `permit`, found `except`.\n"
            "      except t when age below 200 permit under C1\n"
            "      ^~~~~~\n"
            "p.policy:12:27: error: Expected a whole number for `age` from 0 to 120, found `200`.\n"
            "      except t when age below 200 permit under C1\n"
            "                              ^~~\n"
            "p.policy:13:24: error: A `never` can only refuse.\n"
            "    never u when necessary permit under C1\n"
            "                           ^~~~~~\n"
            "p.policy:14:20: error: Expected a whole number for `age`, found `old`.\n"
            "    case \"c\" given age old expect refuse\n"
            "                       ^~~\n");
}

// Each slip and the message that it must give.
struct Slip {
  const char* rules;
  const char* message;
};

TEST(Parser, EachSlipHasItsMessage) {
  constexpr Slip kSlips[] = {
      {"rule r when necessary refuse under C1",
       "Expected the reason of the refusal in double quotes"},
      {"rule r when necessary permit", "This outcome stands on no clause"},
      {"rule r when necessary refuse \" \" under C1", "This text is empty"},
      {"rule r when necessary permit under C1\nrule r when age is 3 permit under C1",
       "There is another rule `r`, in line 10."},
      {"rule default when necessary permit under C1", "`default` already names"},
      {"clause C1 \"Again.\" basis known", "There is another clause `C1`, in line 5."},
      {"clause C9 \"Nine.\" basis rumoured", "Expected `known`, `reported` or `inferred`"},
      {"never n when necessary refuse \"x\" under C1\n  except e when necessary permit under C1",
       "A `never` has no exceptions."},
      {"except e when necessary permit under C1", "This exception belongs to no rule"},
      {"rule r when necessary refuse \"x\" under C1 only by email",
       "`only` belongs to a permit, not to a refusal."},
      {"rule r when necessary permit under C1 expires after 3 hours",
       "`expires after` belongs to a sign-off."},
      {"rule r when necessary permit under C1 disclose only shoe_size",
       "There is no field `shoe_size`. Known: name, date_of_birth, grounds."},
      {"rule r when necessary permit under C1 only by mail", "There is no channel `mail`."},
      {"rule r when necessary permit under C1 report to bord", "Did you mean `board`?"},
      {"rule r when (necessary permit under C1", "Expected `)`, found `permit`."},
      {"rule r when role permit under C1",
       "Expected `includes`, `only` or `is empty` after `role`"},
      {"rule r when age permit under C1", "Expected `at least`"},
      {"rule and when necessary permit under C1", "`and` is a word of the language"},
      {"rule Big when necessary permit under C1", "is written in lower-case letters"},
      {"rule r when necessary permit under C1 \"late\"", "the text \"late\" begins nothing here."},
      {"rule r when necessary permit under C1\tnotify board", "A tab may not stand here"},
      {"rule r when necessary permit \"open", "This text is not closed"},
      {"rule r when necessary permit \"\\n\" under C1", "A \\ in a text stands only before"},
      {"rule r when necessary & age is 3 permit under C1", "`&` has no meaning here."},
      {"rule r when necessary permit under C1 \xFF", "This is not UTF-8 text."},
      {"case \"c\" expect refuse by ghost", "There is no rule `ghost`."},
      {"case \"c\" like \"d\" expect refuse", "No case above has this name."},
      {"case \"c\" given role empty expect refuse", "`role` is never empty."},
      {"case \"c\" given age 3, age 4 expect refuse", "`age` is given twice."},
      {"case \"c\" expect maybe", "Expected `refuse`, `permit`, `sign_off`, `not_covered`"},
      {"assert \"a\" sometimes permit when necessary", "Expected `never permit`"},
      {"assert \"a\" always refuse when necessary unless after sign_off by inspector",
       "`unless` belongs to `never permit`."},
  };
  for (const Slip& slip : kSlips) {
    EXPECT_NE(faults(std::string(slip.rules) + "\n").find(slip.message), std::string::npos)
        << slip.rules << "\n"
        << faults(std::string(slip.rules) + "\n");
  }
}

TEST(Parser, TheHeaderIsChecked) {
  const auto first = [](const std::string& text) {
    const Report report = check_texts("p.policy", text, "v", kWords, kToday);
    return report.findings.empty() ? "" : report.findings[0].message;
  };
  EXPECT_EQ(first(""), "Expected `policy`, found the end.");
  EXPECT_EQ(first("policy p version 1\n"),
            "This policy does not say `uses vocabulary NAME VERSION`.");
  EXPECT_EQ(first("policy p version 1 uses vocabulary small 2\n"),
            "The vocabulary at hand is `small` version 1.");
  EXPECT_EQ(first("policy p version 1 uses vocabulary small 1\n"),
            "This policy has no `default`: say what holds where no rule applies.");
  const std::string start = "policy p version 1 uses vocabulary small 1 ";
  EXPECT_EQ(first(start + "default refuse \"No.\"\n").substr(0, 32),
            "The default stands on no clause:");
  EXPECT_EQ(first(start + "review by 2026-02-30\n"), "There is no such day.");
  EXPECT_EQ(first(start + "default permit \"Yes.\"\n"),
            "Expected `refuse` or `not_covered`: a default never permits, found `permit`.");
}

TEST(Parser, TheVocabularyIsChecked) {
  const auto first = [](const std::string& more) {
    const Report report =
        check_texts("p.policy", policy_text(""), "small-1.vocabulary", kWords + more, kToday);
    return report.findings.empty() ? "" : report.findings[0].message;
  };
  EXPECT_EQ(first("attribute age one of question \"?\" a \"A\"\n"),
            "This attribute stands twice: `age`.");
  EXPECT_EQ(first("attribute x one of question \"?\" a \"A\" a \"B\"\n"),
            "This value stands twice: `a`.");
  EXPECT_EQ(first("attribute x one of question \"?\"\n"), "`x` has no values.");
  EXPECT_EQ(first("attribute x one of a \"A\"\n").substr(0, 32),
            "`x` needs either a `question` or");
  EXPECT_EQ(first("attribute x yes/no question \"?\" maybe \"M\"\n"),
            "`x` takes no values of its own; `maybe` cannot stand here.");
  EXPECT_EQ(first("attribute x number 5 to 4 question \"?\"\n"),
            "Expected the greatest number from 5 to 1000000000, found `4`.");
  EXPECT_EQ(first("attribute x sum of question \"?\"\n"),
            "Expected `one of`, `any of`, `yes/no` or `number`, found `sum`.");
  EXPECT_EQ(first("enforcement nobody\n"),
            "`recipient` has no value `nobody`. Known: enforcement, support_service.");
  EXPECT_EQ(first("impossible rol is empty because \"x\"\n"),
            "There is no attribute `rol` in the vocabulary small 1. Did you mean `role`?");
  EXPECT_EQ(first("attribut x\n"),
            "`attribut` begins nothing in a vocabulary. Did you mean "
            "`attribute`?");
}

TEST(Parser, HostileTextsEndSoon) {
  const auto survives = [](const std::string& rules) {
    return report_of(rules).findings.size() <= 2 * Diagnostics::kMaxErrors;
  };
  EXPECT_TRUE(survives("rule r when " + std::string(200'000, '(')));
  std::string nots = "rule r when ";
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  EXPECT_TRUE(survives(nots));
  std::string excepts = "rule r when necessary permit under C1\n";
  for (int i = 1; i < 400; ++i) {
    excepts +=
        std::string(static_cast<size_t>(i), ' ') + "except e when necessary permit under C1\n";
  }
  EXPECT_NE(faults(excepts).find("Exceptions are nested deeper than 16."), std::string::npos);
  EXPECT_TRUE(survives(std::string(1 << 20, '"')));
  EXPECT_TRUE(survives(std::string(1 << 20, '\xF0')));
  EXPECT_TRUE(survives(std::string(1 << 20, 'x')));
  EXPECT_TRUE(survives("rule r when necessary refuse \"" + std::string(1 << 20, 'x')));
}

TEST(Parser, AnAttributeMayBeAChoiceOrAFinding) {
  const std::string words =
      "vocabulary small version 1\n"
      "attribute channel one of question \"How?\" choice email \"E-mail\" choice \"A choice\"\n"
      "attribute needed yes/no finding question \"?\"\n"
      "attribute age number 0 to 5 question \"?\"\n";
  const std::string policy =
      "policy p version 1 uses vocabulary small 1 default not_covered \"-\"\n";
  const auto read = Policy::parse("p", policy, "v", words);
  ASSERT_TRUE(read) << read.error().text();
  const Vocabulary& vocabulary = (*read)->vocabulary();
  EXPECT_EQ(vocabulary.find("channel")->nature, FactNature::choice);
  EXPECT_EQ(vocabulary.find("channel")->values.size(), 2U);
  EXPECT_EQ(vocabulary.find("needed")->nature, FactNature::finding);
  EXPECT_EQ(vocabulary.find("age")->nature, FactNature::about_person);
  const auto fault = [&](const std::string& more) {
    const auto faulty = Policy::parse("p", policy, "v", words + more);
    return faulty ? std::string() : faulty.error().message;
  };
  EXPECT_EQ(fault("attribute b yes/no question \"?\" choice finding\n"),
            "This line stands twice: `finding`.");
  EXPECT_EQ(fault("attribute b yes/no protected \"No.\" choice\n"),
            "`b` is protected, so it is neither a `choice` nor a `finding`.");
}

}  // namespace
}  // namespace firebreak::policy::testing
