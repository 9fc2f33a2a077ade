// SPDX-License-Identifier: Apache-2.0
// Says what to change in a policy that is too large to be compiled: the facts that multiply, and
// rules that tie them together.
#pragma once

#include <string>

#include "policy/space.h"

namespace firebreak::policy {

// For the person who writes the policy; ends with a full stop.
std::string what_to_change(const Model& model, const VocabularyModel& vocabulary,
                           const Space& space);

}  // namespace firebreak::policy
