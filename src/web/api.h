// SPDX-License-Identifier: Apache-2.0
// The routes of the JSON API, described for its users by openapi.json beside this file. Every route
// of the API stands there, and a test asks the running server each one and holds the answers
// against it.
#pragma once

#include <string_view>

#include "web/http.h"

namespace firebreak::web {

struct App;

void add_account_api(Router& router, App& app);          // /v1/session, /v1/password
void add_referral_api(Router& router, App& app);         // /v1/referrals...
void add_aftercare_api(Router& router, App& app);        // /v1/referrals/{ref}/hold..., /v1/tasks
void add_data_protection_api(Router& router, App& app);  // /v1/erasures..., /v1/subject-access...
void add_change_api(Router& router, App& app);           // /v1/changes..., /v1/notices
void add_link_api(Router& router, App& app);             // /v1/links
void add_destination_api(Router& router, App& app);      // /v1/destinations
void add_meta_api(Router& router, App& app);             // /v1/openapi.json, /healthz

// openapi.json as it stood when the program was built.
std::string_view openapi_document();

}  // namespace firebreak::web
