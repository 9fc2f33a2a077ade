// SPDX-License-Identifier: Apache-2.0
// The slow, obvious evaluator: walks the rules as they are written and, where facts are missing,
// tries every completion. Too slow to serve with; it is what the diagram is tested against.
//
//   Applied applied = applied_rules(model, words, facts);               // complete facts
//   std::optional<Decision> d = reference_decide(model, vocabulary, facts, 100'000);
#pragma once

#include <optional>

#include "policy/applied.h"

namespace firebreak::policy {

// Whether a condition is true of complete facts.
bool holds(const Condition& condition, const Vocabulary& words, const Facts& facts);
// Whether the vocabulary allows complete facts.
bool possible(const VocabularyModel& vocabulary, const Facts& facts);
// The rules that answer for complete facts.
Applied applied_rules(const Model& model, const Vocabulary& words, const Facts& facts);

// Every completion of the facts; nothing when there are more than `most`.
std::optional<std::vector<Facts>> completions(const Vocabulary& words, const Facts& facts,
                                              size_t most);
// What Policy::decide answers, but that `missing` stands in the vocabulary's order; nothing when
// there are more than `most` completions. The facts have at least one possible completion.
std::optional<Decision> reference_decide(const Model& model, const VocabularyModel& vocabulary,
                                         const Facts& facts, size_t most);

}  // namespace firebreak::policy
