// SPDX-License-Identifier: Apache-2.0
// Which rules answer in each situation, as one diagram whose terminals stand for sets of rules.
//
//   AnsweringRules rules(diagram, space, model, words, AnsweringRules::Keep::kinds);
//   NodeId root = rules.compile();
//   rules[diagram.payload(terminal)].rules;
//
// Rules that overlap freely make exponentially many sets. Keep::kinds therefore puts in the place
// of each rule the first of the policy that has the same outcome, and in the place of rules that
// contradict each other two that do: the answer is the same, the rules' names are lost. Which rules
// answer is then found by asking each (rules_at.h).
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "policy/applied.h"
#include "policy/space.h"

namespace firebreak::policy {

// Sets of rules as the numbers that terminals carry. 0 is the empty set.
class RuleSets {
 public:
  RuleSets() { id_of({}); }

  uint32_t id_of(Applied set);
  [[nodiscard]] const Applied& operator[](uint32_t id) const { return *sets_[id]; }
  // How many rules all sets hold together.
  [[nodiscard]] size_t held() const { return held_; }

 private:
  std::map<Applied, uint32_t> ids_;
  std::vector<const Applied*> sets_;
  size_t held_ = 0;
};

class AnsweringRules {
 public:
  enum class Keep { rules, kinds };

  // The model and the space must outlive this.
  AnsweringRules(Diagram& diagram, const Space& space, const Model& model, const Vocabulary& words,
                 Keep keep);

  // The diagram is exhausted when it, or the sets, became too large. Of a sample, one in so many of
  // the rules (with their exceptions) stands for all.
  NodeId compile(size_t sample = 1);

  [[nodiscard]] const Applied& operator[](uint32_t id) const { return sets_[id]; }

 private:
  [[nodiscard]] Applied alone(uint32_t rule) const;
  NodeId all_rules(bool never, size_t sample);
  NodeId effective(uint32_t rule);
  NodeId union_of(std::vector<NodeId> each);
  [[nodiscard]] std::vector<uint32_t> levels_below(NodeId root) const;
  NodeId bind_channels(NodeId root);
  NodeId bind_signers(NodeId root);

  Diagram& diagram_;
  const Space& space_;
  const Model& model_;
  const Vocabulary& words_;
  RuleSets sets_;
  NodeId none_;
  std::unique_ptr<Operation> union_;
  std::unique_ptr<Operation> override_;
  std::unique_ptr<Operation> where_;
  std::vector<uint32_t> kinds_;  // by rule, what stands in its place; the default's last
};

}  // namespace firebreak::policy
