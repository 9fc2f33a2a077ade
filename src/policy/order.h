// SPDX-License-Identifier: Apache-2.0
// Chooses the order in which a policy's diagram looks at the facts. Between a good order and a bad
// one lie exponentially many nodes.
//
//   Space space(model, vocabulary, choose_order(model, vocabulary));
//
// Several orders are tried on the policy: what most rules look at first; the same, with the other
// facts placed near those that they stand together with in rules; all facts placed so. The one with
// the fewest nodes is kept and, where the diagram is not small already, improved by sifting
// (sift.h). When no order fits the room of a trial, ever smaller samples of the rules stand for the
// policy. The order depends on the policy and its vocabulary alone, never on time or chance.
//
// Facts are placed after F. Aloul and others, FORCE: a fast and easy-to-implement variable-ordering
// heuristic (2003).
#pragma once

#include "policy/space.h"

namespace firebreak::policy {

FactOrder choose_order(const Model& model, const VocabularyModel& vocabulary);

// What most rules look at first, then the order of the vocabulary.
FactOrder order_by_use(const Model& model, const VocabularyModel& vocabulary);

}  // namespace firebreak::policy
