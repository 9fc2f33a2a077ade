// SPDX-License-Identifier: Apache-2.0
#include "register/facets.h"

#include <algorithm>

namespace firebreak::record {
namespace {

Json members_of(const Json& facts, const char* name) {
  const auto found = facts.find(name);
  if (found == facts.end()) return Json::array();
  if (found->is_array()) return *found;
  Json out = Json::array();
  if (found->is_object()) {
    for (const auto& [member, belongs] : found->items()) {
      if (belongs == true) out.push_back(member);
    }
  }
  return out;
}

}  // namespace

Json facets_of(const Json& facts, const std::string& district) {
  Json out = {{"district", district}};
  for (const char* name : {"action", "channel", "recipient"}) out[name] = facts.value(name, Json());
  for (const char* name : {"role", "crime_type"}) out[name] = members_of(facts, name);
  return out;
}

Result<void> check_district(const Config& config, const std::string& district) {
  const auto& known = config.force.districts;
  if (district.empty() || std::find(known.begin(), known.end(), district) != known.end()) return {};
  return bad_input("This is not an office of this force.", "district",
                   "Use one of the force's offices, or none.");
}

}  // namespace firebreak::record
