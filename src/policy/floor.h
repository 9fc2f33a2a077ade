// SPDX-License-Identifier: Apache-2.0
// The floor: what every policy keeps before it may be put in force. No setting of a force removes
// it. A policy that is only read, compared or replayed need not keep it.
//
//   no victim or witness to an enforcement recipient without a sign-off
//   nothing to an enforcement recipient by telephone
//   nothing to an enforcement recipient on nationality or ethnicity alone
//
//   const Source floor = floor_of(vocabulary);
//   add_floor(floor, vocabulary, model, findings);   // before the model is compiled
//
// Written in the policy language, over the vocabulary's own `enforcement` recipients and `ranks`.
// A vocabulary that lacks a word of it (`action` with `call`; `channel` with `telephone`; `role`
// with `victim` and `witness`; `ground` with `nationality` and `ethnicity`) cannot keep it.
#pragma once

#include <vector>

#include "policy/model.h"
#include "policy/source.h"

namespace firebreak::policy {

// The floor's text. Findings about it carry the name "the floor".
Source floor_of(const Vocabulary& words);
// Adds its assertions to the model, each marked as the first demand (demands.h). False, with
// findings, when the vocabulary lacks a word.
bool add_floor(const Source& floor, const Vocabulary& words, Model& model,
               std::vector<Finding>& findings);

}  // namespace firebreak::policy
