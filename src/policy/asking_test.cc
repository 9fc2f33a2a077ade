// SPDX-License-Identifier: Apache-2.0
#include "policy/asking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iomanip>
#include <iostream>

#include "policy/generated.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

// Every possible situation interviewed, one by one.
Effort slow_effort(const Policy& policy) {
  Effort out;
  double situations = 0;
  const auto all = completions(policy.vocabulary(), Facts(policy.vocabulary()), size_t{1} << 16U);
  for (const Facts& one : *all) {
    if (!possible(policy.compiled().vocabulary, one)) continue;
    ++situations;
    Facts known(policy.vocabulary());
    size_t asked = 0;
    while (const Attribute* next = next_question(policy.vocabulary(), policy.decide(known), {})) {
      ++asked;
      for (size_t i = 0; i < next->slots(); ++i) {
        known.set(next->first_slot + i, one[next->first_slot + i]);
      }
    }
    out.average += static_cast<double>(asked);
    out.worst = std::max(out.worst, asked);
    out.unanswered += policy.decide(known).decision == Outcome::undetermined ? 1 : 0;
  }
  if (situations == 0) return out;
  out.average /= situations;
  out.unanswered /= situations;
  return out;
}

// The slow way takes a while, so the policies are few.
TEST(Asking, TheCountIsWhatInterviewingEverySituationGives) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    Draw draw(seed);
    const std::string words = draw.vocabulary();
    const std::string text = draw.policy(1 + draw.below(3));
    const auto policy = Policy::parse("p.policy", text, "small-1.vocabulary", words);
    ASSERT_TRUE(policy) << policy.error().text();
    const Effort expected = slow_effort(**policy);
    const Effort got = interview_effort(**policy);
    EXPECT_TRUE(got.exact);
    EXPECT_EQ(got.worst, expected.worst) << words << text;
    EXPECT_NEAR(got.average, expected.average, 1e-6) << words << text;
    EXPECT_NEAR(got.unanswered, expected.unanswered, 1e-6) << words << text;
  }
}

TEST(Asking, AProtectedFactIsNotAskedFor) {
  const auto policy = policy_of("rule r when leave is held and necessary permit under C1\n");
  const Facts nothing(policy->vocabulary());
  const Attribute* next = next_question(policy->vocabulary(), policy->decide(nothing), {});
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(next->name, "necessary");
  EXPECT_EQ(next_question(policy->vocabulary(), policy->decide(nothing), {"necessary"}), nullptr);
  const Effort effort = interview_effort(*policy);
  EXPECT_TRUE(effort.exact);
  EXPECT_DOUBLE_EQ(effort.average, 1);
  EXPECT_EQ(effort.worst, 1U);
  EXPECT_DOUBLE_EQ(effort.unanswered, 0.5);
}

TEST(Asking, ALargePolicyIsSampled) {
  const auto policy = Policy::load(packs() / "psni-service-instruction.policy");
  ASSERT_TRUE(policy);
  const Effort exact = interview_effort(**policy);
  const Effort few = interview_effort(**policy, 3, 300);
  EXPECT_TRUE(exact.exact);
  EXPECT_FALSE(few.exact);
  EXPECT_EQ(few.sample, 300U);
  EXPECT_LE(few.worst, exact.worst);
  EXPECT_NEAR(few.average, exact.average, 0.4);
}

// The table of docs/policy-tools.md. An interview that got longer is looked at, not waved through.
TEST(Asking, EveryPackTakesFarFewerQuestionsThanThereAre) {
  for (const auto& entry : std::filesystem::directory_iterator(packs())) {
    if (entry.path().extension() != ".policy") continue;
    const auto policy = Policy::load(entry.path());
    ASSERT_TRUE(policy) << policy.error().text();
    const Effort effort = interview_effort(**policy);
    std::cout << "| " << (*policy)->id() << " | " << std::fixed << std::setprecision(2)
              << effort.average << " | " << effort.worst << " | " << effort.looked_at << " | "
              << effort.all << " |\n";
    EXPECT_TRUE(effort.exact) << (*policy)->id();
    EXPECT_LT(effort.average, static_cast<double>(effort.looked_at) / 2) << (*policy)->id();
    EXPECT_LE(effort.worst, effort.looked_at) << (*policy)->id();
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
