// SPDX-License-Identifier: Apache-2.0
// The regions of a difference in fewer words: a condition that many of them ask for gets a name,
// "(i)", and is said once.
//
//   Brief brief = brief_of(diff);
//   for (const auto& [name, text] : brief.names) …           // "(i)", "role includes victim or …"
//   brief.parts[region.number - 1];                          // {"action is share", "not (i)"}
#pragma once

#include "policy/diff.h"

namespace firebreak::policy {

struct Brief {
  std::vector<std::pair<std::string, std::string>> names;
  // Of each region, by number: joined by `and`, with the names' words put in, they are its parts.
  std::vector<std::vector<std::string>> parts;
};

Brief brief_of(const Diff& diff);

}  // namespace firebreak::policy
