// SPDX-License-Identifier: Apache-2.0
// Passkeys in a browser (W3C Web Authentication Level 3): what the page's script asks for, and the
// verification of what it brings back.
//
//   Json options = creation_options(party, {person.id, person.name, person.display_name},
//   challenge,
//                                   held);              // to navigator.credentials.create
//   FB_TRY(Passkey passkey, verify_registration(answer, challenge, party));
//
//   Json options = request_options(party, challenge, held);  // to navigator.credentials.get
//   FB_TRY(Assertion assertion, read_assertion(answer));
//   FB_TRY(passkey.sign_count, verify_assertion(passkey, assertion, challenge, party));
//
// A challenge is used once, by whoever gave it: 32 random bytes for a sign-in or a registration,
// the digest of the statement for a sign-off. The holder is always verified (PIN, fingerprint,
// face). libfido2 reads the authenticator's data and verifies the signature; the challenge, the
// purpose, the origin, the frame and the counter are compared here, in the parsed JSON.
//
// The errors' messages hold nothing of the answer: neither a signature nor a credential is logged.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "identity/passkey.h"

namespace firebreak::identity {

// The site whose passkeys these are.
struct RelyingParty {
  std::string id;      // its domain, "firebreak.example"; never an IP address
  std::string name;    // as the browser shows it
  std::string origin;  // of its pages, "https://firebreak.example"
};

// Whose passkey is registered. The handle is kept in the authenticator: an identifier that says
// nothing of the person, of at most 64 bytes.
struct PasskeyHolder {
  std::string handle;
  std::string name;
  std::string display_name;
};

// PublicKeyCredentialCreationOptionsJSON; an authenticator that holds one of `held` makes no other.
Json creation_options(const RelyingParty& party, const PasskeyHolder& holder,
                      const Digest& challenge, std::span<const Passkey> held);
// PublicKeyCredentialRequestOptionsJSON; with no `held`, any passkey of the site may answer.
Json request_options(const RelyingParty& party, const Digest& challenge,
                     std::span<const Passkey> held);

// The passkey that a RegistrationResponseJSON brings, of this site; its name, its days and who must
// confirm it are for the caller to fill.
// No attestation is asked for, and none that is sent is relied on. Errors: bad_input and too_large
// for what is not such an answer, unauthorised for one to another challenge, of another site, or
// without the holder's verification.
Result<Passkey> verify_registration(std::string_view answer, const Digest& challenge,
                                    const RelyingParty& party);

// What a passkey signed, and which one says it did: all that is kept of a sign-off to check it
// years later.
struct Assertion {
  std::string passkey;  // Passkey::id
  Bytes client_data;    // the browser's JSON, byte for byte
  Bytes authenticator_data;
  Bytes signature;
};

// Reads an AuthenticationResponseJSON; nothing is verified. Errors: bad_input, too_large.
Result<Assertion> read_assertion(std::string_view answer);

// The authenticator's new count of signatures, to be stored before anything is done that the
// assertion allows. Whether the passkey may be used today is the caller's to check (`from`,
// `until`). Errors: bad_input for data that cannot be read; unauthorised for another passkey,
// challenge, purpose, site or frame, a holder not verified, or a signature that does not verify;
// forbidden when the counter went back, as a copy's does.
Result<uint32_t> verify_assertion(const Passkey& passkey, const Assertion& assertion,
                                  const Digest& challenge, const RelyingParty& party);

}  // namespace firebreak::identity
