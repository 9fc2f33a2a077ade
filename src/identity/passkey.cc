// SPDX-License-Identifier: Apache-2.0
#include "identity/passkey.h"

#include <algorithm>
#include <array>
#include <utility>

#include "identity/held_days.h"
#include "identity/passkey_key.h"

namespace firebreak::identity {
namespace {

constexpr size_t kLongestCredentialId = 1023;  // WebAuthn Level 3, section 4
constexpr size_t kLongestName = 60;
constexpr std::array kPasskeyAlgorithms = {PasskeyAlgorithm::es256, PasskeyAlgorithm::eddsa,
                                           PasskeyAlgorithm::rs256};

bool is_passkey_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

PasskeyAlgorithm algorithm_named(std::string_view name) {
  for (const PasskeyAlgorithm algorithm : kPasskeyAlgorithms) {
    if (algorithm_name(algorithm) == name) return algorithm;
  }
  throw std::bad_variant_access();
}

}  // namespace

std::string_view algorithm_name(PasskeyAlgorithm algorithm) {
  switch (algorithm) {
    case PasskeyAlgorithm::es256:
      return "ES256";
    case PasskeyAlgorithm::eddsa:
      return "EdDSA";
    case PasskeyAlgorithm::rs256:
      return "RS256";
  }
  return {};
}

std::string passkey_ref(std::string_view id) {
  return "passkey_" + hex(sha256(as_bytes(id))).substr(0, 16);
}

bool is_pending(const Passkey& passkey) {
  return !passkey.suspended &&
         passkey.confirmed_by.size() < static_cast<size_t>(passkey.confirmations);
}

bool is_usable(const Passkey& passkey, Instant now) {
  return !passkey.suspended && !is_pending(passkey) &&
         within(passkey.from, passkey.until, london_day(now));
}

Result<void> check_passkey(const Passkey& passkey) {
  const auto id = from_base64url(passkey.id);
  if (!id || id->empty() || id->size() > kLongestCredentialId)
    return bad_input("A passkey's identifier is 1 to 1023 bytes in base64url.", "id");
  if (!is_passkey_name(passkey.name)) {
    return bad_input("A passkey's name is 1 to 60 bytes without control characters.", "name",
                     "Give it a name by which you will know it again.");
  }
  if (!is_public_key(passkey.algorithm, passkey.public_key))
    return bad_input("The public key is not one of the algorithm.", "public_key");
  if (passkey.site.empty() || passkey.origin.empty())
    return bad_input("A passkey needs the site that it was made for.", "site");
  return check_days(passkey.from, passkey.until, "from");
}

Json to_json(const Passkey& passkey) {
  Json out = days_json(passkey.from, passkey.until);
  out["id"] = passkey.id;
  out["algorithm"] = algorithm_name(passkey.algorithm);
  out["public_key"] = base64(passkey.public_key);
  out["sign_count"] = passkey.sign_count;
  out["backup_eligible"] = passkey.backup_eligible;
  out["name"] = passkey.name;
  out["site"] = passkey.site;
  out["origin"] = passkey.origin;
  out["registered"] = format_instant(passkey.registered);
  out["confirmations"] = passkey.confirmations;
  out["wait_hours"] = passkey.wait_hours;
  out["confirmed_by"] = passkey.confirmed_by;
  if (passkey.suspended) out["suspended"] = format_instant(*passkey.suspended);
  return out;
}

Result<Passkey> read_passkey(const Json& body) {
  try {
    Passkey passkey;
    passkey.id = body.at("id").get<std::string>();
    passkey.algorithm = algorithm_named(body.at("algorithm").get<std::string>());
    passkey.public_key = *from_base64(body.at("public_key").get<std::string>());
    passkey.sign_count = body.at("sign_count").get<uint32_t>();
    passkey.backup_eligible = body.at("backup_eligible").get<bool>();
    passkey.name = body.at("name").get<std::string>();
    passkey.from = from_day(body);
    passkey.until = until_day(body);
    passkey.site = body.at("site").get<std::string>();
    passkey.origin = body.at("origin").get<std::string>();
    passkey.registered = *parse_instant(body.at("registered").get<std::string>());
    passkey.confirmations = body.at("confirmations").get<int>();
    passkey.wait_hours = body.at("wait_hours").get<int>();
    passkey.confirmed_by = body.at("confirmed_by").get<std::vector<std::string>>();
    if (body.contains("suspended"))
      passkey.suspended = *parse_instant(body.at("suspended").get<std::string>());
    return passkey;
  } catch (const std::exception&) {
    return Error{ErrorCode::corrupt, "The stored record of a passkey cannot be read.", {}, {}};
  }
}

Json ledger_json(const Passkey& passkey) {
  Json out = to_json(passkey);
  out.erase("name");
  out.erase("sign_count");
  return out;
}

Result<Passkey> read_ledger_passkey(Json body) {
  body["name"] = "";
  body["sign_count"] = 0;
  return read_passkey(body);
}

}  // namespace firebreak::identity
