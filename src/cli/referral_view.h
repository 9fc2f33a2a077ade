// SPDX-License-Identifier: Apache-2.0
// Shows referrals in a terminal.
#pragma once

#include "base/json.h"

namespace firebreak::cli {

// A referral as the API gives it; as JSON, exactly that.
void show_referral(const Json& referral, bool json);
// The API's {"referrals": […]}, a line each.
void show_list(const Json& found, bool json);

}  // namespace firebreak::cli
