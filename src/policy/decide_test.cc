// SPDX-License-Identifier: Apache-2.0
// What a policy answers: order of force, channels, conflicts, missing facts, the answer's form.
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

constexpr const char* kVictims = R"(
never by-telephone
  when recipient is enforcement and channel is telephone
  refuse "Never by telephone." under C2
    notify board

rule victims-first
  when recipient is enforcement and role includes any of victim, witness
  refuse "A victim first." under C1
    support "The leaflet."

  except exceptional
    when necessary and ground includes safety
    permit after sign_off by 2 of inspector under C2, C1
      only by email
      disclose only grounds, name
      with reasons history
      report to board
      expires after 2 days

    except child
      when age below 18
      refuse "A child." under C1

rule suspects
  when recipient is enforcement and role only suspect
  permit at discretion under C2
)";

std::string complete(const std::string& changed = {}) {
  Json facts = *parse_json(
      R"({"action":"share","recipient":"enforcement","channel":"email","role":["victim"],)"
      R"("ground":["safety"],"necessary":true,"age":30,"leave":"not_asked"})");
  if (!changed.empty()) facts.update(*parse_json(changed));
  return facts.dump();
}

TEST(Decide, OrderOfForce) {
  const auto policy = policy_of(kVictims);
  EXPECT_EQ(ask(*policy, complete(R"({"necessary":false})")).rule, "victims-first");
  EXPECT_EQ(ask(*policy, complete()).rule, "victims-first/exceptional");
  EXPECT_EQ(ask(*policy, complete(R"({"age":17})")).rule, "victims-first/exceptional/child");
  EXPECT_EQ(ask(*policy, complete(R"({"age":18})")).rule, "victims-first/exceptional");
  EXPECT_EQ(ask(*policy, complete(R"({"age":17,"channel":"telephone"})")).rule, "by-telephone");
  EXPECT_EQ(ask(*policy, complete(R"({"recipient":"support_service"})")).rule, "default");
  const Decision suspect = ask(*policy, complete(R"({"role":["suspect"]})"));
  EXPECT_EQ(suspect.decision, Outcome::permit);
  EXPECT_TRUE(suspect.discretion);
  EXPECT_EQ(suspect.because, "Two.");  // a permit without words says its clause's
}

TEST(Decide, TheAnswerAsJson) {
  const auto policy = policy_of(kVictims);
  Json body = answer(*policy, ask(*policy, complete()));
  EXPECT_EQ(body["policy"]["digest"], policy->digest());
  body["policy"].erase("digest");
  EXPECT_EQ(body, *parse_json(R"({"decision":"sign_off","covered":true,"discretion":false,
    "rule":"victims-first/exceptional","rules":["victims-first/exceptional"],"because":"Two.",
    "clauses":[{"id":"C2","text":"Two.","source":"There","basis":"reported"},
               {"id":"C1","text":"One.","source":"","basis":"known"}],
    "sign_off":{"rank":"inspector","count":2},
    "conditions":{"channel":["email"],"disclose":["name","grounds"],"report_to":["board"],
                  "notify":[],"reasons":["history"],"expires_after":"PT48H"},
    "support":[],"missing":[],"policy":{"id":"p","version":"1"}})"));
  const Decision refused = ask(*policy, complete(R"({"channel":"telephone"})"));
  EXPECT_EQ(refused.conditions.notify, std::vector<std::string>{"board"});
  EXPECT_EQ(answer(*policy, refused)["sign_off"], Json());
  EXPECT_EQ(expiry_hours(ask(*policy, complete()).conditions), 48);
}

TEST(Decide, AnotherChannelIsARefusalThatSaysSo) {
  const Decision decision = ask(*policy_of(kVictims), complete(R"({"channel":"in_person"})"));
  EXPECT_EQ(decision.decision, Outcome::refuse);
  EXPECT_EQ(decision.rule, "victims-first/exceptional");
  EXPECT_EQ(decision.because, "This is allowed by no other channel than: E-mail.");
  EXPECT_EQ(decision.conditions, Conditions{});
  EXPECT_FALSE(decision.sign_off);
}

TEST(Decide, SilenceIsAnUncoveredRefusal) {
  const std::string text =
      "policy p version 1\n  uses vocabulary small 1\n  default not_covered \"Silent.\"\n"
      "    support \"Ask the desk.\"\n";
  const auto policy = Policy::parse("p.policy", text, "small-1.vocabulary", kWords);
  ASSERT_TRUE(policy);
  const Decision decision = ask(**policy, "{}");
  EXPECT_EQ(decision.decision, Outcome::refuse);
  EXPECT_FALSE(decision.covered);
  EXPECT_EQ(decision.rule, "default");
  EXPECT_EQ(decision.support, std::vector<std::string>{"Ask the desk."});
}

TEST(Decide, ContradictingRulesRefuse) {
  const Decision decision = ask(*policy_of("rule a when necessary permit under C1\n"
                                           "rule b when age above 60 refuse \"Old.\" under C2\n"),
                                R"({"necessary":true,"age":61})");
  EXPECT_EQ(decision.decision, Outcome::refuse);
  EXPECT_EQ(decision.because,
            "These rules contradict each other here, so it is refused until the policy is mended: "
            "a, b.");
}

TEST(Decide, AMissingFactNeverPermits) {
  const auto policy = policy_of(kVictims);
  const Decision open = ask(*policy, R"({"recipient":"enforcement","role":["victim"],"age":30})");
  EXPECT_EQ(open.decision, Outcome::undetermined);
  EXPECT_EQ(open.rule, "");
  EXPECT_EQ(open.missing, (std::vector<std::string>{"channel", "ground", "necessary"}));
  // The channel no longer matters: it is refused by each.
  const Decision settled =
      ask(*policy, R"({"recipient":"enforcement","role":["victim"],"necessary":false,)"
                   R"("channel":"email"})");
  EXPECT_EQ(settled.decision, Outcome::refuse);
  EXPECT_EQ(settled.rule, "victims-first");
}

TEST(Decide, WhatAnswersInEveryCompletionIsNamed) {
  const auto policy = policy_of(
      "never a when necessary refuse \"A.\" under C1\n"
      "never b when age above 60 refuse \"B.\" under C2\n"
      "never c when action is call refuse \"C.\" under C2\n");
  const Decision both = ask(*policy, R"({"age":70,"action":"call"})");
  EXPECT_EQ(both.rules, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(both.because, "B.");
  const Decision one = ask(*policy, R"({"necessary":true})");
  EXPECT_EQ(one.rules, std::vector<std::string>{"a"});
  const Decision any = ask(*policy, R"({"action":"share"})");
  EXPECT_EQ(any.decision, Outcome::refuse);
  EXPECT_EQ(any.rules, (std::vector<std::string>{"a", "b", "default"}));
  EXPECT_EQ(any.because,
            "Whatever the missing facts are, one of these holds: A. / B. / Nothing allows this.");
}

TEST(Decide, EachBodyThatANeverTellsIsTold) {
  const Decision decision =
      ask(*policy_of("never a when necessary refuse \"A.\" under C1 notify officer\n"
                     "never b when age above 60 refuse \"B.\" under C2 notify board\n"),
          R"({"necessary":true,"age":61})");
  EXPECT_EQ(decision.rules, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(decision.because, "A.");
  EXPECT_EQ(decision.conditions.notify, (std::vector<std::string>{"board", "officer"}));
}

TEST(Decide, TheImpossibleHelpsARefusalButNeverAPermit) {
  // Facts: a ground of offence cannot be without the role of suspect.
  const char* const facts = R"({"role":["victim"],"ground":{"nationality":false,"safety":false}})";
  const auto refuses = policy_of("rule r when ground includes offence permit under C1\n");
  EXPECT_EQ(ask(*refuses, facts).decision, Outcome::refuse);
  const auto permits = policy_of("rule r when not ground includes offence permit under C1\n");
  const Decision open = ask(*permits, facts);
  EXPECT_EQ(open.decision, Outcome::undetermined);
  EXPECT_EQ(open.missing, std::vector<std::string>{"ground"});
}

TEST(Decide, TheBestQuestionComesFirst) {
  // Whatever the age is, necessity alone may settle it; age never does.
  const auto policy = policy_of(
      "rule r when necessary and (age above 60 or action is call)\n"
      "  permit under C1\n");
  EXPECT_EQ(ask(*policy, "{}").missing, (std::vector<std::string>{"necessary", "action", "age"}));
}

TEST(Decide, FactsOfAnotherVocabularyCountAsMissing) {
  EXPECT_EQ(policy_of(kVictims)->decide(Facts()).decision, Outcome::undetermined);
}

TEST(Decide, OutcomesAreEqualForEqualAnswers) {
  const auto policy = policy_of(kVictims);
  const Facts facts = facts_of(*policy, complete());
  const OutcomeId id = policy->evaluate(facts);
  ASSERT_LT(id, policy->outcome_count());
  EXPECT_EQ(policy->outcome(id).rule, policy->decide(facts).rule);
  EXPECT_EQ(policy->evaluate(facts_of(*policy, complete(R"({"age":31})"))), id);
}

TEST(Digest, KnowsTheWordsAndNotTheLayout) {
  const std::string rules =
      "rule r when necessary permit under C1\n"
      "  except e when age below 18 refuse \"No, really.\" under C1\n"
      "    except f when age below 16 permit under C1\n";
  const std::string digest = policy_of(rules)->digest();
  const std::string laid_out =
      "# a comment\nrule r\n when necessary\n permit under C1\n"
      "   except e when age\n below 18 refuse \"No,\n     really.\" under C1\n"
      "       except f when age below 16 permit under C1 # other\n";
  EXPECT_EQ(policy_of(laid_out)->digest(), digest);
  // The same words, but `f` is now an exception of `r`.
  const std::string other =
      "rule r when necessary permit under C1\n"
      "  except e when age below 18 refuse \"No, really.\" under C1\n"
      "  except f when age below 16 permit under C1\n";
  EXPECT_NE(policy_of(other)->digest(), digest);
  EXPECT_NE(policy_of(rules, std::string(kWords) + "bodies third\n")->digest(), digest);
}

}  // namespace
}  // namespace firebreak::policy::testing
