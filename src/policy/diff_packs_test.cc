// SPDX-License-Identifier: Apache-2.0
// The differences of packs: short enough to read, and right.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/files.h"
#include "policy/diff_brief.h"
#include "policy/diff_test_support.h"

namespace firebreak::policy::testing {
namespace {

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

using Slots = std::vector<std::pair<size_t, size_t>>;  // and how many values each has

Slots mentioned_in(const DiffRegion& region, const Vocabulary& words) {
  std::set<size_t> mentioned;
  slots_in(region.condition, words, mentioned);
  Slots out;
  for (const Attribute& attribute : words.attributes) {
    for (size_t i = 0; i < attribute.slots(); ++i) {
      if (!mentioned.contains(attribute.first_slot + i)) continue;
      const size_t values = attribute.kind == AttributeKind::any_of ? 2 : attribute.values.size();
      out.emplace_back(attribute.first_slot + i, values);
    }
  }
  return out;
}

// All combinations of what a region mentions, each with a draw of the other facts; where they are
// too many, as many draws from near its witness, so that both sides of its border are met.
class Neighbourhood {
 public:
  Neighbourhood(const DiffRegion& region, const Policy& policy)
      : slots_(mentioned_in(region, policy.vocabulary())),
        witness_(*policy.read_facts(region.witness)),
        sampler_(policy.vocabulary()),
        others_(sampler_.all()) {
    for (const auto& [slot, values] : slots_) all_ *= values;
  }

  [[nodiscard]] size_t size() const { return std::min(all_, most()); }
  Facts operator[](size_t n) {
    if (n % 8 == 0 || all_ > most()) others_ = sampler_.all();
    Facts out = others_;
    size_t rest = n;
    for (const auto& [slot, values] : slots_) {
      if (all_ <= most()) {
        out.set(slot, static_cast<int32_t>(rest % values));
        rest /= values;
      } else if (witness_[slot] != Facts::kMissing && random_() % 8 != 0) {
        out.set(slot, witness_[slot]);
      }
    }
    return out;
  }

 private:
  static size_t most() { return long_run() ? size_t{1} << 22U : size_t{1} << 15U; }

  Slots slots_;
  size_t all_ = 1;
  Facts witness_;
  Sampler sampler_;
  Facts others_;
  std::mt19937_64 random_{20'261'122};
};

// Inside the region the answers are the stated ones; of what is outside a part is tried.
void check_region(const Diff& diff, const DiffRegion& region, const Policy& a, const Policy& b) {
  const Vocabulary& words = a.vocabulary();
  Neighbourhood near(region, a);
  size_t inside = 0;
  for (size_t n = 0; n < near.size(); ++n) {
    const Facts facts = near[n];
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

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// What is read of a region, with the names' words and the exceptions put in.
std::string read_out(const Diff& diff, const Brief& brief, const DiffRegion& region) {
  std::string out;
  for (const std::string& part : brief.parts[region.number - 1]) {
    out += (out.empty() ? "" : " and ") + part;
  }
  for (const auto& [name, words] : brief.names) replace_all(out, name, "(" + words + ")");
  for (const DiffGroup& group : diff.groups) {
    for (const DiffRegion& other : group.regions) {
      if (std::ranges::find(region.except, other.number) == region.except.end()) continue;
      EXPECT_TRUE(other.except.empty());
      out += (out.empty() ? "not (" : " and not (") + other.where + ")";
    }
  }
  return out;
}

std::string assertion_on(const std::string& when) {
  return "\nassert \"r\" always refuse when " + when + "\n";
}

TEST(Diff, WhatIsReadIsTheRegion) {
  for (const auto& [first, second] : {std::pair("psni-legacy", "psni-service-instruction"),
                                      std::pair("npcc-2018", "full-firewall")}) {
    const auto a = pack(first);
    const Diff diff = diff_of(*a, *pack(second));
    const Brief brief = brief_of(diff);
    const std::string text = *read_file(packs() / (first + std::string(".policy")));
    const std::string words = *read_file(packs() / "disclosure-1.vocabulary");
    Sampler sampler(a->vocabulary());
    size_t exceptions = 0;
    for (const DiffGroup& group : diff.groups) {
      for (const DiffRegion& region : group.regions) {
        exceptions += region.except.size();
        const std::string shown = read_out(diff, brief, region);
        const auto read = Policy::parse("p.policy", text + assertion_on(shown), "v", words);
        ASSERT_TRUE(read.ok()) << shown;
        const Condition& when = (*read)->compiled().model.assertions.back().when;
        for (int i = 0; i < 2'000; ++i) {
          const Facts facts = sampler.all();
          if (!possible(a->compiled().vocabulary, facts)) continue;
          ASSERT_EQ(holds(when, a->vocabulary(), facts), in_region(region, a->vocabulary(), facts))
              << shown;
        }
      }
    }
    EXPECT_GT(exceptions, 0U) << first;
  }
}

class PackDiff : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(PackDiff, EveryRegionIsRight) {
  const auto a = pack(GetParam().first);
  const auto b = pack(GetParam().second);
  const Diff diff = diff_of(*a, *b);
  const std::string shown = text(diff);
  EXPECT_LE(std::ranges::count(shown, '\n'), 40) << shown;
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
