// SPDX-License-Identifier: Apache-2.0
// POST /access/v1/requests and GET /access/v1/requests/{task}: AuthZEN's Access Request and
// Approval Profile over the register's referrals (docs/api.md).
#pragma once

#include "web/access_request.h"
#include "web/app.h"
#include "web/authzen_request.h"
#include "web/caller.h"

namespace firebreak::web {

void add_access_requests(Router& router, App& app, std::shared_ptr<const Denials> denials);

// Who asked, and what, as a denial and an approval are bound to it.
Asked asked_by(const identity::Actor& actor, const Evaluation& evaluation);

// A signed-in person asks in their own name; a service asks for whoever uses it. Error: bad_input.
Result<void> check_subject(const App& app, const identity::Actor& actor,
                           const Evaluation& evaluation);

// The URL of this site: the configured origin; without one, the name by which we were asked.
std::string base_url(const App& app, const Request& request);

}  // namespace firebreak::web
