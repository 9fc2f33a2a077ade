// SPDX-License-Identifier: Apache-2.0
// The tables against decide(), before any SQL: generated policies, with every way to miss a fact.
#include "policy/answer_tables.h"

#include <gtest/gtest.h>

#include <map>

#include "policy/generated.h"
#include "policy/loader.h"
#include "policy/sql.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

// What a fact's column would hold: its code, as the SQL's CASE finds it.
uint32_t code_of(const Policy::Compiled& compiled, const AnswerTables::Step& step, int32_t raw) {
  const Level& level = compiled.space.levels()[step.level];
  if (raw == Facts::kMissing) return level.size;
  const bool number = !level.bands.empty();
  const bool inside = number ? raw >= level.bands.front() && raw <= level.maximum
                             : raw >= 0 && static_cast<uint32_t>(raw) < level.size;
  return inside ? compiled.space.value_at(step.level, raw) : level.size + 1;
}

std::optional<std::string> looked_up(const Policy::Compiled& compiled, const AnswerTables& tables,
                                     const Facts& facts) {
  uint32_t state = 0;
  for (const AnswerTables::Step& step : tables.steps) {
    const int32_t raw = facts[compiled.space.levels()[step.level].slot];
    state = step.next[state * step.codes + code_of(compiled, step, raw)];
  }
  return tables.results[state];
}

// What read_facts and decide() come to.
std::optional<std::string> decided(const Policy& policy, const Facts& facts, AnswerColumn column) {
  if (!refuse_impossible(policy.compiled(), facts)) return column_of(std::nullopt, column);
  return column_of(policy.decide(facts), column);
}

// Facts that no answer depends on stay missing: the tables do not read them, so a set of `at least
// one` that is empty there is none of their business.
Facts only_read(const Policy& policy, const Facts& facts) {
  Facts out(policy.vocabulary());
  for (const SqlFact& fact : sql_facts(policy)) out.set(fact.slot, facts[fact.slot]);
  return out;
}

// 9,000 pairs of a policy and facts, 120,000 when FIREBREAK_LONG is set; every column of each.
TEST(AnswerTables, AgreeWithDecideOnGeneratedPolicies) {
  const uint64_t policies = long_run() ? 2000 : 150;
  size_t pairs = 0;
  std::map<std::string, size_t> decisions;
  for (uint64_t seed = 1; seed <= policies; ++seed) {
    Draw draw(seed);
    const std::string words = draw.vocabulary();
    const std::string text = draw.policy(seed % 8);
    const auto policy = Policy::parse("p.policy", text, "small-1.vocabulary", words);
    ASSERT_TRUE(policy.ok()) << policy.error().text();
    std::vector<Facts> rows;
    rows.reserve(60);
    for (size_t i = 0; i < 60; ++i) {
      rows.push_back(only_read(**policy, draw.facts((*policy)->vocabulary(), 15 * (i % 6))));
    }
    for (const auto& [name, column] : kAnswerColumns) {
      const auto tables = answer_tables((*policy)->compiled(), column);
      ASSERT_TRUE(tables.ok()) << tables.error().text();
      for (const Facts& facts : rows) {
        const auto expected = decided(**policy, facts, column);
        ASSERT_EQ(looked_up((*policy)->compiled(), *tables, facts), expected)
            << name << "\n"
            << words << text << (*policy)->facts_json(facts).dump();
        if (column == AnswerColumn::decision) ++decisions[*expected];
      }
    }
    pairs += rows.size();
  }
  EXPECT_GE(pairs, 5000U);
  for (const char* each : {"refuse", "permit", "sign_off", "undetermined", "invalid"}) {
    EXPECT_GT(decisions[each], 20U) << each;
  }
}

TEST(AnswerTables, WhatIsNoValueIsInvalid) {
  const auto policy = policy_of(
      "rule a when action is share and age at least 18 permit under C1\n"
      "rule b when ground includes safety and not action is share refuse \"no\" under C2\n");
  const auto tables = answer_tables(policy->compiled(), AnswerColumn::decision);
  ASSERT_TRUE(tables.ok());
  const size_t action = policy->vocabulary().find("action")->first_slot;
  const size_t age = policy->vocabulary().find("age")->first_slot;
  const auto with = [&](int32_t action_value, int32_t age_value) {
    Facts facts(policy->vocabulary());
    facts.set(action, action_value);
    facts.set(age, age_value);
    return *looked_up(policy->compiled(), *tables, facts);
  };
  EXPECT_EQ(with(0, 18), "permit");
  EXPECT_EQ(with(0, 17), "refuse");
  EXPECT_EQ(with(0, Facts::kMissing), "undetermined");
  EXPECT_EQ(with(2, 18), "invalid");
  EXPECT_EQ(with(1, 121), "invalid");
  EXPECT_EQ(with(1, -1), "invalid");
  EXPECT_EQ(with(Facts::kMissing, 121), "invalid");
}

TEST(AnswerTables, ImpossibleFactsAreInvalidAndNeverHelpAPermit) {
  const auto policy = policy_of(
      "rule a when ground includes offence and role includes suspect permit under C1\n"
      "rule b when role is empty permit under C1\n");
  const auto decision = answer_tables(policy->compiled(), AnswerColumn::decision);
  ASSERT_TRUE(decision.ok());
  const auto ask = [&](const char* json) {
    auto facts = policy->read_facts(*parse_json(json));
    return *looked_up(policy->compiled(), *decision, *facts);
  };
  // Only what cannot be is no permit here, but what cannot be settles nothing in a permit's favour.
  EXPECT_EQ(ask(R"({"ground": ["offence"]})"), "undetermined");
  EXPECT_EQ(ask(R"({"ground": ["safety"]})"), "refuse");
  Facts nobody(policy->vocabulary());
  const Attribute* role = policy->vocabulary().find("role");
  for (size_t i = 0; i < role->slots(); ++i) nobody.set(role->first_slot + i, 0);
  EXPECT_EQ(*looked_up(policy->compiled(), *decision, nobody), "invalid");
}

TEST(AnswerTables, SettingsAreAsInForceAndNoColumns) {
  const std::string text = policy_text(
      "setting strict one of on, off \"Is it strict?\" default on under C1\n"
      "setting signer one of inspector, chief_officer \"Who signs?\" default inspector under C1\n"
      "rule a when action is share and strict is on permit after sign_off by signer under C1\n"
      "rule b when action is share and strict is off permit under C2\n");
  const auto answer_of = [&](const SettingValues& settings, AnswerColumn column) {
    const auto policy = Policy::parse("p.policy", text, "small-1.vocabulary", kWords, settings);
    EXPECT_TRUE(policy.ok()) << (policy.ok() ? "" : policy.error().text());
    for (const SqlFact& fact : sql_facts(**policy)) {
      EXPECT_TRUE(fact.column != "strict" && fact.column != "signer");
    }
    Facts facts((*policy)->vocabulary());
    facts.set((*policy)->vocabulary().find("action")->first_slot, 0);
    const auto tables = answer_tables((*policy)->compiled(), column);
    const auto out = looked_up((*policy)->compiled(), *tables, facts);
    EXPECT_EQ(out, decided(**policy, facts, column));
    return out;
  };
  EXPECT_EQ(answer_of({}, AnswerColumn::decision), "sign_off");
  EXPECT_EQ(answer_of({}, AnswerColumn::rank), "inspector");
  EXPECT_EQ(answer_of({{"signer", "chief_officer"}}, AnswerColumn::rank), "chief_officer");
  EXPECT_EQ(answer_of({{"strict", "off"}}, AnswerColumn::decision), "permit");
}

TEST(AnswerTables, APolicyWithoutRulesAnswersByDefault) {
  const auto policy = Policy::parse("p.policy", policy_text(""), "small-1.vocabulary", kWords);
  ASSERT_TRUE(policy.ok());
  const auto tables = answer_tables((*policy)->compiled(), AnswerColumn::rule);
  ASSERT_TRUE(tables.ok());
  const Facts facts((*policy)->vocabulary());
  EXPECT_EQ(*looked_up((*policy)->compiled(), *tables, facts), "default");
}

// Sizes are what docs/policy-tools.md states.
TEST(AnswerTables, PacksStayOfAReadableSize) {
  for (const auto& entry : std::filesystem::directory_iterator(packs())) {
    if (entry.path().extension() != ".policy") continue;
    const auto policy = Policy::load(entry.path());
    ASSERT_TRUE(policy.ok()) << policy.error().text();
    for (const auto& [name, column] : kAnswerColumns) {
      const auto tables = answer_tables((*policy)->compiled(), column);
      ASSERT_TRUE(tables.ok()) << tables.error().text();
      size_t numbers = 0;
      for (const AnswerTables::Step& step : tables->steps) numbers += step.next.size();
      RecordProperty((*policy)->id() + "_" + name, std::to_string(numbers));
      EXPECT_LT(numbers, 2'000'000U) << entry.path() << " " << name;
    }
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
