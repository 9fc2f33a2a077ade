// SPDX-License-Identifier: Apache-2.0
// The nearest other answers against every situation, one by one.
#include "policy/nearest.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "policy/generated.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

// Which attributes differ from what is given.
std::vector<uint32_t> differing(const Vocabulary& words, const Policy::Compiled& compiled,
                                const Facts& given, const Facts& other) {
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < words.attributes.size(); ++i) {
    const Attribute& attribute = words.attributes[i];
    bool differs = false;
    for (size_t k = 0; k < attribute.slots(); ++k) {
      const size_t slot = attribute.first_slot + k;
      if (given[slot] == Facts::kMissing || other[slot] == given[slot]) continue;
      // Numbers of one band are one situation, and what has no level cannot matter.
      const auto level = compiled.space.level_of(slot);
      differs |= level && compiled.space.value_at(*level, given[slot]) !=
                              compiled.space.value_at(*level, other[slot]);
    }
    if (differs) out.push_back(i);
  }
  return out;
}

struct Slow {
  size_t changes = SIZE_MAX;
  std::set<std::vector<uint32_t>> ways;
};

std::map<Verdict, Slow> slow_nearest(const Policy::Compiled& compiled,
                                     const std::vector<std::pair<Facts, Verdict>>& all,
                                     const Facts& facts, const std::vector<bool>& may_change) {
  std::map<Verdict, Slow> out;
  for (const auto& [one, kind] : all) {
    const auto changed = differing(compiled.vocabulary.words, compiled, facts, one);
    if (!std::all_of(changed.begin(), changed.end(), [&](uint32_t i) { return may_change[i]; })) {
      continue;
    }
    Slow& best = out[kind];
    if (changed.size() > best.changes) continue;
    if (changed.size() < best.changes) best = {changed.size(), {}};
    best.ways.insert(changed);
  }
  return out;
}

void compare_nearest(const Policy& policy, const Facts& facts, const std::vector<bool>& may_change,
                     const std::map<Verdict, Slow>& expected) {
  const Policy::Compiled& compiled = policy.compiled();
  const std::vector<Nearest> got = nearest(compiled, facts, may_change);
  RC_ASSERT(got.size() == expected.size());
  for (const Nearest& near : got) {
    const Slow& slow = expected.at(near.answer);
    RC_ASSERT(near.changes == slow.changes);
    RC_ASSERT(near.ways.size() == std::min(kMostWays, slow.ways.size()));
    std::set<std::vector<uint32_t>> distinct;
    for (const Way& way : near.ways) {
      RC_ASSERT(slow.ways.contains(way.changed));
      RC_ASSERT(distinct.insert(way.changed).second);
      RC_ASSERT(differing(policy.vocabulary(), compiled, facts, way.facts) == way.changed);
      // What the way says settles the answer.
      RC_ASSERT(refuse_impossible(compiled, way.facts).ok());
      const auto all = completions(policy.vocabulary(), way.facts, size_t{1} << 16U);
      for (const Facts& one : *all) {
        if (!possible(compiled.vocabulary, one)) continue;
        RC_ASSERT(verdict_of(policy.decide(one)) == near.answer);
      }
    }
  }
}

// 100 policies with 12 situations each.
RC_GTEST_PROP(Nearest, IsWhatTryingEverySituationFinds, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(1 + draw.below(5));
  RC_LOG() << words << text;
  const auto policy = Policy::parse("p.policy", text, "small-1.vocabulary", words);
  RC_ASSERT(policy.ok());
  const Policy::Compiled& compiled = (*policy)->compiled();
  std::vector<std::pair<Facts, Verdict>> all;
  auto situations =
      completions((*policy)->vocabulary(), Facts((*policy)->vocabulary()), size_t{1} << 16U);
  for (Facts& one : *situations) {
    if (!possible(compiled.vocabulary, one)) continue;
    const Applied applied = applied_rules(compiled.model, compiled.vocabulary.words, one);
    const Decision decision = describe(compiled.model, compiled.vocabulary.words, applied);
    all.emplace_back(std::move(one), verdict_of(decision));
  }
  RC_PRE(!all.empty());
  for (size_t done = 0; done < 12;) {
    const Facts facts = settled_facts((*policy)->vocabulary(), draw, done % 3 == 0 ? 30 : 0);
    if (!refuse_impossible(compiled, facts)) continue;
    ++done;
    std::vector<bool> may_change((*policy)->vocabulary().attributes.size(), true);
    if (done % 2 == 0) {
      for (size_t i = 0; i < may_change.size(); ++i) may_change[i] = draw.chance(60);
    }
    // Settings are the force's, and no fact of the question.
    for (size_t i = 0; i < may_change.size(); ++i) {
      if ((*policy)->vocabulary().attributes[i].setting) may_change[i] = false;
    }
    RC_LOG() << (*policy)->facts_json(facts).dump() << "\n";
    compare_nearest(**policy, facts, may_change, slow_nearest(compiled, all, facts, may_change));
  }
}

TEST(Nearest, ASetCountsOnceAndANumberMovesNoFurtherThanItMust) {
  const auto policy = policy_of(
      "rule r when role includes all of victim, witness, suspect and age at least 18\n"
      "  permit under C1\n");
  const Facts facts =
      facts_of(*policy, R"({"role": ["victim"], "age": 10, "ground": [], "action": "share"})");
  const std::vector<bool> any(policy->vocabulary().attributes.size(), true);
  const std::vector<Nearest> near = nearest(policy->compiled(), facts, any);
  ASSERT_EQ(near.size(), 2U);
  EXPECT_EQ(near[0].answer, Verdict::refuse);
  EXPECT_EQ(near[0].changes, 0U);
  EXPECT_EQ(near[1].answer, Verdict::permit);
  EXPECT_EQ(near[1].changes, 2U);
  ASSERT_EQ(near[1].ways.size(), 1U);
  EXPECT_EQ(policy->facts_json(near[1].ways[0].facts).dump(),
            R"({"action":"share","age":18,"ground":[],"role":["victim","witness","suspect"]})");
}

TEST(Nearest, WhatMayNotChangeIsNotChanged) {
  const auto policy = policy_of("rule r when necessary permit under C1\n");
  const Facts facts = facts_of(*policy, R"({"necessary": "no"})");
  const std::vector<bool> none(policy->vocabulary().attributes.size(), false);
  ASSERT_EQ(nearest(policy->compiled(), facts, none).size(), 1U);
}

}  // namespace
}  // namespace firebreak::policy::testing
