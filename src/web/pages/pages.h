// SPDX-License-Identifier: Apache-2.0
// The pages that people use in a browser: start, sign in, the interview and its answer, the
// referral desk's list, and what went wrong in plain English. They work without JavaScript.
//
//   App app{.reg = *reg, .log = log, .ui = "build/ui"};      // made by `node ui/build.mjs
//   build/ui` FB_CHECK(add_pages(router, app));
//
// Every form is answered by a redirect (POST, redirect, GET), carries a token of its session, and
// is refused from another site. Answers of an interview live in the server's memory with the
// session: never in an address, never on disk. A decision is recorded before its page can be seen.
#pragma once

#include "base/result.h"
#include "web/app.h"
#include "web/http.h"

namespace firebreak::web {

// Adds the routes /, /sign-in, /sign-out, /password, /question…, /answer, /desk and /assets/…, and
// shows errors on pages as pages. `app` must outlive the router. Errors: not_found when app.ui is
// not a built folder (saying how to build it), bad_input for a template that does not escape.
Result<void> add_pages(Router& router, App& app);

}  // namespace firebreak::web
