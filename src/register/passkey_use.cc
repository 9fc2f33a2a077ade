// SPDX-License-Identifier: Apache-2.0
#include "register/passkey_use.h"

#include <utility>

namespace firebreak::record {
namespace {

constexpr const char* kUseDocument = "passkey_use";

Result<uint32_t> count_in(const Document& document) {
  const auto body = document.body ? parse_json(as_text(*document.body)) : Result<Json>(Json());
  if (body && body->is_object() && body->contains("sign_count") &&
      body->at("sign_count").is_number_unsigned())
    return body->at("sign_count").get<uint32_t>();
  return Error{ErrorCode::corrupt, "The stored count of a passkey cannot be read.", {}, {}};
}

}  // namespace

Result<PasskeyUse> use_passkey(Transaction& tx, identity::Passkey passkey,
                               const identity::Assertion& assertion, const Digest& challenge,
                               const identity::RelyingParty& site) {
  const std::string ref = identity::passkey_ref(passkey.id);
  uint64_t revision = 0;
  const auto stored = tx.get(kUseDocument, ref);
  if (stored) {
    FB_TRY(passkey.sign_count, count_in(*stored));
    revision = stored->revision;
  } else if (stored.error().code != ErrorCode::not_found) {
    return stored.error();
  }
  FB_TRY(const uint32_t count, identity::verify_assertion(passkey, assertion, challenge, site));
  PasskeyUse use;
  if (count != passkey.sign_count) {
    const std::string body = canonical_json({{"sign_count", count}});
    use.documents.push_back({kUseDocument, ref, revision + 1, Bytes(body.begin(), body.end())});
  }
  return use;
}

}  // namespace firebreak::record
