// SPDX-License-Identifier: Apache-2.0
// An attempt at a referral that was refused before the register saw it is recorded all the same.
//
//   record_refused(app, request, "referral.view", record::Refusal::no_right);
#pragma once

#include <string>

#include "register/refusal.h"
#include "web/app.h"
#include "web/http.h"

namespace firebreak::web {

// Records attempt.refused by the caller about the referral that the request's path names; nothing
// when it names none. `what` is a text of ours, never what was sent. Does not wait for the disk.
void record_refused(App& app, const Request& request, std::string what, record::Refusal why);

}  // namespace firebreak::web
