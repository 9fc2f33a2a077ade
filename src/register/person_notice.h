// SPDX-License-Identifier: Apache-2.0
// What the Board is told about those who can be one of two persons: who holds a rank, and whose
// roles let them approve changes or manage people. A second account, another's new one-time
// password or a passkey of one's own for them could make one human two persons; each such step is a
// notice, and its entry says so.
//
//   FB_TRY(std::vector<NewDocument> told, person_notice(tx, actor, before, after));
//   if (!told.empty()) event["notice"] = "board";        // and stored with the entry
//   FB_TRY(std::vector<Json> notices, person_notices(reader, name_of));
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "identity/person.h"
#include "register/reader.h"
#include "register/transaction.h"

namespace firebreak::record {

// The next revision of the document `person_notice` of this person; none when the step is nothing
// that the Board is told: about somebody else, another kind of step, or while the register is being
// made. `before` is empty for a person who is added. Errors: corrupt, unavailable.
Result<std::vector<NewDocument>> person_notice(Transaction& tx, const std::string& actor,
                                               const std::optional<identity::Person>& before,
                                               const identity::Person& after);

// Every notice, in the form of Changes::notices; `name` gives a person's name for an identifier.
Result<std::vector<Json>> person_notices(
    Reader& reader, const std::function<std::string(const std::string&)>& name);

}  // namespace firebreak::record
