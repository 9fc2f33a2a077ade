// SPDX-License-Identifier: Apache-2.0
#include "policy/diff.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "policy/compile.h"
#include "policy/generated.h"
#include "policy/joint.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

Diff diff_of(const Policy& a, const Policy& b) {
  Result<Diff> diff = compare(a, b);
  if (!diff) {
    ADD_FAILURE() << diff.error().text();
    std::abort();
  }
  return *std::move(diff);
}
Diff diff_of(const std::string& a, const std::string& b) {
  return diff_of(*policy_of(a), *policy_of(b));
}

std::shared_ptr<const Policy> pack(const std::string& name) {
  auto policy = Policy::load(packs() / (name + ".policy"));
  if (!policy) {
    ADD_FAILURE() << policy.error().text();
    std::abort();
  }
  return *policy;
}

using Answers = std::array<Decision, 2>;

Decision slow_answer(const Policy& policy, const Facts& facts) {
  const Policy::Compiled& compiled = policy.compiled();
  const Vocabulary& words = compiled.vocabulary.words;
  return describe(compiled.model, words,
                  applied_rules(compiled.model, words, facts_for(words, facts)));
}
Answers slow_answers(const Policy& a, const Policy& b, const Facts& facts) {
  return {slow_answer(a, facts), slow_answer(b, facts)};
}
// What the diagrams answer, which other tests hold against the slow evaluator.
Decision fast_answer(const Policy& policy, const Facts& facts) {
  return policy.outcome(policy.evaluate(facts_for(policy.vocabulary(), facts)));
}
Answers fast_answers(const Policy& a, const Policy& b, const Facts& facts) {
  return {fast_answer(a, facts), fast_answer(b, facts)};
}

bool in_region(const DiffRegion& region, const Vocabulary& words, const Facts& facts) {
  const bool everywhere =
      region.condition.kind == Condition::Kind::conjunction && region.condition.parts.empty();
  return everywhere || holds(region.condition, words, facts);
}

bool one_of_these(const std::vector<Decision>& answers, const Decision& answer) {
  return std::ranges::any_of(answers,
                             [&](const Decision& one) { return same_answer(one, answer); });
}

bool names_all(const std::vector<std::string>& names, const std::vector<std::string>& some) {
  return std::ranges::all_of(
      some, [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); });
}

// Whether the difference says of one possible situation what the policies answer. Counts the
// regions that hold it, by group and region.
bool right_about(const Diff& diff, const Vocabulary& words, const Facts& facts,
                 const Answers& answers, std::vector<std::vector<size_t>>* counts = nullptr) {
  size_t groups = 0;
  for (size_t i = 0; i < diff.groups.size(); ++i) {
    bool here = false;
    for (size_t j = 0; j < diff.groups[i].regions.size(); ++j) {
      const DiffRegion& region = diff.groups[i].regions[j];
      if (!in_region(region, words, facts)) continue;
      here = true;
      if (counts != nullptr) ++(*counts)[i][j];
      for (size_t side = 0; side < 2; ++side) {
        if (!one_of_these(region.sides[side].answers, answers[side]) ||
            !names_all(region.sides[side].rules, answers[side].rules)) {
          return false;
        }
      }
    }
    groups += here;
  }
  return groups == (same_answer(answers[0], answers[1]) ? 0 : 1);
}

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

// Every situation, one by one, and each witness.
void check_every_situation(const Diff& diff, const Policy& a, const Policy& b) {
  std::vector<std::vector<size_t>> counts;
  for (const DiffGroup& group : diff.groups) counts.emplace_back(group.regions.size(), 0U);
  size_t situations = 0;
  size_t differing = 0;
  const auto all = completions(a.vocabulary(), Facts(a.vocabulary()), 1U << 16U);
  for (const Facts& one : *all) {
    if (!possible(a.compiled().vocabulary, one)) continue;
    const Answers answers =
        situations++ % 32 == 0 ? slow_answers(a, b, one) : fast_answers(a, b, one);
    differing += !same_answer(answers[0], answers[1]);
    RC_ASSERT(right_about(diff, a.vocabulary(), one, answers, &counts));
  }
  RC_ASSERT(diff.situations == situations);
  RC_ASSERT(diff.differing == differing);
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
  const std::string first = draw.policy(1 + draw.below(3));
  const std::string second = draw.policy(1 + draw.below(3));
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
    return *Policy::parse("p.policy", draw.policy(3), "small-1.vocabulary", words);
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

// The slots that a condition mentions.
void slots_in(const Condition& condition, const Vocabulary& words, std::set<size_t>& out) {
  for (const Condition& part : condition.parts) slots_in(part, words, out);
  if (condition.kind != Condition::Kind::test) return;
  const Attribute& attribute = words.attributes[condition.attribute];
  const bool whole = attribute.kind != AttributeKind::any_of || condition.test == Test::only ||
                     condition.test == Test::empty;
  for (size_t i = 0; whole && i < attribute.slots(); ++i) out.insert(attribute.first_slot + i);
  for (size_t i = 0; !whole && i < condition.operands.size(); ++i) {
    out.insert(attribute.first_slot + static_cast<size_t>(condition.operands[i]));
  }
}

// Facts of the packs' vocabulary, each as likely as another.
class Sampler {
 public:
  explicit Sampler(const Vocabulary& words) : words_(words) {}

  void draw(const Attribute& attribute, Facts& facts) {
    if (attribute.kind != AttributeKind::any_of) {
      facts.set(attribute.first_slot, static_cast<int32_t>(random_() % attribute.values.size()));
      return;
    }
    for (size_t i = 0; i < attribute.values.size(); ++i) {
      facts.set(attribute.first_slot + i, static_cast<int32_t>(random_() % 2));
    }
  }
  Facts all() {
    Facts out(words_);
    for (const Attribute& attribute : words_.attributes) {
      if (!attribute.setting) draw(attribute, out);
    }
    return out;
  }

 private:
  const Vocabulary& words_;
  std::mt19937_64 random_{20'261'122};
};

// All combinations of what a region mentions, each with a draw of the other facts. Inside the
// region the answers are the stated ones; of what is outside a part is tried.
void check_region(const Diff& diff, const DiffRegion& region, const Policy& a, const Policy& b) {
  const Vocabulary& words = a.vocabulary();
  std::set<size_t> mentioned;
  slots_in(region.condition, words, mentioned);
  std::vector<std::pair<size_t, size_t>> slots;  // and how many values each has
  size_t combinations = 1;
  for (const Attribute& attribute : words.attributes) {
    for (size_t i = 0; i < attribute.slots(); ++i) {
      if (!mentioned.contains(attribute.first_slot + i)) continue;
      const size_t values = attribute.kind == AttributeKind::any_of ? 2 : attribute.values.size();
      slots.emplace_back(attribute.first_slot + i, values);
      combinations *= values;
    }
  }
  Sampler sampler(words);
  Facts facts = sampler.all();
  size_t inside = 0;
  for (size_t n = 0; n < combinations; ++n) {
    if (n % 8 == 0) facts = sampler.all();
    size_t rest = n;
    for (const auto& [slot, values] : slots) {
      facts.set(slot, static_cast<int32_t>(rest % values));
      rest /= values;
    }
    const bool here = in_region(region, words, facts);
    if (!here && n % 64 != 0) continue;
    if (!possible(a.compiled().vocabulary, facts)) continue;
    inside += here ? 1 : 0;
    const Answers answers = n % 64 == 0 ? slow_answers(a, b, facts) : fast_answers(a, b, facts);
    ASSERT_TRUE(right_about(diff, words, facts, answers))
        << region.where << a.facts_json(facts).dump();
  }
  EXPECT_GT(inside, 0U) << region.where;
}

class PackDiff : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(PackDiff, EveryRegionIsRight) {
  const auto a = pack(GetParam().first);
  const auto b = pack(GetParam().second);
  const Diff diff = diff_of(*a, *b);
  const std::string shown = text(diff);
  size_t column = 0;
  for (const char c : shown) {
    column = c == '\n' ? 0 : column + 1;
    ASSERT_LE(column, 100U) << shown;
  }
  for (const DiffGroup& group : diff.groups) {
    EXPECT_EQ(group.regions.back().left, 0);
    for (const DiffRegion& region : group.regions) check_region(diff, region, *a, *b);
  }
  Sampler sampler(a->vocabulary());
  size_t seen = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Facts facts = sampler.all();
    if (!possible(a->compiled().vocabulary, facts)) continue;
    ++seen;
    ASSERT_TRUE(right_about(diff, a->vocabulary(), facts, slow_answers(*a, *b, facts)))
        << a->facts_json(facts).dump();
  }
  EXPECT_GT(seen, 5'000U);
}

INSTANTIATE_TEST_SUITE_P(Packs, PackDiff,
                         ::testing::Values(std::pair("psni-legacy", "psni-service-instruction"),
                                           std::pair("npcc-2018", "full-firewall")));

}  // namespace
}  // namespace firebreak::policy::testing
