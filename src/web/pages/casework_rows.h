// SPDX-License-Identifier: Apache-2.0
// What deciders weigh and nobody sends (register/casework.h), in the words of a page.
//
//   for (const auto& [heading, text] : casework_rows(draft)) ...
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace firebreak::web {

using TextRows = std::vector<std::pair<std::string, std::string>>;

// Each heading with its text; a history or changes of role have a row for each entry. What the
// draft does not hold has no row.
TextRows casework_rows(const Json& draft);

// What in it nobody knows: signs of slavery that were not found out.
std::vector<std::string> casework_unknown(const Json& draft);

}  // namespace firebreak::web
