// SPDX-License-Identifier: Apache-2.0
// What the files of the fold (fold.h) share.
#pragma once

#include <string>
#include <utility>

#include "identity/person.h"

namespace firebreak::record {

// An entry that cannot follow from those before it.
inline Error wrong(std::string message) { return {ErrorCode::corrupt, std::move(message), {}, {}}; }

// The person as the ledger's entries describe them: ranks, keys and passkeys, no name.
Result<identity::Person> person_of(const Json& entry);

}  // namespace firebreak::record
