// SPDX-License-Identifier: Apache-2.0
// What a decision costs as policies grow, one at a time in place and many at once over columns, for
// facts at random and for the worst. Of every pack, of made-up policies of 10 to 1,000 rules over
// 30 attributes, and of the policy files that are named:
//
//   cmake --preset bench && cmake --build build/bench --target policy_size_bench
//   build/bench/bin/policy_size_bench [FILE...] [--benchmark_filter=…]
#include <benchmark/benchmark.h>

#include <filesystem>
#include <iostream>

#include "bench/drawn_facts.h"
#include "policy/batch.h"

namespace {

using namespace firebreak;
using bench::Kind;
using PolicyPtr = std::shared_ptr<const policy::Policy>;

constexpr size_t kRows = 65536;

// Thirty attributes: one-of, sets, yes/no and numbers.
std::string vocabulary_text() {
  const auto values = [](size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) out += "  v" + std::to_string(i) + " \"?\"\n";
    return out;
  };
  std::string out = "vocabulary sized version 1\n";
  for (size_t i = 0; i < 30; ++i) {
    out += "attribute a" + std::to_string(i);
    if (i < 4) out += " one of question \"?\"\n" + values(8);
    if (i >= 4 && i < 16) out += " one of question \"?\"\n" + values(3 + i % 4);
    if (i >= 16 && i < 22) out += " any of question \"?\"\n" + values(4 + i % 4);
    if (i >= 22 && i < 28) out += " yes/no question \"?\"\n";
    if (i >= 28) out += " number 0 to 100 question \"?\"\n";
  }
  return out + "ranks low, mid, high\nfields f0 text, f1 text\nbodies b0\nreasons w0\n";
}

// Rules as instructions have them: each for one kind of case, told by the first attributes, with
// two or three facts more; every second has an exception; one in ten is a `never`.
class PolicyText {
 public:
  explicit PolicyText(size_t rules) {
    out_ =
        "policy p version 1\n  uses vocabulary sized 1\n  default refuse \"no\" under C0\n"
        "clause C0 \"zero\" basis known\n";
    for (size_t i = 0; i < rules; ++i) rule(i);
  }
  [[nodiscard]] const std::string& text() const { return out_; }

 private:
  size_t below(size_t n) { return random_() % n; }

  std::string fact(size_t attribute) {
    const std::string name = "a" + std::to_string(attribute);
    const std::string value = "v" + std::to_string(below(3));
    if (attribute < 16) return name + (below(3) == 0 ? " is not " : " is ") + value;
    if (attribute < 22) return name + (below(3) == 0 ? " includes none of " : " includes ") + value;
    if (attribute < 28) return name + (below(2) == 0 ? "" : " is no");
    return name + (below(2) == 0 ? " at least " : " below ") + std::to_string(10 * (1 + below(9)));
  }
  // Rules about one kind of case look at some of the facts, not at all.
  std::string facts(size_t kind, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      out += " and " + fact(4 + (3 * (kind % 8) + below(6)) % 26);
    }
    return out;
  }
  void rule(size_t i) {
    if (i % 10 == 9) {
      out_ += "never n" + std::to_string(i) + " when a0 is v" + std::to_string(i % 8) +
              " and a1 is v" + std::to_string(below(8)) + facts(i, 2) +
              "\n  refuse \"no\" under C0\n";
      return;
    }
    const bool except = i % 2 == 1 && i % 10 != 1;
    if (!except) {
      const std::string when = "a0 is v" + std::to_string(i % 8) + " and a1 is v" +
                               std::to_string(i / 8 % 8) + " and a2 is v" +
                               std::to_string(i / 64 % 8) + " and a3 is v" +
                               std::to_string(i / 512 % 8);
      out_ += "rule n" + std::to_string(i) + " when " + when + facts(i, 1 + below(2)) +
              "\n  refuse \"no\" under C0\n";
      return;
    }
    out_ += "  except n" + std::to_string(i) + " when " + facts(i - 1, 2).substr(5) +
            "\n    permit" + (below(2) == 0 ? " after sign_off by mid" : "") + " under C0\n";
  }

  std::mt19937_64 random_{1};
  std::string out_;
};

void one_by_one(benchmark::State& state, const PolicyPtr& policy, Kind kind) {
  const std::vector<policy::Facts> facts = bench::drawn_facts(*policy, 4096, kind);
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(policy->evaluate(facts[i++ % facts.size()]));
}

// Each decision waits for the one before it, as where the answer decides what is done next.
void one_after_another(benchmark::State& state, const PolicyPtr& policy, Kind kind) {
  const std::vector<policy::Facts> facts = bench::drawn_facts(*policy, 4096, kind);
  size_t i = 0;
  for (auto _ : state) {
    const policy::OutcomeId id = policy->evaluate(facts[i]);
    i = (i + 1 + (id == policy::kUndecided ? 1 : 0)) % facts.size();
  }
  benchmark::DoNotOptimize(i);
}

void over_columns(benchmark::State& state, const PolicyPtr& policy, Kind kind) {
  const std::vector<policy::Facts> facts = bench::drawn_facts(*policy, kRows, kind);
  std::vector<std::vector<int8_t>> bytes(policy->vocabulary().slot_count);
  std::vector<policy::Column> columns;
  for (size_t slot = 0; slot < bytes.size(); ++slot) {
    for (const policy::Facts& row : facts) bytes[slot].push_back(static_cast<int8_t>(row[slot]));
    columns.emplace_back(bytes[slot]);
  }
  std::vector<policy::OutcomeId> out(kRows);
  for (auto _ : state) {
    if (!policy::evaluate_rows(*policy, columns, out)) state.SkipWithError("columns do not fit");
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(static_cast<int64_t>(kRows) * state.iterations());
}

void add(const std::string& name, const Result<PolicyPtr>& policy) {
  if (!policy) {
    std::cerr << name << ": " << policy.error().text() << '\n';
    return;
  }
  for (const Kind kind : {Kind::random, Kind::longest}) {
    const std::string facts = kind == Kind::random ? "/random" : "/longest";
    const auto measure = [&](const char* what, auto function) {
      const auto run = [function, kind, policy = *policy](benchmark::State& state) {
        function(state, policy, kind);
      };
      benchmark::RegisterBenchmark((name + facts + what).c_str(), run);
    };
    measure("/one_by_one", one_by_one);
    measure("/one_after_another", one_after_another);
    measure("/over_columns", over_columns);
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::vector<std::string> named(argv + 1, argv + argc);
  for (const std::string& file : named) add(file, policy::Policy::load(file));
  if (named.empty()) {
    for (const auto& file : std::filesystem::directory_iterator(FIREBREAK_SOURCE_DIR "/policies")) {
      if (file.path().extension() != ".policy") continue;
      add(file.path().stem().string(), policy::Policy::load(file.path()));
    }
    for (const size_t rules : {10U, 30U, 100U, 300U, 1000U}) {
      add("rules-" + std::to_string(rules),
          policy::Policy::parse("p.policy", PolicyText(rules).text(), "sized-1.vocabulary",
                                vocabulary_text()));
    }
  }
  benchmark::RunSpecifiedBenchmarks();
}
