// SPDX-License-Identifier: Apache-2.0
// What a person asks for, as the lines of a change: the present state read, the words checked. Used
// by changes.cc alone.
//
//   {"type":"rank", "person":NAME, "rank", "from", "until"?, "deputising"?}
//   {"type":"end_rank", "person",
//   "rank", "until"}   {"type":"destination", "id", "recipient", "address", "label"?}
//   {"type":"end_destination", "id"}   {"type":"setting", "name", "value"}
//   {"type":"policy", "file" or "text", "from", "until"?, "settings"?, "offences"?}
//   {"type":"force_toml"}
#pragma once

#include <vector>

#include "identity/rights.h"
#include "register/change_state.h"
#include "register/context.h"
#include "register/directory.h"

namespace firebreak::record {

inline constexpr size_t kMaxPolicyText = size_t{256} << 10;

// The right that this request needs at least. Error: bad_input for an unknown type.
Result<std::vector<identity::Right>> rights_for(const Json& request);

// `from_force_toml` is settings_of the present force.toml. A policy's text is written into
// policies/, under a name of its own that nothing refers to until the change takes effect. Errors:
// bad_input naming the member; not_found; conflict when nothing would change.
Result<std::vector<ChangeLine>> lines_of(const Context& context, const Directory& directory,
                                         const Json& from_force_toml, const Json& request);

}  // namespace firebreak::record
