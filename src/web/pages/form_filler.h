// SPDX-License-Identifier: Apache-2.0
// Fills a form of a page that we have made with what somebody had typed into it: texts, choices,
// lists. Hidden values and buttons stay as the page has them, and a password is never filled in.
//
//   if (auto filled = fill_form(html, "/referrals/ref_x", members)) html = *filled;
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace firebreak::web {

// The page with the form that is sent to `path` filled in; nothing when it has no such form. `html`
// is what our templates make: names in lower case, values of attributes in double quotes.
std::optional<std::string> fill_form(std::string_view html, std::string_view path,
                                     const std::vector<Header>& members);

}  // namespace firebreak::web
