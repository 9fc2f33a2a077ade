// SPDX-License-Identifier: Apache-2.0
// Questions about a whole policy: regions of situations as diagrams, how many situations a region
// holds, and the smallest situation in it. What the checker, and later prove, diff and explain,
// stand on.
//
//   Analysis analysis(compiled);
//   NodeId bad = analysis.all({analysis.condition(assertion.when), analysis.possible(),
//                              analysis.where([](const CompiledOutcome& o) { return …; })});
//   if (std::optional<Facts> witness = analysis.witness(bad)) …
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>

#include "policy/compile.h"

namespace firebreak::policy {

class Analysis {
 public:
  explicit Analysis(const Policy::Compiled& compiled);

  [[nodiscard]] const Policy::Compiled& compiled() const { return compiled_; }
  [[nodiscard]] Diagram& diagram() { return diagram_; }
  // True when the analyses grew too large: what was found since then means nothing.
  [[nodiscard]] bool exhausted() const { return diagram_.exhausted(); }

  [[nodiscard]] NodeId possible() const { return compiled_.possible; }
  // The attributes and constants of the condition must be known to the policy's space.
  NodeId condition(const Condition& condition);
  NodeId where(const std::function<bool(const CompiledOutcome&)>& chosen);
  // Where a rule, or the default, answers, alone or with others.
  NodeId answering(uint32_t rule);
  NodeId all(std::initializer_list<NodeId> regions);
  [[nodiscard]] bool is_empty(NodeId region) { return region == diagram_.falsehood(); }
  [[nodiscard]] Count count(NodeId region) const;

  // The situation in the region (all of whose situations are possible) that takes the fewest facts
  // to tell: whatever the facts left out are, the situation is in the region, and the policy gives
  // it one answer (witness.h; where finding it would take too long, one that is close to it).
  // Nothing when the region is empty. `kept` is a slot that stays given.
  std::optional<Facts> witness(NodeId region, std::optional<uint32_t> kept = std::nullopt);
  // A situation of a region that is not empty, whole: every fact that the policy looks at is given.
  [[nodiscard]] Facts situation_in(NodeId region) const;

 private:
  [[nodiscard]] bool shows(NodeId outside, const Facts& facts) const;

  const Policy::Compiled& compiled_;
  Diagram diagram_;
};

// The facts as a `case` that can be put into the policy's file and run: it expects what the policy
// answers today.
std::string case_text(const Policy::Compiled& compiled, const Facts& facts,
                      const std::string& name);

// Whether a case speaks of the settings that the force has decided: it names other values of none
// of them, and stands for their defaults where it names none.
bool under_these_settings(const Vocabulary& words, const Facts& facts);

// "`permit` by `a`", "`undetermined`, missing `x`".
std::string shown(const Decision& decision);
// "`a`, `b`".
std::string quoted_list(const std::vector<std::string>& items, const char* between = ", ");

// Whether the answer to a situation that an assertion speaks of is one that it rules out.
bool breaks(const Vocabulary& words, const Assertion& assertion, const Decision& decision);

// Whether `b` allows something that `a` does not: a permit over a sign-off over a refusal, a lower
// rank, fewer signers, more fields.
bool more_permissive(const Policy::Compiled& compiled, const Decision& a, const Decision& b);

}  // namespace firebreak::policy
