// SPDX-License-Identifier: Apache-2.0
// A passkey: a WebAuthn public key credential of a person, as their record keeps it. What a browser
// answers with one is verified by webauthn.h.
//
//   FB_TRY(Passkey passkey, verify_registration(…));
//   passkey.name = "work telephone"; passkey.from = today;
//   FB_CHECK(check_passkey(passkey));
//   Json body = to_json(passkey);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"

namespace firebreak::identity {

// The values are those of COSE (RFC 9053, RFC 8812).
enum class PasskeyAlgorithm { es256 = -7, eddsa = -8, rs256 = -257 };
std::string_view algorithm_name(PasskeyAlgorithm algorithm);  // "ES256", "EdDSA", "RS256"

struct Passkey {
  std::string id;      // the credential's identifier in base64url, as browsers write it
  std::string site;    // the domain it was made for (RelyingParty::id)
  std::string origin;  // and the origin of the page: it answers on no other
  PasskeyAlgorithm algorithm = PasskeyAlgorithm::es256;
  Bytes public_key;              // SubjectPublicKeyInfo in DER (RFC 5280), which OpenSSL reads
  uint32_t sign_count = 0;       // the authenticator's last; 0 for one that does not count
  bool backup_eligible = false;  // whether it may be copied to the holder's other devices
  std::string name;              // what its holder calls it
  Day from;                      // makes answers from this day until `until`, the last
  std::optional<Day> until;
  Instant registered;
  // How many persons other than the holder must confirm it before it counts, not before so many
  // hours have passed, and who did. Of somebody who holds no rank: 0.
  int confirmations = 0;
  int wait_hours = 0;
  std::vector<std::string> confirmed_by;
  std::optional<Instant> suspended;  // at once and for good
};

// A short name for lists, addresses and entries: "passkey_" and the first 16 hexadecimal digits of
// the SHA-256 of the identifier.
std::string passkey_ref(std::string_view id);

// Whether it lacks confirmations, and is not suspended.
bool is_pending(const Passkey& passkey);
// Whether its answers count at that moment: confirmed, not suspended, within its days.
bool is_usable(const Passkey& passkey, Instant now);

// Checks a record before it is stored: identifier, name, days, and that the public key is one of
// the algorithm. Error: bad_input naming the member.
Result<void> check_passkey(const Passkey& passkey);

// What stands in the body of the document `person`, and what reads it back:
//
//   {"id":"…","site":"firebreak.example","origin":"https://firebreak.example","algorithm":"ES256",
//    "public_key":"<base64>","sign_count":7,"backup_eligible":false,"name":"work telephone",
//    "from":"2026-11-22","until":"2027-11-21","registered":"2026-11-22T09:30:00.000000Z",
//    "confirmations":2,"wait_hours":24,"confirmed_by":["person_…"],"suspended":"…"}
//
// Error: corrupt.
Json to_json(const Passkey& passkey);
Result<Passkey> read_passkey(const Json& body);

// The same without its name, which may tell of the holder, and its count, which changes with every
// use: what stands in the ledger.
Json ledger_json(const Passkey& passkey);
// What reads that back; name and count are empty. Error: corrupt.
Result<Passkey> read_ledger_passkey(Json body);

}  // namespace firebreak::identity
