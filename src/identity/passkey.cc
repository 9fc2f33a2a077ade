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
    return passkey;
  } catch (const std::exception&) {
    return Error{ErrorCode::corrupt, "The stored record of a passkey cannot be read.", {}, {}};
  }
}

}  // namespace firebreak::identity
