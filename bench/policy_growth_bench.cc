// SPDX-License-Identifier: Apache-2.0
// How compiling grows with the number of rules: for policies of named shapes (policy/growth.h) at
// 10 to 1,000 rules over 30 attributes the time to read and compile one, the peak memory of a
// process that does nothing else, the nodes of the diagram, and those in the order of use.
//
//   cmake --preset bench && cmake --build build/bench --target policy_growth_bench
//   build/bench/bin/policy_growth_bench
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "policy/answering.h"
#include "policy/compile.h"
#include "policy/growth.h"

namespace {

using namespace firebreak;
using namespace firebreak::policy;

// Nodes for the kinds of answer in an order; 0 when they are too many.
size_t nodes_in(const Policy::Compiled& compiled, const FactOrder& order) {
  const Space space(compiled.vocabulary, uses_of(compiled.model, compiled.vocabulary), order);
  Diagram diagram(space.sizes(), kNodeBudget);
  AnsweringRules rules(diagram, space, compiled.model, compiled.vocabulary.words,
                       AnsweringRules::Keep::kinds);
  const NodeId root = rules.compile();
  return diagram.exhausted() ? 0 : diagram.reachable(root).size();
}

void measure(const char* shape, size_t rules) {
  const std::string text = testing::GrowthText(shape, rules).policy();
  const auto start = std::chrono::steady_clock::now();
  const auto policy =
      Policy::parse("p.policy", text, "growth-1.vocabulary", testing::growth_vocabulary());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf("| %s | %zu | %.2f s | %ld MiB | ", shape, rules, took.count(),
              used.ru_maxrss / 1024);
  if (!policy) {
    std::printf("too large | | |\n");
    return;
  }
  const Policy::Compiled& compiled = (*policy)->compiled();
  const FactOrder chosen = choose_order(compiled.model, compiled.vocabulary);
  const size_t by_use = nodes_in(compiled, order_by_use(compiled.model, compiled.vocabulary));
  std::printf("%zu | %zu | %s |\n", compiled.diagram.reachable(compiled.answers).size(),
              nodes_in(compiled, chosen),
              by_use == 0 ? "too large" : std::to_string(by_use).c_str());
}

// In a process of its own, so that its peak memory is its own.
void measure_apart(const char* shape, size_t rules) {
  const pid_t child = fork();
  if (child == 0) {
    measure(shape, rules);
    std::fflush(stdout);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

}  // namespace

int main() {
  std::printf(
      "| shape | rules | time | peak memory | nodes | kinds alone | in the order of use |\n");
  std::printf("|---|---|---|---|---|---|---|\n");
  std::fflush(stdout);
  for (const char* shape : testing::kGrowing) {
    for (const size_t rules : {10, 30, 100, 300, 1000}) measure_apart(shape, rules);
  }
  for (const char* shape : testing::kBlowingUp) {
    for (const size_t rules : {10, 30, 100, 300, 1000}) measure_apart(shape, rules);
  }
  return 0;
}
