// SPDX-License-Identifier: Apache-2.0
#include "identity/person.h"

#include <algorithm>
#include <array>
#include <utility>

#include "identity/held_days.h"
#include "identity/signoff.h"

namespace firebreak::identity {
namespace {

constexpr std::array<std::string_view, 8> kRoles = {
    "officer",      "supervisor",   "referral_desk", "chief_officer", "data_protection_officer",
    "policy_owner", "board_member", "administrator"};
constexpr std::array<std::string_view, 4> kServiceKinds = {"records_system", "mail_gateway",
                                                           "phone_switch", "other"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_plain_text(std::string_view text, size_t most) {
  return !text.empty() && text.size() <= most && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

// A sign-in name stands in file names and on command lines.
bool is_sign_in_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  };
  return !name.empty() && name.size() <= 40 && name.front() != '-' && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), allowed);
}

Error damaged(std::string_view what) {
  return {ErrorCode::corrupt,
          "The stored record of a " + std::string(what) + " cannot be read.",
          {},
          {}};
}

// The reading functions below throw nlohmann's exceptions or std::bad_variant_access for a body
// that is not what to_json wrote; read_person and read_service turn these into one error.
RankHeld rank_from(const Json& body) {
  return {body.at("rank").get<std::string>(), from_day(body), until_day(body),
          body.value("deputising", false)};
}

Digest digest_from(const Json& text) { return *parse_digest(text.get<std::string>()); }

SigningKey key_from(const Json& body) {
  SigningKey key;
  key.id = body.at("id").get<std::string>();
  const Bytes bytes = *from_hex(body.at("public_key").get<std::string>());
  if (bytes.size() != key.public_key.size()) throw std::bad_variant_access();
  std::copy(bytes.begin(), bytes.end(), key.public_key.begin());
  key.from = from_day(body);
  key.until = until_day(body);
  return key;
}

}  // namespace

Actor actor_of(const Person& person) {
  return {person.id, person.roles, false, person.must_change_password, {}};
}

Actor actor_of(const Service& service) { return {service.id, {"service"}, true, false, {}}; }

std::span<const std::string_view> known_roles() { return kRoles; }
std::span<const std::string_view> known_service_kinds() { return kServiceKinds; }

bool holds_rank(const Person& person, std::span<const std::string> ranks, std::string_view rank,
                Day day) {
  const auto needed = std::find(ranks.begin(), ranks.end(), rank);
  if (needed == ranks.end()) return false;
  return std::any_of(person.ranks.begin(), person.ranks.end(), [&](const RankHeld& held) {
    return within(held.from, held.until, day) &&
           std::find(needed, ranks.end(), held.rank) != ranks.end();
  });
}

bool deputises(const Person& person, std::span<const std::string> ranks, std::string_view rank,
               Day day) {
  Person own = person;
  std::erase_if(own.ranks, [](const RankHeld& held) { return held.deputising; });
  return holds_rank(person, ranks, rank, day) && !holds_rank(own, ranks, rank, day);
}

bool holds_any_rank(const Person& person, Day day) {
  return std::any_of(person.ranks.begin(), person.ranks.end(),
                     [&](const RankHeld& held) { return !held.until || day <= *held.until; });
}

const Passkey* passkey_named(const Person& person, std::string_view ref) {
  const auto found =
      std::find_if(person.passkeys.begin(), person.passkeys.end(),
                   [&](const Passkey& passkey) { return passkey_ref(passkey.id) == ref; });
  return found == person.passkeys.end() ? nullptr : &*found;
}

Passkey* passkey_named(Person& person, std::string_view ref) {
  return const_cast<Passkey*>(passkey_named(std::as_const(person), ref));
}

const SigningKey* usable_key(const Person& person, std::string_view key_id, Day day) {
  for (const SigningKey& key : person.keys) {
    if (key.id == key_id && within(key.from, key.until, day)) return &key;
  }
  return nullptr;
}

Result<void> check_person(const Person& person) {
  if (!is_sign_in_name(person.name)) {
    return bad_input("A sign-in name is 1 to 40 of a-z, 0-9, '-', '_' and '.'.", "name",
                     "Choose another name.");
  }
  if (!is_plain_text(person.display_name, 100)) {
    return bad_input("A display name is 1 to 100 bytes without control characters.",
                     "display_name");
  }
  if (person.roles.empty()) return bad_input("A person needs at least one role.", "roles");
  for (const std::string& role : person.roles) {
    if (contains(kRoles, role)) continue;
    std::string known;
    for (std::string_view name : kRoles) known += (known.empty() ? "" : ", ") + std::string(name);
    return bad_input("There is no such role.", "roles", "The roles are " + known + ".");
  }
  for (const RankHeld& held : person.ranks) {
    if (!is_sign_in_name(held.rank)) return bad_input("This is not a rank's name.", "ranks");
    FB_CHECK(check_days(held.from, held.until, "ranks"));
  }
  for (const ProviderAccount& account : person.accounts) {
    if (!is_plain_text(account.issuer, 2048) || !is_plain_text(account.subject, 255))
      return bad_input("An account at a provider is its issuer and a subject.", "accounts");
  }
  for (const SigningKey& key : person.keys) {
    if (key.id != signing_key_id(key.public_key))
      return bad_input("The key's identifier does not belong to the key.", "keys");
    FB_CHECK(check_days(key.from, key.until, "keys"));
  }
  for (const Passkey& passkey : person.passkeys) FB_CHECK(check_passkey(passkey));
  return {};
}

Result<void> check_service(const Service& service) {
  if (!is_sign_in_name(service.name)) {
    return bad_input("A service's name is 1 to 40 of a-z, 0-9, '-', '_' and '.'.", "name",
                     "Choose another name.");
  }
  if (!contains(kServiceKinds, service.kind)) {
    return bad_input("There is no such kind of service.", "kind",
                     "The kinds are records_system, mail_gateway, phone_switch and other.");
  }
  return {};
}

Json to_json(const Person& person) {
  Json ranks = Json::array();
  for (const RankHeld& held : person.ranks) {
    Json rank = days_json(held.from, held.until);
    rank["rank"] = held.rank;
    if (held.deputising) rank["deputising"] = true;
    ranks.push_back(std::move(rank));
  }
  Json keys = Json::array();
  for (const SigningKey& key : person.keys) {
    Json body = days_json(key.from, key.until);
    body["id"] = key.id;
    body["public_key"] = hex(key.public_key);
    keys.push_back(std::move(body));
  }
  Json passkeys = Json::array();
  for (const Passkey& passkey : person.passkeys) passkeys.push_back(to_json(passkey));
  Json out = {{"id", person.id},
              {"name", person.name},
              {"display_name", person.display_name},
              {"roles", person.roles},
              {"ranks", std::move(ranks)},
              {"password_hash", person.password_hash},
              {"must_change_password", person.must_change_password},
              {"keys", std::move(keys)},
              {"passkeys", std::move(passkeys)},
              {"active", person.active}};
  if (person.password_until) out["password_until"] = format_instant(*person.password_until);
  for (const ProviderAccount& account : person.accounts)
    out["accounts"].push_back({{"issuer", account.issuer}, {"subject", account.subject}});
  return out;
}

Json to_json(const Service& service) {
  return {{"id", service.id},
          {"name", service.name},
          {"kind", service.kind},
          {"token_hash", show_digest(service.token_hash)},
          {"active", service.active}};
}

Result<Person> read_person(const Json& body) {
  try {
    Person person;
    person.id = body.at("id").get<std::string>();
    person.name = body.at("name").get<std::string>();
    person.display_name = body.at("display_name").get<std::string>();
    person.roles = body.at("roles").get<std::vector<std::string>>();
    for (const Json& rank : body.at("ranks")) person.ranks.push_back(rank_from(rank));
    person.password_hash = body.at("password_hash").get<std::string>();
    person.must_change_password = body.at("must_change_password").get<bool>();
    for (const Json& key : body.at("keys")) person.keys.push_back(key_from(key));
    for (const Json& passkey : body.value("passkeys", Json::array()))
      person.passkeys.push_back(*read_passkey(passkey));
    person.active = body.at("active").get<bool>();
    if (body.contains("password_until"))
      person.password_until = *parse_instant(body.at("password_until").get<std::string>());
    for (const Json& account : body.value("accounts", Json::array())) {
      person.accounts.push_back(
          {account.at("issuer").get<std::string>(), account.at("subject").get<std::string>()});
    }
    return person;
  } catch (const std::exception&) {
    return damaged("person");
  }
}

Result<Service> read_service(const Json& body) {
  try {
    return Service{body.at("id").get<std::string>(), body.at("name").get<std::string>(),
                   body.at("kind").get<std::string>(), digest_from(body.at("token_hash")),
                   body.at("active").get<bool>()};
  } catch (const std::exception&) {
    return damaged("service");
  }
}

}  // namespace firebreak::identity
