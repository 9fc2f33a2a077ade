// SPDX-License-Identifier: Apache-2.0
// Reads the options of components as govuk-frontend's macros do: what is absent is empty, and an
// empty text, 0, false and null all count as not given.
//
//   words(member(options, "name"))              // "" when there is none
//   content(options, "text", "html")            // Html; the text escaped
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "web/components/html.h"

namespace firebreak::web {

// The member, or null when there is none or `options` is no object.
const Json& member(const Json& options, std::string_view name);
const Json& member(const Json& options, std::string_view name, std::string_view inner);

// The options to change and hand on: a copy, or an empty object when they are no object.
Json copy_of(const Json& options);

bool given(const Json& value);
bool given(const Json& options, std::string_view name);

// A text or number as text, true and false by their names, anything else empty.
std::string words(const Json& value);
std::string words(const Json& options, std::string_view name);
// `fallback` when the member is not given.
std::string words_or(const Json& options, std::string_view name, std::string_view fallback);

// The given members of a list, empty when it is none; for loops.
std::vector<Json> given_items(const Json& list);

// The names of `base`, then those of the member `classes` of the options.
std::string classes(std::string_view base, const Json& options);

// The member `html` when it is given, otherwise the member `text`, escaped. An `html` that is a
// text and no Html came from outside, and is shown as text.
Html content(const Json& options, std::string_view text = "text", std::string_view html = "html");
bool has_content(const Json& options);

// One more id at the end of a list of ids.
void describe(std::string& described_by, const std::string& id);

}  // namespace firebreak::web
