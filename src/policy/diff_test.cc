// SPDX-License-Identifier: Apache-2.0
#include "policy/diff.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "policy/diff_test_support.h"
#include "policy/generated.h"

namespace firebreak::policy::testing {
namespace {

TEST(Diff, SaysWhereInFewWords) {
  const Diff diff = diff_of("rule a when action is share\n permit under C1\n",
                            "rule a when action is share\n permit under C1\n"
                            " except b when role includes any of victim, witness or age below 18\n "
                            " refuse \"no\" under C2\n");
  ASSERT_EQ(diff.groups.size(), 1U);
  ASSERT_EQ(diff.groups[0].regions.size(), 1U);
  const DiffRegion& region = diff.groups[0].regions[0];
  EXPECT_EQ(region.where,
            "action is share and (role includes any of victim, witness or age at most 17)");
  EXPECT_EQ(region.sides[0].rules, std::vector<std::string>{"a"});
  EXPECT_EQ(region.sides[1].rules, std::vector<std::string>{"a/b"});
  EXPECT_EQ(region.sides[1].clauses, std::vector<std::string>{"C2"});
  EXPECT_EQ(region.left, 0);
  EXPECT_EQ(region.situations, diff.differing);
  EXPECT_EQ(region.witness.dump(), R"({"action":"share","role":["victim"]})");
}

TEST(Diff, ConditionsAloneAreSaidToBeThat) {
  const Diff diff = diff_of("rule a when action is share\n permit under C1\n",
                            "rule a when action is share\n permit under C1\n report to board\n");
  ASSERT_EQ(diff.groups.size(), 1U);
  EXPECT_TRUE(diff.groups[0].conditions_only);
  EXPECT_NE(text(diff).find("reported to board"), std::string::npos);
}

std::array<std::string, 2> grid_attributes(const Diff& diff) {
  if (!diff.grid) return {};
  return {diff.words.attributes[diff.grid->attributes[0]].name,
          diff.words.attributes[diff.grid->attributes[1]].name};
}

TEST(Diff, ThePictureIsOfActionsAndRecipients) {
  const Diff diff = diff_of(
      "rule a when action is share and recipient is enforcement\n"
      " permit under C1\n",
      "rule a when action is share and necessary\n permit under C1\n");
  EXPECT_EQ(grid_attributes(diff), (std::array<std::string, 2>{"action", "recipient"}));
}

TEST(Diff, WithoutThemThePictureIsOfWhatTheDifferenceDependsOnMost) {
  const Diff diff = diff_of("rule a when channel is email and leave is held\n permit under C1\n",
                            "rule a when channel is email and leave is held\n permit under C1\n"
                            "rule b when channel is telephone and leave is not held\n"
                            " and (necessary or age below 100)\n permit under C1\n");
  EXPECT_EQ(grid_attributes(diff), (std::array<std::string, 2>{"channel", "leave"}));
  EXPECT_FALSE(diff_of("", "rule a when channel is email\n permit under C1\n").grid);
}

TEST(Diff, WordsAndRulesDoNotCount) {
  EXPECT_TRUE(diff_of("rule a when action is share\n permit under C1\n",
                      "rule other when not action is call\n permit \"why\" under C2\n")
                  .groups.empty());
}

TEST(Diff, OtherVocabularyIsAnError) {
  const auto a = policy_of("");
  std::string words = kWords;
  words.replace(words.find("in_person"), 9, "by_letter");
  const Result<Diff> diff = compare(*a, *policy_of("", words));
  ASSERT_FALSE(diff.ok());
  EXPECT_EQ(diff.error().code, ErrorCode::bad_input);
  words = kWords;
  words.replace(words.find("not role includes suspect"), 25, "not role includes victim ");
  EXPECT_FALSE(compare(*a, *policy_of("", words)).ok());
}

// The counts of situations, each added by itself, beside those of the diagrams.
struct SlowCounts {
  DiffCounts all;
  std::map<std::pair<int32_t, int32_t>, DiffCounts> cells;

  void add(const Diff& diff, const Facts& facts, const Answers& answers) {
    count(all, answers);
    if (!diff.grid) return;
    const auto value = [&](size_t i) {
      return facts[diff.words.attributes[diff.grid->attributes[i]].first_slot];
    };
    count(cells[{value(0), value(1)}], answers);
  }
  static void count(DiffCounts& counts, const Answers& answers) {
    counts.situations += 1;
    if (same_answer(answers[0], answers[1])) return;
    const auto place = [](const Decision& answer) {
      constexpr std::array kOrder = {Outcome::refuse, Outcome::sign_off, Outcome::permit};
      return std::ranges::find(kOrder, answer.decision) - kOrder.begin();
    };
    const auto [a, b] = std::pair(place(answers[0]), place(answers[1]));
    (a == b ? counts.otherwise : (a < b ? counts.looser : counts.stricter)) += 1;
  }
};

void check_same_counts(const DiffCounts& one, const DiffCounts& other) {
  RC_ASSERT(one.situations == other.situations);
  RC_ASSERT(one.stricter == other.stricter);
  RC_ASSERT(one.looser == other.looser);
  RC_ASSERT(one.otherwise == other.otherwise);
}

void check_counts(const Diff& diff, SlowCounts& slow) {
  check_same_counts(diff.kinds, slow.all);
  RC_ASSERT(diff.kinds.differing() == diff.differing);
  if (!diff.grid) return;
  for (size_t row = 0; row < diff.grid->cells.size(); ++row) {
    for (size_t column = 0; column < diff.grid->cells[row].size(); ++column) {
      check_same_counts(diff.grid->cells[row][column],
                        slow.cells[{static_cast<int32_t>(row), static_cast<int32_t>(column)}]);
    }
  }
}

// Every situation, one by one, and each witness.
void check_every_situation(const Diff& diff, const Policy& a, const Policy& b) {
  std::vector<std::vector<size_t>> counts;
  counts.reserve(diff.groups.size());
  for (const DiffGroup& group : diff.groups) counts.emplace_back(group.regions.size(), 0U);
  size_t situations = 0;
  size_t differing = 0;
  SlowCounts slow;
  const auto all = completions(a.vocabulary(), Facts(a.vocabulary()), 1U << 16U);
  for (const Facts& one : *all) {
    if (!possible(a.compiled().vocabulary, one)) continue;
    const Answers answers =
        situations++ % 32 == 0 ? slow_answers(a, b, one) : fast_answers(a, b, one);
    differing += !same_answer(answers[0], answers[1]);
    slow.add(diff, one, answers);
    RC_ASSERT(right_about(diff, a.vocabulary(), one, answers, &counts));
  }
  RC_ASSERT(diff.situations == situations);
  RC_ASSERT(diff.differing == differing);
  check_counts(diff, slow);
  for (size_t i = 0; i < diff.groups.size(); ++i) {
    for (size_t j = 0; j < diff.groups[i].regions.size(); ++j) {
      const DiffRegion& region = diff.groups[i].regions[j];
      RC_ASSERT(region.situations == counts[i][j]);
      const auto facts = a.read_facts(region.witness);
      RC_ASSERT(facts.ok());
      for (const auto& [side, policy] : {std::pair(0, &a), std::pair(1, &b)}) {
        const Decision answer = policy->decide(facts_for(policy->vocabulary(), *facts));
        RC_ASSERT(one_of_these(region.sides[static_cast<size_t>(side)].answers, answer));
      }
    }
    RC_ASSERT(diff.groups[i].regions.back().left == 0);
  }
}

RC_GTEST_PROP(Diff, RegionsAreExactlyWhatDiffers, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string first = draw.policy(1 + draw.below(2));
  const std::string second = draw.policy(1 + draw.below(2));
  RC_LOG() << words << first << second;
  const auto a = *Policy::parse("p.policy", first, "small-1.vocabulary", words);
  const auto b = *Policy::parse("p.policy", second, "small-1.vocabulary", words);
  const Diff diff = diff_of(*a, *b);
  RC_LOG() << text(diff);
  check_every_situation(diff, *a, *b);
}

RC_GTEST_PROP(Diff, WithItselfIsEmptyAndBothWaysTheSame, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const auto read = [&] {
    return *Policy::parse("p.policy", draw.policy(1 + draw.below(2)), "small-1.vocabulary", words);
  };
  const auto a = read();
  const auto b = read();
  RC_ASSERT(diff_of(*a, *a).groups.empty());
  const Diff there = diff_of(*a, *b);
  const Diff back = diff_of(*b, *a);
  RC_ASSERT(there.differing == back.differing);
  RC_ASSERT(there.groups.size() == back.groups.size());
  for (const DiffGroup& group : there.groups) {
    RC_ASSERT(std::ranges::any_of(back.groups, [&](const DiffGroup& other) {
      return group.situations == other.situations &&
             group.answers[0].decision == other.answers[1].decision &&
             group.answers[1].decision == other.answers[0].decision;
    }));
  }
}

using NamedRules =
    std::map<std::string,
             std::array<std::pair<std::vector<std::string>, std::vector<std::string>>, 2>>;

// The rules and clauses of either side, by region.
NamedRules named_rules(const Diff& diff) {
  NamedRules out;
  for (const DiffGroup& group : diff.groups) {
    for (const DiffRegion& region : group.regions) {
      for (size_t side = 0; side < 2; ++side) {
        out[region.where][side] = {region.sides[side].rules, region.sides[side].clauses};
      }
    }
  }
  return out;
}

// However a policy's outcomes are told apart, the rules named are those that answer in the region.
RC_GTEST_PROP(Diff, NamesTheSameRulesByKind, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string first = draw.policy(2);
  const std::string second = draw.policy(2);
  RC_LOG() << words << first << second;
  const auto a = *Policy::parse("p.policy", first, "small-1.vocabulary", words);
  const auto b = *Policy::parse("p.policy", second, "small-1.vocabulary", words);
  const Diff expected = diff_of(*a, *b);
  RC_LOG() << text(expected);
  const auto beside = draw.below(2) == 0 ? by_kind(*b) : b;
  RC_ASSERT(named_rules(diff_of(*by_kind(*a), *beside)) == named_rules(expected));
}

TEST(Diff, APolicyWithTooManySetsOfRulesNamesThoseThatAnswer) {
  const auto [words, rules] = free_rules();
  const auto a = policy_of(rules, words);
  ASSERT_TRUE(a->compiled().by_kind);
  const auto b =
      policy_of(rules + "never n when s includes all of m3, m7 refuse \"no\" under C2\n", words);
  const Diff diff = diff_of(*a, *b);
  ASSERT_EQ(diff.groups.size(), 1U);
  ASSERT_EQ(diff.groups[0].regions.size(), 1U);
  EXPECT_EQ(diff.groups[0].regions[0].sides[0].rules.size(), 32U);
  EXPECT_EQ(diff.groups[0].regions[0].sides[1].rules, std::vector<std::string>{"n"});
  const Diff alone = diff_of(*policy_of("", words),
                             *policy_of(rules + "never n when s includes any of m0, m1, m2, m3 "
                                                "refuse \"no\" under C2\n",
                                        words));
  ASSERT_EQ(alone.groups.size(), 1U);
  EXPECT_EQ(alone.groups[0].regions[0].sides[1].rules.size(), 28U);
}

// What the description says reads back as a condition that means the same.
RC_GTEST_PROP(Diff, DescriptionsAreConditionsOfTheLanguage, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string first = draw.policy(2);
  const auto a = *Policy::parse("p.policy", first, "small-1.vocabulary", words);
  const auto b = *Policy::parse("p.policy", draw.policy(2), "small-1.vocabulary", words);
  const Diff diff = diff_of(*a, *b);
  for (const DiffGroup& group : diff.groups) {
    for (const DiffRegion& region : group.regions) {
      if (region.where == "anything at all") continue;
      RC_LOG() << words << region.where;
      const auto read = Policy::parse(
          "p.policy", first + "assert \"r\" always refuse when " + region.where + "\n",
          "small-1.vocabulary", words);
      RC_ASSERT(read.ok());
      const Condition& when = (*read)->compiled().model.assertions[0].when;
      for (int i = 0; i < 50; ++i) {
        const Facts facts = draw.facts(a->vocabulary(), 0);
        RC_ASSERT(holds(when, a->vocabulary(), facts) ==
                  holds(region.condition, a->vocabulary(), facts));
      }
    }
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
