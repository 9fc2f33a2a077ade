// SPDX-License-Identifier: Apache-2.0
#include "policy/floor.h"

#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

std::filesystem::path with_policy(const std::string& name, const std::string& text) {
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / ("floor-" + name + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(packs() / "disclosure-1.vocabulary",
                             folder / "disclosure-1.vocabulary",
                             std::filesystem::copy_options::overwrite_existing);
  const std::filesystem::path path = folder / "p.policy";
  EXPECT_TRUE(write_file_durably(path, text, 0600));
  return path;
}

// A policy that permits exactly what `when` says, and expects nothing else of itself.
std::string permitting(const std::string& when,
                       const std::string& outcome = "permit \"Because.\"") {
  return "policy p version 1\n  title \"T\"\n  uses vocabulary disclosure 1\n"
         "  default refuse \"No.\" under C1\n"
         "clause C1 \"Words.\"\n  basis inferred\n"
         "rule r\n  when " +
         when + "\n  " + outcome + "\n  under C1\n";
}

// The floor's assertions that fail, by their names.
std::string broken(const std::string& name, const std::string& text) {
  const Report report = check_for_force(with_policy(name, text), kToday);
  std::string out;
  for (const Finding& finding : report.findings) {
    if (finding.file != "the floor") continue;  // a protected fact that helps is found besides
    EXPECT_EQ(finding.severity, Severity::error) << policy::text(finding);
    const size_t quote = finding.caret.find('"');
    out += finding.caret.substr(quote + 1, finding.caret.find('"', quote + 1) - quote - 1) + ";";
  }
  EXPECT_EQ(report.passed(), out.empty()) << policy::text(report);
  return out;
}

TEST(Floor, OnlyTheServiceInstructionMayBePutInForceAsItIs) {
  for (const char* pack :
       {"psni-service-instruction", "psni-legacy", "npcc-2018", "full-firewall"}) {
    const std::filesystem::path path = packs() / (std::string(pack) + ".policy");
    EXPECT_TRUE(check(path, kToday).passed()) << pack;
    EXPECT_EQ(check_for_force(path, kToday).passed(),
              std::string(pack) == "psni-service-instruction")
        << pack;
  }
}

TEST(Floor, SaysThatItIsBuiltInAndWhereTheAnswerStands) {
  const std::string text = permitting(
      "recipient is immigration_enforcement and action is share and channel is email and role "
      "includes victim and ground includes suspected_offence");
  const Report report = check_for_force(with_policy("place", text), kToday);
  ASSERT_EQ(report.findings.size(), 1U);
  const std::string found = policy::text(report.findings[0]);
  EXPECT_EQ(found.find("the floor: error: "), 0U) << found;
  EXPECT_NE(found.find("`permit` by `r`, in line 7. The floor is built in"), std::string::npos)
      << found;
  EXPECT_NE(found.find("a `never` or a sign-off with a clause of its own"), std::string::npos);
}

TEST(Floor, NamesTheRuleTheClauseAndASituation) {
  const Report report = check_for_force(packs() / "full-firewall.policy", kToday);
  ASSERT_EQ(report.findings.size(), 1U);
  const Finding& finding = report.findings[0];
  EXPECT_NE(finding.message.find("`telephone-about-suspects`"), std::string::npos);
  EXPECT_EQ(finding.clause, "F7");
  EXPECT_NE(finding.witness.find("action call, recipient immigration_enforcement"),
            std::string::npos);
}

TEST(Floor, RefusesAVictimOrAWitnessWithoutASignOff) {
  const std::string suspect =
      "recipient is immigration_enforcement and action is share and channel is email"
      " and ground includes suspected_offence";
  EXPECT_EQ(broken("none", permitting(suspect + " and role only suspect")), "");
  for (const char* role : {"victim", "witness"}) {
    const std::string when = suspect + " and role includes " + role;
    EXPECT_EQ(broken("bare", permitting(when)), "no victim or witness without a sign-off;") << role;
    EXPECT_EQ(broken("signed", permitting(when, "permit after sign_off by constable \"Because.\"")),
              "")
        << role;
  }
  EXPECT_EQ(
      broken("elsewhere", permitting("recipient is support_service and role includes victim")), "");
}

TEST(Floor, RefusesTheTelephoneAlsoWithASignOff) {
  const std::string suspect =
      "recipient is immigration_enforcement and role only suspect"
      " and ground includes suspected_offence";
  EXPECT_EQ(broken("call", permitting(suspect + " and action is call and channel is email")),
            "nothing by telephone;");
  EXPECT_EQ(broken("line", permitting(suspect + " and action is share and channel is telephone",
                                      "permit after sign_off by chief_officer \"Because.\"")),
            "nothing by telephone;");
  EXPECT_EQ(broken("friend", permitting("recipient is support_service and action is call")), "");
}

TEST(Floor, RefusesNationalityOrEthnicityAlone) {
  const std::string by_email =
      "recipient is immigration_enforcement and role only suspect and action is share"
      " and channel is email and ";
  EXPECT_EQ(broken("nation", permitting(by_email + "ground includes nationality")),
            "nothing on nationality or ethnicity alone;");
  EXPECT_EQ(broken("both", permitting(by_email + "ground only nationality, ethnicity",
                                      "permit after sign_off by chief_officer \"Because.\"")),
            "nothing on nationality or ethnicity alone;");
}

TEST(Floor, AVocabularyWithoutItsWordsCannotKeepIt) {
  const Source policy(
      "p.policy", policy_text("rule r\n when role includes victim\n permit \"B.\"\n under C1\n"));
  const Loaded loaded = load_texts(
      policy, [](const VocabularyName&) -> Result<Source> { return Source("v", kWords); },
      [](const Vocabulary& words, Model& model, std::vector<Finding>& findings) {
        return add_floor(floor_of(words), words, model, findings);
      });
  ASSERT_EQ(loaded.compiled, nullptr);
  ASSERT_FALSE(loaded.findings.empty());
  EXPECT_NE(loaded.findings.back().message.find("`ethnicity`"), std::string::npos)
      << loaded.findings.back().message;
}

TEST(Floor, AVocabularyWithoutEnforcementCannotKeepIt) {
  Vocabulary words;
  Model model;
  std::vector<Finding> findings;
  EXPECT_FALSE(add_floor(floor_of(words), words, model, findings));
  ASSERT_FALSE(findings.empty());
  EXPECT_NE(findings[0].message.find("`enforcement`"), std::string::npos);
}

}  // namespace
}  // namespace firebreak::policy::testing
