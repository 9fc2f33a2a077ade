// SPDX-License-Identifier: Apache-2.0
// A referral's state and steps in words, for its requester and its supervisor.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "web/components/html.h"

namespace firebreak::web {

struct StateSaid {
  const char* state;
  const char* words;
  const char* colour;  // of its tag
};
// In the order of a filter.
const std::vector<StateSaid>& states_said();

Html state_tag(const std::string& state);

// What happens next, and who does it.
std::string next_step(const Json& referral);

// "3 days", "5 hours", "less than an hour": since then.
std::string say_age(const std::string& since, Instant now);

// The steps, oldest first: {"WHAT", "WHO", "WHEN", REASON {TEXT}, NOTE {TEXT}}. `role_of` gives the
// words for whoever took a step.
Json timeline_view(const Json& referral, const std::function<std::string(const Json&)>& role_of);

// The words for a reason to return, refuse or forward.
const std::vector<std::pair<std::string, std::string>>& return_reasons();
const std::vector<std::pair<std::string, std::string>>& forward_reasons();

}  // namespace firebreak::web
