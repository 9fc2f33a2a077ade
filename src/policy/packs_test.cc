// SPDX-License-Identifier: Apache-2.0
// The packs in policies/: each is sound, each answers as its text says, and no slip of one
// byte upsets the checker.
#include <algorithm>

#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

std::vector<std::filesystem::path> all_packs() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(packs())) {
    if (entry.path().extension() == ".policy") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Packs, AreSound) {
  ASSERT_FALSE(all_packs().empty());
  for (const std::filesystem::path& pack : all_packs()) {
    const Report report = check(pack, kToday);
    EXPECT_TRUE(report.passed()) << text(report);
    EXPECT_EQ(report.id, pack.stem());
    EXPECT_EQ(report.cases, report.cases_passed);
    EXPECT_EQ(report.asserts, report.asserts_proved);
  }
}

Json base_facts() {
  return *parse_json(
      R"({"action":"share","recipient":"immigration_enforcement","channel":"email",)"
      R"("role":["victim"],"victim_elsewhere":"no","suspected_of":"nothing",)"
      R"("crime_type":["other"],"ground":[],"overseas_offending":"none","necessary":"no",)"
      R"("proportionate":"no","prevents_further_offending":"no","purpose":[],)"
      R"("consent":"not_sought","leave":"not_asked","age_group":"adult"})");
}

// What psni-service-instruction must answer, line by line.
TEST(Packs, PsniServiceInstructionAnswersAsTheIssueSays) {
  const auto policy = *Policy::load(packs() / "psni-service-instruction.policy");
  Json base = base_facts();
  const auto got = [&](const Json& from, const std::string& changed) {
    Json facts = from;
    facts.update(*parse_json(changed));
    return policy->decide(facts_of(*policy, facts.dump()));
  };
  const auto outcome = [&](const Json& from, const std::string& changed) {
    return got(from, changed).decision;
  };
  EXPECT_EQ(outcome(base, "{}"), Outcome::refuse);                              // a
  EXPECT_EQ(outcome(base, R"({"role":["witness"],"ground":["nationality"]})"),  // b
            Outcome::refuse);
  Json c = base;
  c.update(*parse_json(R"({"overseas_offending":"high_harm","necessary":"yes",)"
                       R"("proportionate":"yes","prevents_further_offending":"yes",)"
                       R"("ground":["overseas_offending"]})"));
  const Decision exceptional = got(c, "{}");
  EXPECT_EQ(exceptional.decision, Outcome::sign_off);
  EXPECT_EQ(exceptional.sign_off, (SignOff{"chief_officer", 1}));
  EXPECT_EQ(exceptional.conditions.channel, std::vector<std::string>{"email"});
  EXPECT_EQ(outcome(c, R"({"channel":"telephone"})"), Outcome::refuse);  // d
  for (const char* limb :
       {R"({"overseas_offending":"lower_level"})", R"({"overseas_offending":"other"})",  // e
        R"({"necessary":"no"})", R"({"proportionate":"no"})",                            // f
        R"({"prevents_further_offending":"no"})"}) {
    EXPECT_EQ(outcome(c, limb), Outcome::refuse) << limb;
  }
  Json g = base;
  g.update(*parse_json(R"({"role":["suspect"],"suspected_of":"other_offence",)"
                       R"("ground":["suspected_offence"]})"));
  EXPECT_EQ(outcome(g, "{}"), Outcome::permit);
  EXPECT_EQ(got(g, "{}").conditions.channel, std::vector<std::string>{"email"});
  for (const char* change : {R"({"channel":"telephone"})", R"({"ground":["nationality"]})",  // h
                             R"({"victim_elsewhere":"yes"})"}) {
    EXPECT_NE(outcome(g, change), Outcome::permit) << change;
  }
  EXPECT_EQ(outcome(base, R"({"role":["victim","suspect"],"suspected_of":"immigration_only"})"),
            Outcome::refuse);  // i
  EXPECT_NE(outcome(base, R"({"role":["victim","suspect"],"suspected_of":"other_offence"})"),
            Outcome::permit);  // j
  const Decision open = ask(*policy, R"({"action":"share","recipient":"immigration_enforcement",)"
                                     R"("channel":"email","role":["victim"]})");  // k
  EXPECT_EQ(open.decision, Outcome::undetermined);
  EXPECT_NE(std::find(open.missing.begin(), open.missing.end(), "overseas_offending"),
            open.missing.end());
  EXPECT_EQ(outcome(base, R"({"crime_type":["trafficking_slavery"],)"  // l
                          R"("recipient":"competent_authority","ground":["safeguarding"],)"
                          R"("consent":"given"})"),
            Outcome::permit);
  for (const char* action : {"prompt", "ask_status", "enforce"}) {  // m
    EXPECT_EQ(outcome(base, std::string(R"({"action":")") + action + "\"}"), Outcome::refuse);
  }
  const std::string check = R"({"action":"check","recipient":"police","channel":"system",)"
                            R"("purpose":[")";
  EXPECT_EQ(outcome(base, check + "immigration_status\"]}"), Outcome::refuse);  // n
  EXPECT_EQ(outcome(base, check + "investigation\"]}"), Outcome::permit);
}

// The sample with which the language was designed, word for word, and the answers it was to give.
TEST(Packs, TheDesignsSampleIsRead) {
  std::string text = R"(policy sample version 1
  title "Sharing victims' and witnesses' data with Immigration Enforcement"
  issued by "Police Service of Northern Ireland"
  uses vocabulary disclosure 1
  review by 2027-06-30
  default refuse "Nothing allows this." under P1
)";
  for (const char* clause : {"P1", "P2", "P3", "P4", "P5", "P7", "P8"}) {
    text += std::string("clause ") + clause + " \"Words.\"\n  source \"There\"\n  basis reported\n";
  }
  text += R"(
never by-telephone
  when recipient is immigration_enforcement and (action is call or channel is telephone)
  refuse "All referrals are made by e-mail, never by telephone."   under P8

rule victims-first
  when recipient is immigration_enforcement
       and (role includes any of victim, witness, reporter or victim_elsewhere is not no)
  refuse "Treat the person as a victim first. Their data stays with the police."   under P1

  except exceptional-circumstances
    when action is share and overseas_offending is high_harm and necessary and proportionate
         and prevents_further_offending
    permit after sign_off by chief_officer   under P2, P3, P4, P5
      only by email
      disclose only name, date_of_birth, offending_summary, grounds
      report to policing_board

never on-nationality-alone
  when recipient is immigration_enforcement and ground only nationality, ethnicity
  refuse "Nationality or ethnicity alone is not a lawful policing purpose."   under P7

assert "no victim or witness is shared with immigration enforcement without a chief officer"
  never permit when recipient is immigration_enforcement and role includes any of victim, witness
        unless after sign_off by chief_officer

case "cannabis for personal use abroad"
  given action share, recipient immigration_enforcement, role victim, ground overseas_offending,
        overseas_offending lower_level, necessary yes, proportionate yes,
        prevents_further_offending yes, channel email
  expect refuse by victims-first
)";
  const Report report = check_texts("sample.policy", text, "disclosure-1.vocabulary",
                                    *read_file(packs() / "disclosure-1.vocabulary"), kToday);
  EXPECT_EQ(report.asserts_proved, 1U);
  EXPECT_EQ(report.cases_passed, 1U);
  // The sample has a gap that the packs have closed: beside nationality, a belief about somebody's
  // leave makes the ground no longer one of nationality alone.
  ASSERT_EQ(report.findings.size(), 1U) << policy::text(report);
  EXPECT_NE(report.findings[0].message.find("more permissive through `no_leave_suspected`"),
            std::string::npos);
}

// Each byte changed, removed or doubled. Every byte of a pack when FIREBREAK_LONG is set, else a
// sample that moves over the whole of it.
TEST(Packs, NoSlipOfOneByteUpsetsTheChecker) {
  const std::string text = *read_file(packs() / "full-firewall.policy");
  const std::string words = *read_file(packs() / "disclosure-1.vocabulary");
  const bool all = long_run();
  const auto survives = [](const std::string& policy, const std::string& vocabulary) {
    const Report report =
        check_texts("full-firewall.policy", policy, "disclosure-1.vocabulary", vocabulary, kToday);
    EXPECT_FALSE(policy::text(report).empty());
  };
  const auto slips = [&](const std::string& whole, size_t step, const auto& check_one) {
    for (size_t i = 0; i < whole.size(); i += all ? 1 : step) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
      check_one(changed);
      check_one(whole.substr(0, i) + whole.substr(i + 1));
      check_one(whole.substr(0, i + 1) + whole.substr(i));
      check_one(whole.substr(0, i));
    }
  };
  slips(text, 211, [&](const std::string& slip) { survives(slip, words); });
  slips(words, 97, [&](const std::string& slip) { survives(text, slip); });
}

}  // namespace
}  // namespace firebreak::policy::testing
