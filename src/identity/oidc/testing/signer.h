// SPDX-License-Identifier: Apache-2.0
// A provider's key with its private half, for tests: makes tokens, right and wrong ones.
//
//   Signer signer("k1", Algorithm::rs256);
//   std::string token = signer.token(claims);
//   std::string body = key_set({signer.jwk()});
#pragma once

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.h"
#include "identity/oidc/keys.h"

namespace firebreak::identity::oidc {

inline std::string encoded(std::string_view text) { return base64url(as_bytes(text)); }

inline std::string key_set(const std::vector<Json>& keys) { return Json{{"keys", keys}}.dump(); }

class Signer {
 public:
  Signer(std::string id, Algorithm algorithm, size_t rsa_bits = 2048)
      : id_(std::move(id)),
        algorithm_(algorithm),
        key_(algorithm == Algorithm::rs256 ? EVP_RSA_gen(rsa_bits) : EVP_EC_gen("P-256"),
             EVP_PKEY_free) {
    if (!key_) throw std::runtime_error("no key");
  }

  [[nodiscard]] Json header() const {
    return {{"alg", algorithm_ == Algorithm::rs256 ? "RS256" : "ES256"}, {"kid", id_}};
  }

  [[nodiscard]] Json jwk() const {
    Json out = {{"kid", id_}, {"use", "sig"}};
    if (algorithm_ == Algorithm::rs256) {
      out.update({{"kty", "RSA"},
                  {"n", number(OSSL_PKEY_PARAM_RSA_N)},
                  {"e", number(OSSL_PKEY_PARAM_RSA_E)}});
    } else {
      out.update({{"kty", "EC"},
                  {"crv", "P-256"},
                  {"x", number(OSSL_PKEY_PARAM_EC_PUB_X, 32)},
                  {"y", number(OSSL_PKEY_PARAM_EC_PUB_Y, 32)}});
    }
    return out;
  }

  [[nodiscard]] std::string token(const Json& claims) const {
    return token(header().dump(), claims.dump());
  }
  [[nodiscard]] std::string token(std::string_view header, std::string_view claims) const {
    const std::string text = encoded(header) + "." + encoded(claims);
    return text + "." + base64url(signature(text));
  }

 private:
  [[nodiscard]] std::string number(const char* name, int least = 1) const {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key_.get(), name, &value) != 1) throw std::runtime_error(name);
    Bytes bytes(static_cast<size_t>(std::max(least, BN_num_bytes(value))));
    BN_bn2binpad(value, bytes.data(), static_cast<int>(bytes.size()));
    BN_free(value);
    return base64url(bytes);
  }

  [[nodiscard]] Bytes signature(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(), nullptr);
    Bytes out(2048);
    size_t length = out.size();
    if (EVP_DigestSign(context.get(), out.data(), &length, as_bytes(text).data(), text.size()) != 1)
      throw std::runtime_error("no signature");
    out.resize(length);
    return algorithm_ == Algorithm::rs256 ? out : side_by_side(out);
  }

  static Bytes side_by_side(const Bytes& der) {
    const unsigned char* at = der.data();
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
    Bytes out(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + 32, 32);
    return out;
  }

  std::string id_;
  Algorithm algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace firebreak::identity::oidc
