// SPDX-License-Identifier: Apache-2.0
// Compiles a policy to decision diagrams over its situations. The analyses (check, and later prove,
// diff and explain) work on a copy of the diagrams; decide() walks them.
//
//   FB_TRY(std::unique_ptr<Policy::Compiled> compiled,
//          compile(std::move(model), std::move(vocabulary), digest));
//   compiled->outcomes[id].decision;
//
// Four functions of a situation, in one Diagram:
//   answers    the OutcomeId: which rules answer, and whether the channel contradicts them
//   classes    the class of that outcome: equal for answers that differ in words alone
//   possible   1 when the vocabulary allows the situation
//   judged     2 * OutcomeId + possible
#pragma once

#include <memory>

#include "policy/applied.h"
#include "policy/program.h"

namespace firebreak::policy {

// Nodes that one policy may need while it is compiled: some hundred MB, some seconds.
constexpr size_t kNodeBudget = 2'000'000;

struct CompiledOutcome {
  Applied applied;
  bool conflict = false;
  uint32_t answer_class = 0;
  Decision decision;
};

struct Policy::Compiled {
  Model model;
  VocabularyModel vocabulary;
  std::string digest;
  Space space;
  Diagram diagram;
  NodeId answers = 0;
  NodeId classes = 0;
  NodeId possible = 0;
  NodeId judged = 0;
  std::vector<NodeId> impossible;  // of each `impossible`: where its condition holds
  std::vector<CompiledOutcome> outcomes;
  std::vector<uint32_t> class_example;  // of each class: an outcome in it
  Program program;                      // of `answers`

  Compiled(Model m, VocabularyModel v, std::string d)
      : model(std::move(m)),
        vocabulary(std::move(v)),
        digest(std::move(d)),
        space(model, vocabulary),
        diagram(space.sizes(), kNodeBudget) {}
};

// Error: too_large, saying which of the policy's parts to change.
Result<std::unique_ptr<Policy::Compiled>> compile(Model model, VocabularyModel vocabulary,
                                                  std::string digest);

// Walks to the answer. kUndecided when a fact that it looks at is missing or no value of its slot.
OutcomeId walk(const Policy::Compiled& compiled, const int32_t* facts);

}  // namespace firebreak::policy
