// SPDX-License-Identifier: Apache-2.0
// How often a passkey has signed, as its authenticator counts: kept with the entry that used it, so
// that a copy is found out also after a restart. One that does not count costs nothing.
//
//   FB_TRY(PasskeyUse use, use_passkey(tx, passkey, assertion, challenge, site));
//   FB_TRY(auto seq, tx.append(std::move(event), std::move(use.documents)));
#pragma once

#include <vector>

#include "identity/webauthn.h"
#include "register/transaction.h"

namespace firebreak::record {

struct PasskeyUse {
  // `passkey_use`, under the passkey's short name: {"sign_count": N}. None when it did not change.
  std::vector<NewDocument> documents;
};

// The same document for a use that has an entry anyway: its entry is the key's last recorded use.
// For a key file, which does not count, under the key's identifier. Errors: corrupt, unavailable.
Result<NewDocument> use_recorded(Transaction& tx, const std::string& key);

// Verifies the assertion against the newest count. Errors: those of identity::verify_assertion;
// corrupt.
Result<PasskeyUse> use_passkey(Transaction& tx, identity::Passkey passkey,
                               const identity::Assertion& assertion, const Digest& challenge,
                               const identity::RelyingParty& site);

}  // namespace firebreak::record
