// SPDX-License-Identifier: Apache-2.0
// Reading the members of a small JSON body, each refused by name when it is missing or wrong.
//
//   FB_TRY(Json body, read_object(request, {"name", "password"}));
//   FB_TRY(std::string name, text_of(body, "name"));
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "web/http.h"

namespace firebreak::web {

// The request's JSON object, with no member but these. Error: bad_input naming the member.
Result<Json> read_object(const Request& request, std::initializer_list<std::string_view> members);
// The same, where no body at all is an empty object.
Result<Json> read_optional_object(const Request& request,
                                  std::initializer_list<std::string_view> members);

// A member that is a string and not empty. Error: bad_input.
Result<std::string> text_of(const Json& object, const char* member);
// The same, but it may be absent or empty.
Result<std::string> optional_text_of(const Json& object, const char* member);

}  // namespace firebreak::web
