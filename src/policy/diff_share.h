// SPDX-License-Identifier: Apache-2.0
// Counts of situations as people read them: "1,234,567" and "12.3%".
#pragma once

#include <string>

#include "policy/space.h"

namespace firebreak::policy {

std::string grouped(const Count& count);
// In percent with one decimal; what is not nothing is not shown as nothing, nor part as all.
std::string share(const Count& part, const Count& whole);

}  // namespace firebreak::policy
