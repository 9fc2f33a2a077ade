// SPDX-License-Identifier: Apache-2.0
// Explanations against the slow evaluator, and what may be said to whom.
#include "policy/explain.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "policy/generated.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

struct Named {
  std::set<std::string> sure;  // answers whatever the missing facts are
  std::set<std::string> may;   // answers for some of them
};

void gather(const Model& model, const RuleView& view, Named& out) {
  if (view.answers == Holds::yes) out.sure.insert(model.rules[view.rule].name);
  if (view.answers != Holds::no) out.may.insert(model.rules[view.rule].name);
  for (const RuleView& except : view.excepts) gather(model, except, out);
}

Named named_by(const Policy& policy, const Explanation& why) {
  Named out;
  for (const RuleView& view : why.rules) gather(policy.compiled().model, view, out);
  return out;
}

bool all_in(const std::set<std::string>& few, const std::set<std::string>& many) {
  return std::includes(many.begin(), many.end(), few.begin(), few.end());
}

// Complete facts: each rule and each test stands as the slow evaluator has it.
void compare_view(const Policy& policy, const Facts& facts, const RuleView& view, bool above) {
  const Model& model = policy.compiled().model;
  const Rule& rule = model.rules[view.rule];
  const bool own = holds(rule.when, policy.vocabulary(), facts);
  RC_ASSERT(view.applies == (above && own ? Holds::yes : Holds::no));
  RC_ASSERT(view.reason.holds == (own ? Holds::yes : Holds::no));
  if (view.applies == Holds::yes) {
    RC_ASSERT((view.answers == Holds::no) == !view.overridden_by.empty());
  }
  for (const RuleView& except : view.excepts) {
    compare_view(policy, facts, except, view.applies == Holds::yes);
  }
}

// What is kept of a condition bears out what is said of it.
void deciding_parts_bear_it_out(const Reason& reason) {
  if (reason.attribute) return;
  RC_ASSERT(reason.parts.size() > 1);
  for (const Reason& part : reason.parts) deciding_parts_bear_it_out(part);
}

RC_GTEST_PROP(Explain, NamesTheRulesThatDecideNames, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text_of_policy = draw.policy(1 + draw.below(5));
  RC_LOG() << words << text_of_policy;
  const auto policy = Policy::parse("p.policy", text_of_policy, "small-1.vocabulary", words);
  RC_ASSERT(policy.ok());
  for (int i = 0; i < 20; ++i) {
    const bool complete = i % 2 == 0;
    const Facts facts = settled_facts((*policy)->vocabulary(), draw, complete ? 0 : 30);
    if (!refuse_impossible((*policy)->compiled(), facts)) continue;
    RC_LOG() << (*policy)->facts_json(facts).dump() << "\n";
    const Explanation why = explain(**policy, facts, Advice::whole_policy);
    const Decision decision = (*policy)->decide(facts);
    RC_ASSERT(answer(**policy, why.decision) == answer(**policy, decision));
    RC_ASSERT(!text(**policy, why).empty());
    RC_ASSERT(explanation_json(**policy, why).is_object());
    for (const RuleView& view : why.rules) deciding_parts_bear_it_out(view.reason);
    if (decision.decision == Outcome::undetermined) {
      RC_ASSERT(why.open.size() == decision.missing.size());
      for (const OpenFact& open : why.open) RC_ASSERT(!open.rules.empty());
      continue;
    }
    std::set<std::string> rules(decision.rules.begin(), decision.rules.end());
    rules.erase("default");
    const Named named = named_by(**policy, why);
    RC_ASSERT(all_in(named.sure, rules));
    RC_ASSERT(all_in(rules, named.may));
    if (!facts.complete()) continue;
    RC_ASSERT(named.sure == rules);
    RC_ASSERT(named.may == rules);
    for (const RuleView& view : why.rules) compare_view(**policy, facts, view, true);
  }
}

constexpr const char* kMarked = R"(vocabulary small version 1
attribute recipient one of
  question "To whom?"
  choice
  enforcement "Enforcement"
  service "A support service"
attribute channel one of
  question "How?"
  choice
  email "E-mail"
  telephone "Telephone"
attribute role any of, at least one
  question "What is the person's part?"
  victim "Victim"
  suspect "Suspect"
attribute necessary yes/no
  question "Is it necessary?"
  finding
ranks constable, chief
fields name text
bodies board
reasons history
)";

constexpr const char* kRules = R"(
never by-telephone
  when recipient is enforcement and channel is telephone
  refuse "Not by telephone." under C2
rule victims
  when recipient is enforcement and role includes victim
  refuse "A victim first." under C1
  except needed
    when necessary
    permit after sign_off by chief under C2
rule suspects
  when recipient is enforcement and role only suspect
  permit under C2
    only by email
)";

Explanation explained(const Policy& policy, const std::string& facts,
                      Advice advice = Advice::towards_refusal) {
  return explain(policy, facts_of(policy, facts), advice);
}

TEST(Explain, SaysWhatOverridesWhatAndWhy) {
  const auto policy = policy_of(kRules, kMarked);
  EXPECT_EQ(text(*policy, explained(*policy, R"({"recipient": "enforcement", "channel": "telephone",
                                   "role": ["victim"], "necessary": true})")),
            R"(Answer: refuse
  Not by telephone.

What applies
  never by-telephone: refuses (C2) - applies, and answers
      [yes] all of these:
        [yes] To whom? is "Enforcement"
        [yes] How? is "Telephone"
  rule victims: refuses (C1) - applies, but is overridden by by-telephone
      [yes] all of these:
        [yes] To whom? is "Enforcement"
        [yes] What is the person's part? includes "Victim"
    except victims/needed: permits after a sign-off (C2) - applies, but is overridden by by-telephone
        [yes] Is it necessary? is "Yes"
  1 other rule does not apply.

The clauses
  C2: Two.
    basis: reported; source: There
)");
}

TEST(Explain, AnExceptionOverItsRule) {
  const auto policy = policy_of(kRules, kMarked);
  const Explanation why = explained(*policy, R"({"recipient": "enforcement", "channel": "email",
                                   "role": ["victim"], "necessary": true})");
  ASSERT_EQ(why.rules.size(), 1U);
  EXPECT_EQ(why.rules[0].overridden_by, std::vector<std::string>{"victims/needed"});
  EXPECT_EQ(why.rules[0].excepts[0].answers, Holds::yes);
}

TEST(Explain, TheChannelThatTurnsAPermitIntoARefusal) {
  const auto policy = policy_of(R"(
rule suspects
  when role only suspect
  permit under C2
    only by email
)",
                                kMarked);
  const Explanation why = explained(*policy, R"({"channel": "telephone", "role": ["suspect"]})");
  EXPECT_EQ(why.decision.decision, Outcome::refuse);
  EXPECT_TRUE(why.off_channel);
  EXPECT_NE(text(*policy, why).find("not by this channel"), std::string::npos);
}

TEST(Explain, TheDefaultWhenNothingApplies) {
  const auto policy = policy_of(kRules, kMarked);
  const std::string said = text(*policy, explained(*policy, R"({"recipient": "service"})"));
  EXPECT_NE(said.find("No rule applies, so the default answers."), std::string::npos);
  EXPECT_NE(said.find("3 other rules do not apply."), std::string::npos);
}

TEST(Explain, AMissingFactSaysWhichRulesHangOnIt) {
  const auto policy = policy_of(kRules, kMarked);
  const std::string facts =
      R"({"recipient": "enforcement", "channel": "email", "role": ["victim"]})";
  const Explanation why = explained(*policy, facts);
  ASSERT_EQ(why.open.size(), 1U);
  EXPECT_EQ(why.open[0].rules, std::vector<std::string>{"victims/needed"});
  EXPECT_EQ(why.open[0].clauses, std::vector<std::string>{"C2"});
  EXPECT_TRUE(why.open[0].values.empty());
  const Explanation whole = explained(*policy, facts, Advice::whole_policy);
  ASSERT_EQ(whole.open[0].values.size(), 2U);
  EXPECT_EQ(whole.open[0].values[1].second, std::vector<Verdict>{Verdict::sign_off});
}

TEST(Explain, NeverSaysTheWayToADisclosureUnlessTheWholePolicyIsAskedFor) {
  const auto policy = policy_of(kRules, kMarked);
  const std::string facts = R"({"recipient": "enforcement", "channel": "email",
                                "role": ["victim"], "necessary": false})";
  EXPECT_TRUE(explained(*policy, facts).choices.empty());
  EXPECT_TRUE(explained(*policy, facts).record.empty());
  const Explanation whole = explained(*policy, facts, Advice::whole_policy);
  ASSERT_EQ(whole.choices.size(), 1U);
  EXPECT_EQ(whole.choices[0].answer, Verdict::sign_off);
  ASSERT_EQ(whole.record.size(), 1U);
  EXPECT_EQ(whole.record[0].answer, Verdict::permit);
  const std::string said = text(*policy, whole);
  EXPECT_NE(said.find("The policy's text says, and this is no advice, that it would need a "
                      "sign-off (C2) if\n"
                      "    - an honest finding: Is it necessary? \"Yes\", not \"No\"\n"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("The answer would be another, it would be allowed (C2), if the record "
                      "said\n    - What is the person's part? \"Suspect\", not \"Victim\"\n"),
            std::string::npos)
      << said;
}

TEST(Explain, TheWayToARefusalIsAlwaysSaid) {
  const auto policy = policy_of(kRules, kMarked);
  const std::string said =
      text(*policy, explained(*policy, R"({"recipient": "enforcement", "channel": "email",
                                           "role": ["suspect"], "necessary": false})"));
  EXPECT_NE(said.find("It would be refused (C1) if\n    - To whom? \"A support service\", "
                      "not \"Enforcement\"\n"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("It would be refused (C2) if\n    - How? \"Telephone\""), std::string::npos)
      << said;
}

}  // namespace
}  // namespace firebreak::policy::testing
