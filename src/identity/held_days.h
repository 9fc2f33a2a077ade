// SPDX-License-Identifier: Apache-2.0
// The Europe/London days on which something is held (a rank, a key, a passkey): `until` is the last
// of them, and without it there is no end. What the records of people share.
//
//   if (within(key.from, key.until, today)) ...
//   Json body = days_json(key.from, key.until);   // {"from": "2026-11-22", "until": "…"}
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace firebreak::identity {

bool within(Day from, const std::optional<Day>& until, Day day);

// Error: bad_input at `where` for a day that does not exist, or a last day before the first.
Result<void> check_days(Day from, const std::optional<Day>& until, const std::string& where);

// The members `from` and `until`; what reads them back throws nlohmann's exceptions or
// std::bad_variant_access for a body that days_json did not write.
Json days_json(Day from, const std::optional<Day>& until);
Day from_day(const Json& body);
std::optional<Day> until_day(const Json& body);

}  // namespace firebreak::identity
