// SPDX-License-Identifier: Apache-2.0
// Lists for the views that templates show (render.h, diff_page.h).
//
//   view["WHEN_PART"] = when_parts(rule.when, words);
//   view["SUPPORT"] = view_texts("SUPPORT_TEXT", outcome.support);
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "policy/model.h"

namespace firebreak::policy {

// A list that nests, as the marks that make it: open, item, end of the item, close. `prefix` names
// them; an item's members are its own.
class Nested {
 public:
  explicit Nested(std::string prefix) : prefix_(std::move(prefix)) {}
  void add(size_t depth, Json item);
  Json take();

 private:
  void mark(const char* what, Json value);
  void close();

  std::string prefix_;
  size_t open_ = 0;
  Json parts_ = Json::array();
};

// A condition in plain English, as a list with the prefix WHEN whose items have a WHEN_TEXT.
Json when_parts(const Condition& condition, const Vocabulary& words);

// Each text as an object with the one member `name`.
Json view_texts(const std::string& name, const std::vector<std::string>& items);

}  // namespace firebreak::policy
