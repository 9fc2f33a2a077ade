// SPDX-License-Identifier: Apache-2.0
// What one decision costs in process, on psni-service-instruction: the outcome alone, the whole
// answer, from JSON text to JSON text, an answer with facts missing, and loading the pack.
//
//   cmake --preset bench && cmake --build build/bench --target policy_decide_bench
//   build/bench/bin/policy_decide_bench
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "policy/answerer.h"

namespace {

using namespace firebreak;

const std::string kPack = FIREBREAK_SOURCE_DIR "/policies/psni-service-instruction.policy";

std::shared_ptr<const policy::Policy> pack() {
  static const auto loaded = policy::Policy::load(kPack);
  if (!loaded) throw std::runtime_error(loaded.error().text());
  return *loaded;
}

// Complete facts, each value as likely as another, that the vocabulary allows.
std::vector<policy::Facts> random_facts(size_t count) {
  const auto policy = pack();
  std::mt19937_64 random(1);
  std::vector<policy::Facts> out;
  while (out.size() < count) {
    policy::Facts facts(policy->vocabulary());
    for (const policy::Attribute& attribute : policy->vocabulary().attributes) {
      if (attribute.setting) continue;
      const bool set = attribute.kind == policy::AttributeKind::any_of;
      const size_t values = set ? 2 : attribute.values.size();
      for (size_t i = 0; i < attribute.slots(); ++i) {
        facts.set(attribute.first_slot + i, static_cast<int32_t>(random() % values));
      }
    }
    if (policy->read_facts(policy->facts_json(facts))) out.push_back(std::move(facts));
  }
  return out;
}

const char* const kExceptional =
    R"({"action":"share","recipient":"immigration_enforcement","channel":"email",)"
    R"("role":["victim"],"victim_elsewhere":"no","suspected_of":"nothing","crime_type":["other"],)"
    R"("ground":["overseas_offending"],"overseas_offending":"high_harm","necessary":true,)"
    R"("proportionate":true,"prevents_further_offending":true,"purpose":[],)"
    R"("consent":"not_sought","leave":"not_asked","age_group":"adult"})";

void evaluate_exceptional(benchmark::State& state) {
  const auto policy = pack();
  const policy::Facts facts = *policy->read_facts(*parse_json(kExceptional));
  for (auto _ : state) benchmark::DoNotOptimize(policy->evaluate(facts));
}
BENCHMARK(evaluate_exceptional);

void evaluate_random(benchmark::State& state) {
  const auto policy = pack();
  const std::vector<policy::Facts> facts = random_facts(4096);
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(policy->evaluate(facts[i++ % facts.size()]));
}
BENCHMARK(evaluate_random);

void decide_exceptional(benchmark::State& state) {
  const auto policy = pack();
  const policy::Facts facts = *policy->read_facts(*parse_json(kExceptional));
  for (auto _ : state) benchmark::DoNotOptimize(policy->decide(facts));
}
BENCHMARK(decide_exceptional);

void decide_from_json_text(benchmark::State& state) {
  const auto policy = pack();
  for (auto _ : state) {
    const policy::Facts facts = *policy->read_facts(*parse_json(kExceptional));
    benchmark::DoNotOptimize(answer(*policy, policy->decide(facts)).dump());
  }
}
BENCHMARK(decide_from_json_text);

// The same bytes by the fast way.
void answer_from_json_text(benchmark::State& state) {
  policy::Answerer answerer(pack());
  for (auto _ : state) benchmark::DoNotOptimize(answerer.answer(kExceptional));
}
BENCHMARK(answer_from_json_text);

const char* const kMostMissing =
    R"({"action":"share","recipient":"immigration_enforcement","role":["victim"]})";

void answer_with_missing_facts(benchmark::State& state) {
  policy::Answerer answerer(pack());
  for (auto _ : state) benchmark::DoNotOptimize(answerer.answer(kMostMissing));
}
BENCHMARK(answer_with_missing_facts);

void decide_with_missing_facts(benchmark::State& state) {
  const auto policy = pack();
  const policy::Facts facts = *policy->read_facts(*parse_json(kMostMissing));
  for (auto _ : state) benchmark::DoNotOptimize(policy->decide(facts));
}
BENCHMARK(decide_with_missing_facts);

void decide_with_no_facts(benchmark::State& state) {
  const auto policy = pack();
  const policy::Facts facts(policy->vocabulary());
  for (auto _ : state) benchmark::DoNotOptimize(policy->decide(facts));
}
BENCHMARK(decide_with_no_facts);

void load_pack(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(policy::Policy::load(kPack));
}
BENCHMARK(load_pack)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
