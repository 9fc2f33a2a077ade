// SPDX-License-Identifier: Apache-2.0
// A passkey made of software, for tests alone: it signs what no browser would let one sign, so that
// a refusal is seen to be the check's own and not the signature's.
//
//   SoftwarePasskey made(party);
//   Passkey passkey = *verify_registration(made.registration(made.client_data("webauthn.create",
//                                          challenge)).dump(), challenge, party);
//   Json answer = made.assertion(made.client_data("webauthn.get", challenge), made.data(0x05, 2));
#pragma once

#include <sodium.h>

#include <array>
#include <string>

#include "identity/webauthn.h"

namespace firebreak::identity {

class SoftwarePasskey {
 public:
  explicit SoftwarePasskey(RelyingParty party, uint8_t seed = 1) : party_(std::move(party)) {
    const Digest bytes{seed};
    crypto_sign_seed_keypair(public_key_.data(), secret_.data(), bytes.data());
    id_.assign(16, seed);
  }

  [[nodiscard]] Json client_data(const std::string& type, const Digest& challenge) const {
    return {{"type", type},
            {"challenge", base64url(challenge)},
            {"origin", party_.origin},
            {"crossOrigin", false}};
  }

  // The authenticator's data of an assertion.
  [[nodiscard]] Bytes data(uint8_t flags, uint32_t count) const {
    const Digest site = sha256(as_bytes(party_.id));
    Bytes out(site.begin(), site.end());
    out.push_back(flags);
    for (int shift = 24; shift >= 0; shift -= 8)
      out.push_back(static_cast<uint8_t>(count >> shift));
    return out;
  }

  // That of a registration: the identifier and the key (COSE, RFC 9053: OKP, EdDSA, Ed25519) too.
  [[nodiscard]] Bytes attested(uint8_t flags, uint32_t count) const {
    Bytes out = data(flags, count);
    out.insert(out.end(), 16, 0);  // the authenticator's model, not told
    out.push_back(0);
    out.push_back(static_cast<uint8_t>(id_.size()));
    out.insert(out.end(), id_.begin(), id_.end());
    const Bytes key = {0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20};
    out.insert(out.end(), key.begin(), key.end());
    out.insert(out.end(), public_key_.begin(), public_key_.end());
    return out;
  }

  [[nodiscard]] Json registration(const Json& client_data, const Bytes& attested_data,
                                  const std::string& format = "none") const {
    const Json object = {
        {"fmt", format}, {"attStmt", Json::object()}, {"authData", Json::binary(attested_data)}};
    Json response;
    response["clientDataJSON"] = base64url(as_bytes(client_data.dump()));
    response["attestationObject"] = base64url(Json::to_cbor(object));
    return answer(response);
  }

  [[nodiscard]] Json assertion(const Json& client_data, const Bytes& authenticator_data) const {
    const std::string text = client_data.dump();
    const Digest digest = sha256(as_bytes(text));
    Bytes message = authenticator_data;
    message.insert(message.end(), digest.begin(), digest.end());
    std::array<uint8_t, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret_.data());
    Json response;
    response["clientDataJSON"] = base64url(as_bytes(text));
    response["authenticatorData"] = base64url(authenticator_data);
    response["signature"] = base64url(signature);
    return answer(response);
  }

 private:
  [[nodiscard]] Json answer(const Json& response) const {
    return {{"type", "public-key"},
            {"id", base64url(id_)},
            {"rawId", base64url(id_)},
            {"response", response},
            {"clientExtensionResults", Json::object()}};
  }

  RelyingParty party_;
  Bytes id_;
  std::array<uint8_t, crypto_sign_PUBLICKEYBYTES> public_key_{};
  std::array<uint8_t, crypto_sign_SECRETKEYBYTES> secret_{};
};

}  // namespace firebreak::identity
