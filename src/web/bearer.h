// SPDX-License-Identifier: Apache-2.0
// The token of an Authorization header (RFC 6750 section 2.1).
#pragma once

#include <optional>
#include <string_view>

namespace firebreak::web {

// "Bearer" in any case, spaces, and a token68 (RFC 9110 section 11.2). Nothing for anything else.
std::optional<std::string_view> bearer_token(std::string_view authorization);

}  // namespace firebreak::web
