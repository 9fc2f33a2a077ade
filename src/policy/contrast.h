// SPDX-License-Identifier: Apache-2.0
// In what the outcomes of two rules differ, in words: what a conflict is about.
//
//   contrast(model, words, 0, 1);   // "`a` permits, `b` permits at discretion"
//                                   // "both permit, but differ in `only by` and `notify`"
#pragma once

#include <string>

#include "policy/model.h"

namespace firebreak::policy {

// Of two rules whose outcomes are not the same (same_outcome), by their indices.
std::string contrast(const Model& model, const Vocabulary& words, uint32_t one, uint32_t other);

}  // namespace firebreak::policy
