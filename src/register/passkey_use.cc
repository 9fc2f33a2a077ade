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

NewDocument use_document(const std::string& key, uint64_t revision, uint32_t count) {
  const std::string body = canonical_json({{"sign_count", count}});
  return {kUseDocument, key, revision, Bytes(body.begin(), body.end())};
}

}  // namespace

Result<NewDocument> use_recorded(Transaction& tx, const std::string& key) {
  const auto stored = tx.get(kUseDocument, key);
  if (!stored && stored.error().code != ErrorCode::not_found) return stored.error();
  if (!stored) return use_document(key, 1, 0);
  FB_TRY(const uint32_t count, count_in(*stored));
  return use_document(key, stored->revision + 1, count);
}

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
  if (count != passkey.sign_count) use.documents.push_back(use_document(ref, revision + 1, count));
  return use;
}

}  // namespace firebreak::record
