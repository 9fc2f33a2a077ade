// SPDX-License-Identifier: Apache-2.0
// Large policies: they stay small, or are reported; and what they answer is what the slow evaluator
// answers, also where sets of rules are too many to be told apart.
#include "policy/growth.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "policy/analysis.h"
#include "policy/answering.h"
#include "policy/effects.h"
#include "policy/generated.h"
#include "policy/order.h"
#include "policy/sample.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

Result<std::shared_ptr<const Policy>> grown(std::string_view shape, size_t rules) {
  return Policy::parse("p.policy", GrowthText(shape, rules).policy(), "growth-1.vocabulary",
                       growth_vocabulary());
}

size_t nodes(const Policy& policy) {
  return policy.compiled().diagram.reachable(policy.compiled().answers).size();
}

TEST(Growth, StaysSmall) {
  for (const char* shape : kGrowing) {
    const auto policy = grown(shape, 100);
    ASSERT_TRUE(policy.ok()) << shape << ": " << policy.error().text();
    EXPECT_LT(nodes(**policy), 10'000U) << shape;
  }
  for (const char* shape : {"table", "nested"}) {
    const auto policy = grown(shape, 1000);
    ASSERT_TRUE(policy.ok()) << shape << ": " << policy.error().text();
    EXPECT_LT(nodes(**policy), 10'000U) << shape;
    EXPECT_FALSE((*policy)->compiled().by_kind) << shape;
  }
}

TEST(Growth, BlowUpsAreReportedWithWhatToChange) {
  const auto pairs = grown("pairs", 32);
  ASSERT_FALSE(pairs.ok());
  EXPECT_EQ(pairs.error().code, ErrorCode::too_large);
  EXPECT_NE(pairs.error().action.find("`wide0`"), std::string::npos) << pairs.error().action;
  EXPECT_NE(pairs.error().action.find("`wide1`"), std::string::npos) << pairs.error().action;
  EXPECT_NE(pairs.error().action.find("n0 (line 6)"), std::string::npos) << pairs.error().action;
}

// Facts that are tied together far apart: placed near each other they need few nodes.
TEST(Growth, TheOrderIsChosenAndAlwaysTheSame) {
  const auto policy = grown("scattered", 30);
  ASSERT_TRUE(policy.ok());
  const Policy::Compiled& compiled = (*policy)->compiled();
  const FactOrder order = choose_order(compiled.model, compiled.vocabulary);
  EXPECT_EQ(order, choose_order(compiled.model, compiled.vocabulary));
  const FactUses uses = uses_of(compiled.model, compiled.vocabulary);
  const auto size_in = [&](const FactOrder& in) {
    const Space space(compiled.vocabulary, uses, in);
    Diagram diagram(space.sizes(), kNodeBudget);
    AnsweringRules rules(diagram, space, compiled.model, compiled.vocabulary.words,
                         AnsweringRules::Keep::kinds);
    const NodeId root = rules.compile();
    EXPECT_FALSE(diagram.exhausted());
    return diagram.reachable(root).size();
  };
  EXPECT_LT(10 * size_in(order), size_in(order_by_use(compiled.model, compiled.vocabulary)));
}

TEST(ByKind, EveryRuleThatAnswersIsNamed) {
  const auto [words, rules] = free_rules();
  const auto policy = Policy::parse("p.policy", policy_text(rules), "v", words);
  ASSERT_TRUE(policy.ok()) << policy.error().text();
  EXPECT_TRUE((*policy)->compiled().by_kind);
  const auto facts = (*policy)->read_facts(*parse_json(R"({"s": ["m3", "m30"]})"));
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ((*policy)->decide(*facts).rules, (std::vector<std::string>{"r3", "r30"}));
  const auto some = (*policy)->read_facts(*parse_json(R"({"s": {"m3": true}})"));
  ASSERT_TRUE(some.ok());
  EXPECT_EQ((*policy)->decide(*some).rules, (std::vector<std::string>{"r3"}));
}

std::vector<std::string> in_order(std::vector<std::string> items) {
  std::sort(items.begin(), items.end());
  return items;
}

RC_GTEST_PROP(ByKind, AnswersAsTheSlowEvaluator, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(0, 8));
  RC_LOG() << words << text;
  const auto parsed = Policy::parse("p.policy", text, "small-1.vocabulary", words);
  RC_ASSERT(parsed.ok());
  const auto policy = by_kind(**parsed);
  RC_ASSERT(policy != nullptr);
  const Policy::Compiled& compiled = policy->compiled();
  for (const size_t missing : {0U, 0U, 0U, 0U, 30U, 30U, 30U, 60U}) {
    const Facts facts = settled_facts(compiled.vocabulary.words, draw, missing);
    if (!refuse_impossible(compiled, facts)) continue;
    const auto expected = reference_decide(compiled.model, compiled.vocabulary, facts, 1U << 14U);
    const Decision got = policy->decide(facts);
    RC_LOG() << policy->facts_json(facts).dump() << "\n"
             << answer(*policy, *expected).dump() << "\n"
             << answer(*policy, got).dump() << "\n";
    RC_ASSERT(same_answer(got, *expected));
    RC_ASSERT(in_order(got.missing) == in_order(expected->missing));
    RC_ASSERT(got.rules == expected->rules);
    RC_ASSERT(got.support == expected->support);
    if (facts.complete()) RC_ASSERT(got.because == expected->because);
  }
}

// The checker's findings do not hang on how outcomes are told apart.
RC_GTEST_PROP(ByKind, RulesHaveTheSameEffects, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(1, 8));
  RC_LOG() << words << text;
  const auto parsed = Policy::parse("p.policy", text, "small-1.vocabulary", words);
  RC_ASSERT(parsed.ok());
  const auto policy = by_kind(**parsed);
  RC_ASSERT(policy != nullptr);
  const auto expected = rule_effects((*parsed)->compiled());
  const auto got = rule_effects(policy->compiled());
  RC_ASSERT(got.has_value());
  for (size_t i = 0; i < got->size(); ++i) {
    RC_ASSERT((*got)[i].answers == (*expected)[i].answers);
    RC_ASSERT((*got)[i].leads == (*expected)[i].leads);
  }
  Analysis sets((*parsed)->compiled());
  Analysis kinds(policy->compiled());
  RC_ASSERT(contradictions(sets).empty() == contradictions(kinds).empty());
  for (const Contradiction& one : contradictions(kinds)) {
    const auto facts = kinds.witness(one.region);
    RC_ASSERT(facts.has_value());
    RC_ASSERT(contradict(policy->compiled().model, one.first, one.second));
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
