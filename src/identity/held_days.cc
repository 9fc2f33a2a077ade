// SPDX-License-Identifier: Apache-2.0
#include "identity/held_days.h"

namespace firebreak::identity {

bool within(Day from, const std::optional<Day>& until, Day day) {
  return from <= day && (!until || day <= *until);
}

Result<void> check_days(Day from, const std::optional<Day>& until, const std::string& where) {
  if (!from.ok() || (until && (!until->ok() || *until < from))) {
    return bad_input("The last day is before the first.", where,
                     "Give days as YYYY-MM-DD, the first one first.");
  }
  return {};
}

Json days_json(Day from, const std::optional<Day>& until) {
  Json out = {{"from", format_day(from)}};
  if (until) out["until"] = format_day(*until);
  return out;
}

Day from_day(const Json& body) { return *parse_day(body.at("from").get<std::string>()); }

std::optional<Day> until_day(const Json& body) {
  if (!body.contains("until")) return std::nullopt;
  return *parse_day(body.at("until").get<std::string>());
}

}  // namespace firebreak::identity
