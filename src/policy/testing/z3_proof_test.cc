// SPDX-License-Identifier: Apache-2.0
// Proofs against Z3: whether random statements about policies of named shapes hold, how many
// situations they speak of and how many break them, and whether the situation shown does.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "policy/prove.h"
#include "policy/test_support.h"
#include "policy/testing/shapes.h"
#include "policy/testing/z3_policy.h"

namespace firebreak::policy::testing {
namespace {

bool looks_at(const Condition& condition, uint32_t attribute) {
  if (condition.kind == Condition::Kind::test) return condition.attribute == attribute;
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return looks_at(part, attribute); });
}

// A situation is counted once for each value of a setting that something looks at.
bool counts_setting(const Policy::Compiled& compiled, uint32_t setting) {
  const Model& model = compiled.model;
  const auto in_rule = [&](const Rule& rule) {
    return looks_at(rule.when, setting) || rule.outcome.rank_setting == setting ||
           rule.outcome.count_setting == setting;
  };
  return std::any_of(model.rules.begin(), model.rules.end(), in_rule) ||
         std::any_of(model.assertions.begin(), model.assertions.end(),
                     [&](const Assertion& one) { return looks_at(one.when, setting); }) ||
         std::any_of(model.asked.begin(), model.asked.end(),
                     [&](const Condition& one) { return looks_at(one, setting); });
}

std::vector<size_t> counted_slots(const Policy::Compiled& compiled) {
  const std::vector<Attribute>& attributes = compiled.vocabulary.words.attributes;
  std::vector<size_t> out;
  for (uint32_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i].setting && !counts_setting(compiled, i)) continue;
    for (size_t k = 0; k < attributes[i].slots(); ++k) out.push_back(attributes[i].first_slot + k);
  }
  return out;
}

struct ProofCounts {
  size_t statements = 0;
  size_t hold = 0;
  size_t counted = 0;
};

// `scope`: what the statement speaks of; `bad`: what breaks it.
void compare_proof(const Proof& proof, const z3::expr& scope, const z3::expr& bad, Z3Policy& z3,
                   const std::vector<size_t>& slots, size_t most, ProofCounts& counts) {
  ++counts.statements;
  counts.hold += proof.holds();
  EXPECT_EQ(proof.holds(), !z3.can_be(bad)) << proof.statement;
  const std::optional<uint64_t> all = z3.count(scope, slots, most);
  const std::optional<uint64_t> against = z3.count(bad, slots, most);
  if (all && against) {
    ++counts.counted;
    EXPECT_EQ(proof.situations, std::to_string(*all)) << proof.statement;
    EXPECT_EQ(proof.against, std::to_string(*against)) << proof.statement;
  }
  if (proof.holds()) return;
  // Whatever the situation leaves open, it stands against the statement.
  const z3::expr there = z3.equal(proof.counterexample->facts);
  EXPECT_TRUE(z3.can_be(there && bad)) << proof.counterexample->witness;
  EXPECT_FALSE(z3.can_be(there && !bad)) << proof.counterexample->witness;
}

Statements statements_about(const std::vector<std::string>& when) {
  Statements out;
  out.claims = {"never permit when " + when[0],
                "never permit when " + when[1] + " unless after sign_off by mid",
                "never permit when " + when[2] + " unless after sign_off by 2 of low",
                "always refuse when " + when[3], "always permit when " + when[4]};
  out.implies = {{when[0], when[1]}, {when[2] + " and " + when[3], when[3]}};
  out.equivalent = {{when[4], when[5]}, {when[5], "not (not (" + when[5] + "))"}};
  return out;
}

// Counts are compared where they take Z3 at most so many questions.
void compare_proofs(const Shape& shape, uint64_t seed, ShapeSize size, size_t most,
                    ProofCounts& counts) {
  const ShapedPolicy drawn = draw_policy(shape, seed, size);
  SCOPED_TRACE(drawn.vocabulary + drawn.policy);
  const auto proved = prove_texts("p.policy", drawn.policy, kShapedVocabulary, drawn.vocabulary,
                                  statements_about(drawn.conditions));
  ASSERT_TRUE(proved.ok()) << proved.error().text();
  const Policy::Compiled& compiled = proved->policy->compiled();
  const Model& model = compiled.model;
  Z3Policy z3(model, compiled.vocabulary);
  const std::vector<size_t> slots = counted_slots(compiled);
  auto proof = proved->proofs.begin();
  for (const Assertion& assertion : model.assertions) {
    const z3::expr scope = z3.holds(assertion.when);
    compare_proof(*proof++, scope, scope && z3.breaks(assertion), z3, slots, most, counts);
  }
  for (size_t i = 0; i < model.asked.size(); i += 2) {
    const z3::expr a = z3.holds(model.asked[i]);
    const z3::expr b = z3.holds(model.asked[i + 1]);
    const bool equivalence = i >= 4;
    compare_proof(*proof++, equivalence ? a || b : a, equivalence ? a != b : a && !b, z3, slots,
                  most, counts);
  }
  EXPECT_TRUE(proof == proved->proofs.end());
}

TEST(Z3Proof, StatementsHoldForBothOrForNeither) {
  const bool all = long_run();
  ProofCounts counts;
  for (const Shape& shape : kShapes) {
    const auto index = static_cast<uint64_t>(&shape - kShapes.data());
    for (uint64_t number = 0; number < (all ? 40 : 2); ++number) {
      // Small ones can be counted; of large ones the answer is compared.
      const bool small = number % 2 == 0;
      compare_proofs(shape, (number << 8U) + index, small ? ShapeSize{4, 2} : ShapeSize{8, 0},
                     small ? 2000 : 0, counts);
      if (HasFailure()) return;
    }
  }
  std::cout << counts.statements << " statements decided alike, " << counts.hold
            << " of them hold, " << counts.counted << " counted alike\n";
  EXPECT_GT(counts.hold, counts.statements / 10);
  EXPECT_LT(counts.hold, counts.statements * 9 / 10);
  EXPECT_GT(counts.counted, counts.statements / 10);
}

}  // namespace
}  // namespace firebreak::policy::testing
