// SPDX-License-Identifier: Apache-2.0
// What the entries say of the changes that need two persons: that no rank, destination, policy or
// setting came into force otherwise after the register was made (settings.first), nor before its
// time, and that what a change decided is what was then recorded. Part of Fold (fold.h).
//
//   FB_CHECK(governed.take(entry, people_before_it));
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/result.h"
#include "identity/rights.h"
#include "register/change_state.h"

namespace firebreak::record {

// Whether the person whom this entry is about had the right, as far as their record says.
bool had_right(const Json& person, identity::Right right);

class GovernedFold {
 public:
  // Takes the next entry of any kind; `people` has the newest entry about each person before it.
  // Error: corrupt.
  Result<void> take(const Json& entry, const std::map<std::string, Json>& people);

  // Null before settings.first.
  [[nodiscard]] const Json& settings() const { return settings_; }
  // The setting (force_settings.h) as it counts now; null while nothing recorded says it: before
  // settings.first, or as an older program wrote that.
  [[nodiscard]] Json setting(std::string_view name) const;

 private:
  Result<void> take_change(const Json& entry, const std::map<std::string, Json>& people);
  Result<void> take_effect(const Change& change, const std::map<std::string, Json>& people);
  Result<void> take_person(const Json& entry, const std::map<std::string, Json>& people);
  Result<void> take_policy(const Json& entry);

  Json settings_;
  std::map<std::string, Change> changes_;
  // What the change that took effect just now has yet to record: the part and the key.
  std::string in_effect_;
  std::set<std::pair<std::string, std::string>> due_;
};

}  // namespace firebreak::record
