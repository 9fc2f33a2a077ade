// SPDX-License-Identifier: Apache-2.0
// What the reader of policies and vocabularies says about slips, word for word.
#include <algorithm>
#include <array>

#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

std::string faults(const std::string& rules) {
  Report report = report_of(rules);
  EXPECT_TRUE(report.digest.empty() || report.passed());
  return findings_of(report);
}

TEST(Parser, AClauseHasOneBasis) {
  const Report report = report_of("clause C3 \"Three.\"\n  basis known inferred\n");
  EXPECT_NE(findings_of(report).find("inferred"), std::string::npos) << findings_of(report);
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
      {"rule r when necessary & age is 3 permit under C1",
       "`&` has no meaning here, outside a text."},
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

// One slip, one message, and no advice to change what is right.
TEST(Parser, OneMissingQuoteIsOneMessageWhereItIsMissing) {
  const std::string more =
      "assert \"one\"\n  never permit when necessary\n"
      "case \"c: d\"\n  given necessary yes\n  expect refuse\n";
  EXPECT_EQ(
      faults("assert no: this\"\n  never permit when necessary\n" + more),
      "p.policy:10:10: error: `:` has no meaning here, outside a text. Is a \" missing before "
      "it?\n"
      "    assert no: this\"\n"
      "             ^\n");
  EXPECT_EQ(faults("assert no\"\n  never permit when necessary\n" + more),
            "p.policy:10:10: error: A \" is missing here or before: the text that begins here runs "
            "over `never` in line 11.\n"
            "    assert no\"\n"
            "             ^\n");
  EXPECT_EQ(faults("assert \"no\n  never permit when necessary\n" + more),
            "p.policy:10:8: error: A \" is missing here or before: the text that begins here runs "
            "over `never` in line 11.\n"
            "    assert \"no\n"
            "           ^\n");
  EXPECT_EQ(faults("assert “no”\n  never permit when necessary\n"),
            "p.policy:10:8: error: `“` (U+201C) opens no text: texts stand in straight \".\n"
            "    assert “no”\n"
            "           ^\n");
  // A text may well go on in a line that begins like a section: no quote is missing then.
  EXPECT_EQ(faults("rule r when necessary refuse \"No,\n  never.\" under C1\nrule s & t\n"),
            "p.policy:12:8: error: `&` has no meaning here, outside a text. Is a \" missing before "
            "it?\n"
            "    rule s & t\n"
            "           ^\n");
}

TEST(Parser, WhatIsDeclaredWithAFaultIsNotCalledUnknown) {
  EXPECT_EQ(faults("clause N1 \"One.\" basis rumoured\nrule r when necessary permit under N1\n"),
            "p.policy:10:24: error: Expected `known`, `reported` or `inferred`, found `rumoured`.\n"
            "    clause N1 \"One.\" basis rumoured\n"
            "                           ^~~~~~~~\n");
  EXPECT_EQ(faults("clause N1 \"One.\" basis known clause N2 \"Two.\" basis known\n"
                   "rule r when necessary permit under N2\n"),
            "p.policy:10:30: error: A `clause` begins a line.\n"
            "    clause N1 \"One.\" basis known clause N2 \"Two.\" basis known\n"
            "                                 ^~~~~~\n");
  EXPECT_EQ(faults("case \"c\" given necessary perhaps expect refuse\n"
                   "case \"d\" like \"c\" expect refuse\ncase \"e\" like \"d\" expect refuse\n"),
            "p.policy:10:26: error: `necessary` has no value `perhaps` in the vocabulary small 1. "
            "Known: no, yes.\n"
            "    case \"c\" given necessary perhaps expect refuse\n"
            "                             ^~~~~~~\n");
  EXPECT_EQ(faults("setting s one of a, b \"What\" under C1\nrule r when s is a permit under C1\n"
                   "case \"c\" given s b expect refuse\n"),
            "p.policy:10:30: error: Expected `default`, found `under`.\n"
            "    setting s one of a, b \"What\" under C1\n"
            "                                 ^~~~~\n");
}

// Left out, misspelt, written twice.
std::array<std::string, 3> slips_of(const std::string& word) {
  return {"", word + "x", word + " " + word};
}

// What is not said because it follows from another fault must follow from one: whatever word is
// left out, misspelt or written twice, a text is read whole or has a finding.
TEST(Parser, NoFaultIsPassedOverInSilence) {
  const std::string text = policy_text(
      "clause N1 \"One.\" source \"There\" basis known\n"
      "setting s one of a, b \"What\" default a under N1\n"
      "rule r when s is a and role includes any of victim, witness permit under N1, C1\n"
      "  except e when necessary permit after sign_off by inspector under N1\n"
      "assert \"x\" never permit when s is b\n"
      "case \"c\" given role victim and witness, s a, necessary no expect permit by r\n"
      "case \"d\" like \"c\" given s b expect refuse by default\n");
  size_t unread = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    for (const std::string& instead : slips_of(word)) {
      std::string slip = text;
      slip.replace(begin, end - begin, instead);
      const Report report = check_texts("p.policy", slip, "v", kWords, kToday);
      if (report.digest.empty()) {
        ++unread;
        EXPECT_FALSE(report.passed()) << slip;
      } else {
        EXPECT_EQ(report.clauses + report.asserts + report.cases, 6U) << slip;
      }
    }
    begin = end + 1;
  }
  EXPECT_GT(unread, 100U);
}

TEST(Parser, AClauseWithoutABasisIsItselfMarked) {
  EXPECT_EQ(faults("clause N1 \"One.\"\n  source \"There\"\nclause N2 \"Two.\" basis known\n"),
            "p.policy:10:8: error: The clause `N1` has no `basis`: add `basis known`, `basis "
            "reported` or `basis inferred`.\n"
            "    clause N1 \"One.\"\n"
            "           ^~\n");
}

TEST(Parser, ASettingBelowItsUse) {
  EXPECT_EQ(faults("rule r when s is a permit under C1\n"
                   "setting s one of a, b \"What\" default a under C1\n"),
            "p.policy:10:13: error: The setting `s` is declared below, in line 11: move it above "
            "what uses it.\n"
            "    rule r when s is a permit under C1\n"
            "                ^\n");
  const std::string signer = faults(
      "rule r when necessary permit after sign_off by s under C1\n"
      "setting s one of inspector, constable \"Who\" default inspector under C1\n");
  EXPECT_NE(signer.find("The setting `s` is declared below, in line 11"), std::string::npos)
      << signer;
}

TEST(Parser, ACaseBelowTheOneThatIsLikeIt) {
  EXPECT_EQ(
      faults("case \"c\" like \"d\" expect refuse\ncase \"d\" expect undetermined\n"),
      "p.policy:10:15: error: The case of this name stands below, in line 11: move it above.\n"
      "    case \"c\" like \"d\" expect refuse\n"
      "                  ^~~\n");
}

TEST(Parser, ACommaInTheSetOfACase) {
  const std::string_view message =
      "`safety` is a value of `ground`. In a case `and` stands between the members of a set: write "
      "`and safety`, without the comma.";
  for (const char* given :
       {"ground offence, safety", "necessary yes, ground offence, safety, age 3",
        "ground nationality and offence, safety and necessary yes"}) {
    const std::string found = faults(std::string("case \"c\" given ") + given + " expect refuse\n");
    EXPECT_NE(found.find(message), std::string::npos) << found;
    EXPECT_EQ(found.find("error:"), found.rfind("error:")) << found;
  }
  // An attribute may have the name of a member: then what stands behind it tells.
  const std::string words =
      "vocabulary small version 1\n"
      "attribute ground any of question \"?\" history \"H\" need \"N\"\n"
      "attribute history one of question \"?\" none \"N\" some \"S\"\n";
  const auto read = [&](const std::string& given) {
    const Report report = check_texts(
        "p", policy_text("case \"c\" given " + given + " expect refuse\n"), "v", words, kToday);
    return findings_of(report);
  };
  EXPECT_EQ(read("ground need, history some"), "");
  EXPECT_NE(read("ground need, history").find("write `and history`"), std::string::npos);
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
