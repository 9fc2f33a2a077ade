// SPDX-License-Identifier: Apache-2.0
// The security headers that every answer carries, by whom it is for.
#pragma once

#include <vector>

#include "web/http.h"

namespace firebreak::web {

// `secure`: the site is reached over https (TLS ends here or at the reverse proxy before us).
const std::vector<Header>& security_headers(Audience audience, bool secure);

}  // namespace firebreak::web
