// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "policy/applied.h"
#include "policy/generated.h"
#include "policy/render_parts.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

// Each row says one kind of answer, no row is empty, no situation is in two, and each is in one
// whose kind is what the engine answers.
void check_rows(const Policy& policy) {
  Analysis analysis(policy.compiled());
  Diagram& diagram = analysis.diagram();
  const NodeId kinds = kinds_of(analysis);
  NodeId held = diagram.falsehood();
  for (const DecisionRow& row : decision_rows(analysis)) {
    ASSERT_EQ(row.kinds.size(), 1U);
    const NodeId same = diagram.map(kinds, [&](uint32_t kind) -> uint32_t {
      return kind == static_cast<uint32_t>(row.kinds[0]) ? 1 : 0;
    });
    EXPECT_FALSE(analysis.is_empty(row.holds));
    EXPECT_EQ(diagram.all_of(row.holds, same), row.holds);
    EXPECT_TRUE(analysis.is_empty(diagram.all_of(row.holds, held)));
    held = diagram.any_of(held, row.holds);
  }
  EXPECT_EQ(held, analysis.possible());
  EXPECT_FALSE(analysis.exhausted());
}

TEST(DecisionTable, OfEveryPackSaysWhatTheEngineAnswers) {
  size_t packs_seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(packs())) {
    if (entry.path().extension() != ".policy") continue;
    SCOPED_TRACE(entry.path().stem());
    const auto policy = Policy::load(entry.path());
    ASSERT_TRUE(policy) << policy.error().text();
    check_rows(**policy);
    check_rows(*by_kind(**policy));
    ++packs_seen;
  }
  EXPECT_GE(packs_seen, 4U);
}

TEST(DecisionTable, ChannelsMakeTwoRowsAndRowsThatHoldNothingGo) {
  const auto policy = policy_of(
      "never n when age below 18\n refuse \"no\" under C1\n"
      "rule a when action is share\n permit only by email under C1\n"
      " except b when role includes victim\n  refuse \"no\" under C2\n"
      " except c when age below 10\n  refuse \"no\" under C2\n");
  check_rows(*policy);
  Analysis analysis(policy->compiled());
  std::vector<std::string> shown;
  for (const DecisionRow& row : decision_rows(analysis)) {
    shown.push_back(rule_name(policy->compiled().model, row.rule) +
                    (row.channel ? " by channel" : "") + ": " + kind_label(row.kinds.at(0)));
  }
  EXPECT_EQ(shown, (std::vector<std::string>{"n: Refused", "a/b: Refused", "a by channel: Allowed",
                                             "a: Refused", "default: Refused"}));
}

// Whether the row applies, by the slow evaluator.
bool applies(const Policy::Compiled& compiled, const DecisionRow& row, const Facts& facts) {
  const Vocabulary& words = compiled.vocabulary.words;
  if (row.what == DecisionRow::What::fallback) return true;
  if (row.what == DecisionRow::What::conflict) {
    return in_conflict(compiled.model, applied_rules(compiled.model, words, facts));
  }
  if (row.channel && !holds(*row.channel, words, facts)) return false;
  for (std::optional<uint32_t> at = row.rule; at; at = compiled.model.rules[*at].parent) {
    if (!holds(compiled.model.rules[*at].when, words, facts)) return false;
  }
  return true;
}

RC_GTEST_PROP(DecisionTable, TheFirstRowThatAppliesAnswers, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(5);
  RC_LOG() << words << text;
  const auto policy = *Policy::parse("p.policy", text, "small-1.vocabulary", words);
  check_rows(*policy);
  const Policy::Compiled& compiled = policy->compiled();
  Analysis analysis(compiled);
  const std::vector<DecisionRow> rows = decision_rows(analysis);
  const auto all = situations_of(compiled, 1U << 16U);
  RC_PRE(all.has_value());
  for (size_t i = 0; i < all->size(); i += 1 + all->size() / 500) {
    const Facts& facts = (*all)[i];
    const auto first = std::ranges::find_if(
        rows, [&](const DecisionRow& row) { return applies(compiled, row, facts); });
    RC_ASSERT(first != rows.end());
    const Decision answer =
        describe(compiled.model, compiled.vocabulary.words,
                 applied_rules(compiled.model, compiled.vocabulary.words, facts));
    RC_ASSERT(first->kinds.at(0) == shown_kind(answer));
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
