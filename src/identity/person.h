// SPDX-License-Identifier: Apache-2.0
// Who may act: people with their roles, ranks and signing keys, and services with their tokens.
// These are the types and their rules; src/register keeps the records.
//
//   if (person.active && holds_rank(person, vocabulary_ranks, "chief_officer", today)) ...
//   Actor actor = actor_of(person);
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "identity/passkey.h"

namespace firebreak::identity {

// A rank with the Europe/London days on which it is held; `until` is the last such day.
struct RankHeld {
  std::string rank;
  Day from;
  std::optional<Day> until;
  bool deputising = false;  // held in the place of somebody who is away
};

// An Ed25519 public key (RFC 8032) that makes sign-offs from `from` until `until`, the last day.
struct SigningKey {
  std::string id;  // "key_" and the first 16 hexadecimal digits of the public key's SHA-256
  Digest public_key{};
  Day from;
  std::optional<Day> until;
};

// Whom a person is to a provider of OpenID Connect: its issuer and the subject together.
struct ProviderAccount {
  std::string issuer;
  std::string subject;
  bool operator==(const ProviderAccount&) const = default;
};

struct Person {
  std::string id;    // "person_…", random: what stands in the ledger
  std::string name;  // sign-in name
  std::string display_name;
  std::vector<std::string> roles;
  std::vector<RankHeld> ranks;
  std::string password_hash;  // Argon2id, libsodium's crypto_pwhash_str
  bool must_change_password = false;
  std::vector<SigningKey> keys;
  bool active = true;
  std::optional<Instant> password_until = {};  // of a one-time password: it works before that
  std::vector<ProviderAccount> accounts = {};
  std::vector<Passkey> passkeys = {};
};

struct Service {
  std::string id;  // "service_…"
  std::string name;
  std::string kind;     // records_system, mail_gateway, phone_switch, other
  Digest token_hash{};  // SHA-256 of the bearer token
  bool active = true;
};

// Who asks, as authenticated. Rights come from the roles alone (rights.h).
struct Actor {
  std::string id;
  std::vector<std::string> roles;
  bool service = false;
  bool must_change_password = false;  // then nothing but a new password is allowed
  // The service whose link opened this session; then questions are all that is allowed.
  std::string through = {};
};

Actor actor_of(const Person& person);
Actor actor_of(const Service& service);

// The roles that exist.
std::span<const std::string_view> known_roles();
// The kinds of service that exist.
std::span<const std::string_view> known_service_kinds();

// True when the person holds `rank` or a higher one on `day`. `ranks` is the vocabulary's order,
// lowest first; a rank that it does not name is held by nobody.
bool holds_rank(const Person& person, std::span<const std::string> ranks, std::string_view rank,
                Day day);

// Whether the person holds any rank on `day`, or will.
bool holds_any_rank(const Person& person, Day day);

// Whether the person holds `rank` or a higher one on `day` only in the place of somebody else.
bool deputises(const Person& person, std::span<const std::string> ranks, std::string_view rank,
               Day day);

// The passkey with this short name (passkey_ref); null when the person has none such.
const Passkey* passkey_named(const Person& person, std::string_view ref);
Passkey* passkey_named(Person& person, std::string_view ref);

// The key with this identifier if the person may sign with it on `day`; otherwise null.
const SigningKey* usable_key(const Person& person, std::string_view key_id, Day day);

// Checks a record before it is stored: name, roles, ranks with their days, keys, passkeys.
// Error: bad_input naming the member.
Result<void> check_person(const Person& person);
Result<void> check_service(const Service& service);

// The bodies of the documents `person` and `service`, and what reads them back. Error: corrupt.
Json to_json(const Person& person);
Json to_json(const Service& service);
// A record from before there were passkeys reads as one without any.
Result<Person> read_person(const Json& body);
Result<Service> read_service(const Json& body);

}  // namespace firebreak::identity
