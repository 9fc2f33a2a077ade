// SPDX-License-Identifier: Apache-2.0
// Two policies over the same vocabulary in one diagram, so that what each answers in the same
// situation can be compared.
//
//   FB_TRY(Joint joint, join(a.compiled(), b.compiled()));
//   NodeId both = joint.diagram.apply(pair, joint.answers[0], joint.answers[1]);
//
// A policy's settings stand at the value in force, which is the policy's default unless the force
// has decided otherwise.
#pragma once

#include <array>

#include "policy/compile.h"

namespace firebreak::policy {

struct Joint {
  Vocabulary words;  // what both share; the slots of its facts are the first of either policy's
  Space space;
  Diagram diagram;
  NodeId possible = 0;
  std::array<NodeId, 2> answers = {};  // each policy's OutcomeId
  // Of a policy whose outcomes name kinds of answer alone (Compiled::by_kind): where each rule, the
  // default last, answers. Empty for others.
  std::array<std::vector<NodeId>, 2> answering = {};
};

// Errors: bad_input when the vocabularies differ; too_large.
Result<Joint> join(const Policy::Compiled& a, const Policy::Compiled& b);

// The situation in a region that takes the fewest facts, and those the first of their values, on
// the diagram; facts that no policy looks at take their first value. The region is not empty.
Facts first_situation(const Joint& joint, NodeId region);

// Facts over the joint vocabulary, or of either policy, as facts of one of the two, whose words are
// given: settings have that policy's values.
Facts facts_for(const Vocabulary& words, const Facts& facts);

}  // namespace firebreak::policy
