// SPDX-License-Identifier: Apache-2.0
// Who asks, as authenticated from a bearer token or a page's cookie (web/access.h).
#pragma once

#include <string>

#include "identity/person.h"

namespace firebreak::web {

struct Caller {
  identity::Actor actor;
  std::string token;  // as presented: to end the session or change its password; never logged
};

}  // namespace firebreak::web
