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
#include "policy/order.h"
#include "policy/program.h"

namespace firebreak::policy {

// Nodes that one policy may need while it is compiled, and an analysis on top of it.
constexpr size_t kNodeBudget = 1'000'000;

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
  // True when the sets of rules that answer together are too many: an outcome then stands for a
  // kind of answer, its `applied` and `decision` name a rule of that kind, and rules_at.h says
  // which rules answer.
  bool by_kind = false;
  // Of each rule, the default last: where it answers, nevers aside. Where some `never` applies.
  // Everywhere. For by_kind alone.
  std::vector<NodeId> answering;
  NodeId nevers = 0;
  NodeId anywhere = 0;
  std::vector<NodeId> impossible;  // of each `impossible`: where its condition holds
  std::vector<CompiledOutcome> outcomes;
  std::vector<uint32_t> class_example;  // of each class: an outcome in it
  Program program;                      // of `answers`

  Compiled(Model m, VocabularyModel v, std::string d)
      : model(std::move(m)),
        vocabulary(std::move(v)),
        digest(std::move(d)),
        space(vocabulary, uses_of(model, vocabulary), choose_order(model, vocabulary)),
        diagram(space.sizes(), 0) {}
};

// Nodes for telling apart which rules answer together; with more, only what they answer is.
constexpr size_t kSetsBudget = 100'000;

// Error: too_large, saying which of the policy's parts to change.
Result<std::unique_ptr<Policy::Compiled>> compile(Model model, VocabularyModel vocabulary,
                                                  std::string digest,
                                                  size_t sets_budget = kSetsBudget);

// Walks to the answer. kUndecided when a fact that it looks at is missing or no value of its slot.
OutcomeId walk(const Policy::Compiled& compiled, const int32_t* facts);

}  // namespace firebreak::policy
