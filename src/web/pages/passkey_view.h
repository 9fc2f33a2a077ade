// SPDX-License-Identifier: Apache-2.0
// What the pages about passkeys show: a passkey in rows, and those that wait to be confirmed.
//
//   Json row = {{"HTML_PASSKEY", passkey_summary(passkey, now)}};
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "identity/person.h"

namespace firebreak::web {

// Its name, state and days as a summary list (a component's json()).
Json passkey_summary(const identity::Passkey& passkey, Instant now);

// Where it is suspended.
std::string suspend_link(const std::string& person_id, const identity::Passkey& passkey);

// For passkeys_waiting.html, as `viewer` may act.
Json waiting_passkeys_view(const std::vector<identity::Person>& people, const std::string& viewer,
                           Instant now);

}  // namespace firebreak::web
