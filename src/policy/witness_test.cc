// SPDX-License-Identifier: Apache-2.0
#include "policy/witness.h"

#include <functional>
#include <tuple>

#include "policy/analysis.h"
#include "policy/generated.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

// Facts to tell, members of sets, values other than the first: what a reader has to take in.
using Size = std::tuple<size_t, size_t, size_t>;

Size size_of(const Policy::Compiled& compiled, const Facts& facts) {
  Size out;
  auto& [told, members, others] = out;
  for (const Attribute& attribute : compiled.vocabulary.words.attributes) {
    const int32_t value = facts[attribute.first_slot];
    if (!facts.has(attribute) || (attribute.setting && value == attribute.setting->value)) continue;
    ++told;
    if (attribute.kind == AttributeKind::any_of) {
      for (size_t i = 0; i < attribute.slots(); ++i) {
        members += static_cast<size_t>(facts[attribute.first_slot + i]);
      }
    } else if (!attribute.setting && value != attribute.minimum) {
      ++others;
    }
  }
  return out;
}

// Every way to tell an attribute, or not to: its slots' values.
std::vector<std::vector<int32_t>> tellings(const Policy::Compiled& compiled,
                                           const Attribute& attribute) {
  std::vector<std::vector<int32_t>> out = {
      std::vector<int32_t>(attribute.slots(), Facts::kMissing)};
  const uint32_t level = *compiled.space.level_of(attribute.first_slot);
  if (attribute.kind != AttributeKind::any_of) {
    for (uint32_t i = 0; i < compiled.space.levels()[level].size; ++i) {
      out.push_back({compiled.space.raw_at(level, i)});
    }
    return out;
  }
  for (uint32_t members = 0; members < 1U << attribute.slots(); ++members) {
    std::vector<int32_t> set;
    set.reserve(attribute.slots());
    for (size_t i = 0; i < attribute.slots(); ++i) {
      set.push_back(static_cast<int32_t>((members >> i) & 1U));
    }
    out.push_back(std::move(set));
  }
  return out;
}

// All facts that can be told, or nothing when there are more than `most`.
std::optional<std::vector<Facts>> all_facts(const Policy::Compiled& compiled, size_t most) {
  std::vector<Facts> out = {Facts(compiled.vocabulary.words)};
  for (const Attribute& attribute : compiled.vocabulary.words.attributes) {
    if (!compiled.space.level_of(attribute.first_slot)) continue;
    const auto ways = tellings(compiled, attribute);
    if (out.size() * ways.size() > most) return std::nullopt;
    std::vector<Facts> more;
    for (const Facts& facts : out) {
      for (const auto& way : ways) {
        more.push_back(facts);
        for (size_t i = 0; i < way.size(); ++i) more.back().set(attribute.first_slot + i, way[i]);
      }
    }
    out = std::move(more);
  }
  return out;
}

bool completes(const Facts& whole, const Facts& part) {
  for (size_t slot = 0; slot < part.size(); ++slot) {
    if (part[slot] != Facts::kMissing && part[slot] != whole[slot]) return false;
  }
  return true;
}

// Whether the facts leave the region and the answer open, situation by situation.
bool shows(const Policy::Compiled& compiled, const std::vector<std::pair<Facts, bool>>& situations,
           const Facts& facts) {
  bool some = false;
  for (const auto& [situation, inside] : situations) {
    if (!completes(situation, facts)) continue;
    if (!inside) return false;
    some = true;
  }
  return some && decide(compiled, facts).decision != Outcome::undetermined;
}

// The facts of no situation smaller than `found` show the region; `found` does.
void expect_smallest(const Policy::Compiled& compiled, const std::vector<Facts>& facts,
                     const std::function<bool(const Decision&)>& chosen, size_t& compared) {
  std::vector<std::pair<Facts, bool>> situations;
  bool any = false;
  const std::optional<std::vector<Facts>> possible_ones = situations_of(compiled, 5'000);
  for (const Facts& one : *possible_ones) {
    situations.emplace_back(one, chosen(decide(compiled, one)));
    any |= situations.back().second;
  }
  Analysis analysis(compiled);
  const NodeId region = analysis.all(
      {analysis.possible(),
       analysis.where([&](const CompiledOutcome& outcome) { return chosen(outcome.decision); })});
  const std::optional<Facts> found =
      any ? smallest(compiled, analysis.diagram(), region, std::nullopt) : std::nullopt;
  ASSERT_EQ(found.has_value(), any);
  if (!found) return;
  ++compared;
  EXPECT_TRUE(shows(compiled, situations, *found)) << case_text(compiled, *found, "found");
  const Size size = size_of(compiled, *found);
  for (const Facts& fewer : facts) {
    if (size_of(compiled, fewer) >= size) continue;
    ASSERT_FALSE(shows(compiled, situations, fewer))
        << case_text(compiled, *found, "found") << case_text(compiled, fewer, "smaller");
  }
}

TEST(Witness, IsTheSmallestOfAllThatCanBeTold) {
  size_t compared = 0;
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    Draw draw(seed);
    const std::string words = draw.vocabulary();
    const std::string text = draw.policy(1 + seed % 4);
    const Source source("p.policy", text);
    const Loaded loaded = load_texts(
        source, [&](const VocabularyName&) -> Result<Source> { return Source("v", words); });
    if (!loaded.compiled) continue;
    const Policy::Compiled& compiled = *loaded.compiled;
    const auto facts = all_facts(compiled, 20'000);
    if (!facts || !situations_of(compiled, 5'000)) continue;
    for (const Outcome outcome : {Outcome::refuse, Outcome::sign_off, Outcome::permit}) {
      expect_smallest(
          compiled, *facts, [&](const Decision& decision) { return decision.decision == outcome; },
          compared);
    }
    expect_smallest(
        compiled, *facts,
        [](const Decision& decision) { return decision.decision != Outcome::refuse; }, compared);
  }
  EXPECT_GT(compared, 100U);
}

// Of a set the member that counts is told, and none besides.
TEST(Witness, HasNoMemberTooMany) {
  const Report report = report_of(
      "rule r when necessary permit under C1\n"
      "  except e when ground includes any of offence, safety and role includes any of victim, "
      "suspect\n"
      "    permit after sign_off by inspector under C2\n"
      "assert \"never\" never permit when ground includes offence and role includes suspect\n");
  EXPECT_NE(findings_of(report).find("given role suspect, ground offence, necessary yes\n"),
            std::string::npos)
      << findings_of(report);
}

}  // namespace
}  // namespace firebreak::policy::testing
