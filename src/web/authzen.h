// SPDX-License-Identifier: Apache-2.0
// OpenID AuthZEN Authorization API 1.0: POST /access/v1/evaluation and /access/v1/evaluations, and
// the metadata at /.well-known/authzen-configuration; with its profiles for obligations and for
// access requests. Every evaluation is on disk as
// question.decided (facets only) before it is answered.
#pragma once

#include "web/http.h"

namespace firebreak::web {

struct App;

void add_authzen(Router& router, App& app);

}  // namespace firebreak::web
