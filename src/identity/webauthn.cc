// SPDX-License-Identifier: Apache-2.0
#include "identity/webauthn.h"

#include <fido.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "identity/passkey_key.h"

namespace firebreak::identity {
namespace {

constexpr JsonLimits kAnswerLimits = {.max_bytes = 16384, .max_depth = 8};
constexpr JsonLimits kClientDataLimits = {.max_bytes = 2048, .max_depth = 8};
constexpr JsonLimits kAttestationLimits = {.max_bytes = 8192, .max_depth = 8};
constexpr size_t kCredentialIdBytes = 1023;  // WebAuthn Level 3, section 4
constexpr size_t kAuthenticatorDataBytes = 2048;
constexpr size_t kSignatureBytes = 256;  // of RSA with 2048 bits, the longest of the three
constexpr int kAnswerMilliseconds = 300'000;

constexpr std::array kAskedAlgorithms = {PasskeyAlgorithm::es256, PasskeyAlgorithm::eddsa,
                                         PasskeyAlgorithm::rs256};

// The authenticator's data (WebAuthn Level 3, section 6.1): 32 bytes of the site's digest, a byte
// of flags, four of the counter, and what the flags announce.
constexpr size_t kFlagsAt = 32;
constexpr size_t kCounterAt = 33;
constexpr size_t kFixedPart = 37;
constexpr unsigned kUserPresent = 0x01;
constexpr unsigned kUserVerified = 0x04;
constexpr unsigned kBackupEligible = 0x08;
constexpr unsigned kBackedUp = 0x10;
constexpr unsigned kCredentialIncluded = 0x40;
constexpr unsigned kExtensionsIncluded = 0x80;

Error not_verified(std::string message, std::string action = "Start again from the page.") {
  return {ErrorCode::unauthorised, std::move(message), {}, std::move(action)};
}

Result<std::string> text_member(const Json& object, const std::string& name,
                                const std::string& path) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string())
    return bad_input("The passkey's answer has no text here.", path);
  return found->get<std::string>();
}

// A member in base64url of 1 to `most` bytes.
Result<Bytes> bytes_member(const Json& object, const std::string& name, const std::string& path,
                           size_t most) {
  FB_TRY(const std::string text, text_member(object, name, path));
  auto bytes = from_base64url(text);
  if (!bytes) return bad_input("This is not base64url without padding.", path);
  if (bytes->empty()) return bad_input("The passkey's answer has nothing here.", path);
  if (bytes->size() > most) {
    return Error{ErrorCode::too_large,
                 "This is longer than the " + std::to_string(most) + " bytes that it may have.",
                 path,
                 {}};
  }
  return bytes;
}

// What the answers to both requests have in common.
struct PasskeyAnswer {
  std::string id;
  Json response;
  Bytes client_data;
};

Result<PasskeyAnswer> read_answer(std::string_view text) {
  FB_TRY(Json answer, parse_json(text, kAnswerLimits));
  if (!answer.is_object()) return bad_input("The passkey's answer is not a JSON object.");
  FB_TRY(const std::string type, text_member(answer, "type", "type"));
  if (type != "public-key") return bad_input("The answer is not a passkey's.", "type");
  FB_TRY([[maybe_unused]] const Bytes id, bytes_member(answer, "id", "id", kCredentialIdBytes));
  FB_TRY(std::string written_id, text_member(answer, "id", "id"));
  FB_TRY(const std::string raw_id, text_member(answer, "rawId", "rawId"));
  if (raw_id != written_id) return bad_input("It is not the same as `id`.", "rawId");
  if (!answer.contains("response") || !answer["response"].is_object())
    return bad_input("The passkey's answer has no object here.", "response");
  FB_TRY(Bytes client_data, bytes_member(answer["response"], "clientDataJSON",
                                         "response.clientDataJSON", kClientDataLimits.max_bytes));
  return PasskeyAnswer{std::move(written_id), std::move(answer["response"]),
                       std::move(client_data)};
}

// The browser's part: for what, to which challenge and on which page the passkey was asked.
Result<void> check_client_data(const Bytes& client_data, std::string_view purpose,
                               const Digest& challenge, const RelyingParty& party) {
  const std::string where = "response.clientDataJSON";
  auto data = parse_json(as_text(client_data), kClientDataLimits);
  if (!data || !data->is_object())
    return bad_input("The browser's part of the answer is not a JSON object.", where);
  FB_TRY(const std::string type, text_member(*data, "type", where + ".type"));
  if (type != purpose) return not_verified("The passkey answered another kind of request.");
  FB_TRY(const std::string answered, text_member(*data, "challenge", where + ".challenge"));
  if (!equal_in_constant_time(as_bytes(answered), as_bytes(base64url(challenge))))
    return not_verified("The passkey answered another challenge.");
  FB_TRY(const std::string origin, text_member(*data, "origin", where + ".origin"));
  if (origin != party.origin)
    return not_verified("The passkey answered on a page of another site.");
  if (data->contains("topOrigin") || data->value("crossOrigin", Json(false)) != Json(false))
    return not_verified("The passkey answered in a frame of another site's page.");
  return {};
}

// The authenticator's part, as far as libfido2 does not tell what is wrong with it.
Result<void> check_authenticator_data(const Bytes& data, const RelyingParty& party) {
  if (data.size() < kFixedPart) {
    return bad_input("The authenticator's part is shorter than 37 bytes.",
                     "response.authenticatorData");
  }
  const Digest site = sha256(as_bytes(party.id));
  if (!std::equal(site.begin(), site.end(), data.begin()))
    return not_verified("The passkey belongs to another site.");
  const unsigned flags = data[kFlagsAt];
  if ((flags & kUserPresent) == 0)
    return not_verified("Nobody touched the passkey.", "Start again, and confirm when asked.");
  if ((flags & kUserVerified) == 0) {
    return not_verified("The passkey did not verify who holds it.",
                        "Start again, and unlock it with its PIN, a fingerprint or the face.");
  }
  if ((flags & kBackedUp) != 0 && (flags & kBackupEligible) == 0)
    return bad_input("The passkey is copied and may not be copied.", "response.authenticatorData");
  return {};
}

// Of an assertion: the counter alone follows, and extensions if there are any.
Result<uint32_t> read_counter(const Bytes& data) {
  const unsigned flags = data[kFlagsAt];
  const bool extended = (flags & kExtensionsIncluded) != 0;
  if ((flags & kCredentialIncluded) != 0 || extended == (data.size() == kFixedPart)) {
    return bad_input("The authenticator's part has another length than it announces.",
                     "response.authenticatorData");
  }
  uint32_t count = 0;
  for (size_t i = 0; i < 4; ++i) count = count << 8 | data[kCounterAt + i];
  return count;
}

// libfido2 must be made ready in each thread; it prints nothing of what it reads.
void ready_fido() {
  fido_init(0);
  fido_set_log_handler([](const char*) {});
}

struct FreeFido {
  void operator()(fido_assert_t* assertion) const { fido_assert_free(&assertion); }
  void operator()(fido_cred_t* credential) const { fido_cred_free(&credential); }
};
using FidoAssertion = std::unique_ptr<fido_assert_t, FreeFido>;
using FidoCredential = std::unique_ptr<fido_cred_t, FreeFido>;

FidoAssertion fido_assertion(const Assertion& from, const RelyingParty& party) {
  ready_fido();
  FidoAssertion out(fido_assert_new());
  fido_assert_t* to = out.get();
  const Digest client_data = sha256(from.client_data);
  const bool filled =
      to != nullptr && fido_assert_set_count(to, 1) == FIDO_OK &&
      fido_assert_set_rp(to, party.id.c_str()) == FIDO_OK &&
      fido_assert_set_up(to, FIDO_OPT_TRUE) == FIDO_OK &&
      fido_assert_set_uv(to, FIDO_OPT_TRUE) == FIDO_OK &&
      fido_assert_set_clientdata_hash(to, client_data.data(), client_data.size()) == FIDO_OK &&
      fido_assert_set_authdata_raw(to, 0, from.authenticator_data.data(),
                                   from.authenticator_data.size()) == FIDO_OK &&
      fido_assert_set_sig(to, 0, from.signature.data(), from.signature.size()) == FIDO_OK;
  return filled ? std::move(out) : nullptr;
}

// The credential in the authenticator's data, when its key is of the algorithm.
FidoCredential fido_credential(PasskeyAlgorithm algorithm, const Bytes& data) {
  ready_fido();
  FidoCredential out(fido_cred_new());
  const bool read = out && fido_cred_set_type(out.get(), static_cast<int>(algorithm)) == FIDO_OK &&
                    fido_cred_set_authdata_raw(out.get(), data.data(), data.size()) == FIDO_OK;
  return read ? std::move(out) : nullptr;
}

// The authenticator's data in an attestation object whose statement is none, or the passkey's own.
Result<Bytes> attested_data(const Json& response) {
  const std::string where = "response.attestationObject";
  FB_TRY(const Bytes cbor,
         bytes_member(response, "attestationObject", where, kAttestationLimits.max_bytes));
  const auto object = parse_cbor(cbor, kAttestationLimits);
  if (!object || !object->is_object() || !object->contains("authData") ||
      !object->at("authData").is_binary() || !object->contains("fmt") ||
      !object->at("fmt").is_string())
    return bad_input("This is not an attestation object.", where);
  const auto format = object->at("fmt").get<std::string>();
  if (format != "none" && format != "packed") {
    return bad_input("The passkey's maker vouches for it, which was not asked for.", where,
                     "Register it again without an attestation.");
  }
  const auto& data = object->at("authData").get_binary();
  if (data.size() > kAuthenticatorDataBytes)
    return bad_input("The authenticator's part is too long.", where);
  return Bytes(data.begin(), data.end());
}

// The passkey in the authenticator's data, whichever of the three algorithms its key has.
Result<Passkey> registered_passkey(const Bytes& data, const std::string& id) {
  for (const PasskeyAlgorithm algorithm : kAskedAlgorithms) {
    const FidoCredential credential = fido_credential(algorithm, data);
    if (!credential) continue;
    const std::span credential_id(fido_cred_id_ptr(credential.get()),
                                  fido_cred_id_len(credential.get()));
    if (base64url(credential_id) != id)
      return bad_input("It is not the credential that the authenticator made.", "id");
    Passkey passkey;
    passkey.id = id;
    passkey.algorithm = algorithm;
    passkey.public_key = kept_public_key(algorithm, {fido_cred_pubkey_ptr(credential.get()),
                                                     fido_cred_pubkey_len(credential.get())});
    passkey.sign_count = fido_cred_sigcount(credential.get());
    passkey.backup_eligible = (data[kFlagsAt] & kBackupEligible) != 0;
    if (!passkey.public_key.empty()) return passkey;
  }
  return bad_input("The authenticator's part holds no key for ES256, EdDSA or RS256.",
                   "response.attestationObject");
}

Json credential_list(std::span<const Passkey> passkeys) {
  Json out = Json::array();
  for (const Passkey& passkey : passkeys)
    out.push_back({{"type", "public-key"}, {"id", passkey.id}});
  return out;
}

}  // namespace

Json creation_options(const RelyingParty& party, const PasskeyHolder& holder,
                      const Digest& challenge, std::span<const Passkey> held) {
  Json algorithms = Json::array();
  for (const PasskeyAlgorithm algorithm : kAskedAlgorithms)
    algorithms.push_back({{"type", "public-key"}, {"alg", static_cast<int>(algorithm)}});
  return {
      {"rp", {{"id", party.id}, {"name", party.name}}},
      {"user",
       {{"id", base64url(as_bytes(holder.handle))},
        {"name", holder.name},
        {"displayName", holder.display_name}}},
      {"challenge", base64url(challenge)},
      {"pubKeyCredParams", std::move(algorithms)},
      {"timeout", kAnswerMilliseconds},
      {"excludeCredentials", credential_list(held)},
      {"authenticatorSelection", {{"residentKey", "preferred"}, {"userVerification", "required"}}},
      {"attestation", "none"}};
}

Json request_options(const RelyingParty& party, const Digest& challenge,
                     std::span<const Passkey> held) {
  return {{"challenge", base64url(challenge)},
          {"timeout", kAnswerMilliseconds},
          {"rpId", party.id},
          {"allowCredentials", credential_list(held)},
          {"userVerification", "required"}};
}

Result<Passkey> verify_registration(std::string_view answer, const Digest& challenge,
                                    const RelyingParty& party) {
  FB_TRY(const PasskeyAnswer read, read_answer(answer));
  FB_TRY(const Bytes data, attested_data(read.response));
  FB_CHECK(check_client_data(read.client_data, "webauthn.create", challenge, party));
  FB_CHECK(check_authenticator_data(data, party));
  FB_TRY(Passkey passkey, registered_passkey(data, read.id));
  passkey.site = party.id;
  passkey.origin = party.origin;
  return passkey;
}

Result<Assertion> read_assertion(std::string_view answer) {
  FB_TRY(PasskeyAnswer read, read_answer(answer));
  FB_TRY(Bytes data, bytes_member(read.response, "authenticatorData", "response.authenticatorData",
                                  kAuthenticatorDataBytes));
  FB_TRY(Bytes signature,
         bytes_member(read.response, "signature", "response.signature", kSignatureBytes));
  return Assertion{std::move(read.id), std::move(read.client_data), std::move(data),
                   std::move(signature)};
}

Result<uint32_t> verify_assertion(const Passkey& passkey, const Assertion& assertion,
                                  const Digest& challenge, const RelyingParty& party) {
  if (assertion.passkey != passkey.id) return not_verified("Another passkey answered.");
  FB_CHECK(check_client_data(assertion.client_data, "webauthn.get", challenge, party));
  FB_CHECK(check_authenticator_data(assertion.authenticator_data, party));
  FB_TRY(const uint32_t count, read_counter(assertion.authenticator_data));
  const bool eligible = (assertion.authenticator_data[kFlagsAt] & kBackupEligible) != 0;
  if (eligible != passkey.backup_eligible) {
    return not_verified("The passkey says otherwise than before whether it may be copied.",
                        "Ask an administrator to replace it.");
  }
  const FidoAssertion fido = fido_assertion(assertion, party);
  if (!fido || !signature_verifies(passkey.algorithm, passkey.public_key, fido.get()))
    return not_verified("The passkey's signature does not verify.");
  if (passkey.sign_count != 0 && count <= passkey.sign_count) {
    return Error{ErrorCode::forbidden,
                 "The passkey's counter went back, as that of a copy does.",
                 {},
                 "Do not use it again; ask an administrator to replace it."};
  }
  return count;
}

}  // namespace firebreak::identity
