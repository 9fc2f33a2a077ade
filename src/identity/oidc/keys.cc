// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <optional>

#include "base/json.h"

namespace firebreak::identity::oidc {
namespace {

constexpr size_t kCoordinate = 32;  // bytes of a P-256 coordinate, and of each half of a signature
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;

Error bad_keys(std::string message) {
  return {ErrorCode::unavailable, std::move(message), "the sign-in provider's keys",
          "Ask the provider's administrator; nobody can sign in through it until then."};
}

std::string text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Whether the provider gave the key for checking signatures, or left it open.
bool for_signatures(const Json& jwk) {
  if (jwk.contains("use") && text_member(jwk, "use") != "sig") return false;
  const auto operations = jwk.find("key_ops");
  if (operations == jwk.end()) return true;
  return operations->is_array() &&
         std::find(operations->begin(), operations->end(), Json("verify")) != operations->end();
}

// What the key signs with, from its own type; nothing when it is of no kind that is used here.
std::optional<Algorithm> algorithm_of(const Json& jwk) {
  const std::string type = text_member(jwk, "kty");
  const bool states = jwk.contains("alg");
  const std::string stated = text_member(jwk, "alg");
  if (type == "RSA" && (!states || stated == "RS256")) return Algorithm::rs256;
  if (type == "EC" && text_member(jwk, "crv") == "P-256" && (!states || stated == "ES256"))
    return Algorithm::es256;
  return std::nullopt;
}

std::shared_ptr<EVP_PKEY> key_from(const char* type, OSSL_PARAM_BLD* members) {
  const std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>> params(
      OSSL_PARAM_BLD_to_param(members));
  const std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return {key, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> rsa_key(const Json& jwk) {
  const auto modulus = from_base64url(text_member(jwk, "n"));
  const auto exponent = from_base64url(text_member(jwk, "e"));
  if (!modulus || !exponent || modulus->size() > kMostRsaBits / 8 || exponent->size() > 4)
    return nullptr;
  const BigNumber n(BN_bin2bn(modulus->data(), static_cast<int>(modulus->size()), nullptr));
  const BigNumber e(BN_bin2bn(exponent->data(), static_cast<int>(exponent->size()), nullptr));
  if (BN_num_bits(n.get()) < kLeastRsaBits || BN_is_odd(n.get()) == 0) return nullptr;
  if (BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) != 0) return nullptr;
  const std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>> members(
      OSSL_PARAM_BLD_new());
  if (OSSL_PARAM_BLD_push_BN(members.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(members.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return key_from("RSA", members.get());
}

// OpenSSL refuses a point that does not lie on the curve.
std::shared_ptr<EVP_PKEY> p256_key(const Json& jwk) {
  const auto x = from_base64url(text_member(jwk, "x"));
  const auto y = from_base64url(text_member(jwk, "y"));
  if (!x || !y || x->size() != kCoordinate || y->size() != kCoordinate) return nullptr;
  Bytes point{POINT_CONVERSION_UNCOMPRESSED};
  point.insert(point.end(), x->begin(), x->end());
  point.insert(point.end(), y->begin(), y->end());
  const std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>> members(
      OSSL_PARAM_BLD_new());
  if (OSSL_PARAM_BLD_push_utf8_string(members.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(members.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return key_from("EC", members.get());
}

// A token writes the two numbers of an ES256 signature side by side; OpenSSL takes them in DER.
Bytes der_signature(std::span<const uint8_t> both) {
  if (both.size() != 2 * kCoordinate) return {};
  const std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>> signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(both.data(), kCoordinate, nullptr);
  BIGNUM* s = BN_bin2bn(both.data() + kCoordinate, kCoordinate, nullptr);
  if (ECDSA_SIG_set0(signature.get(), r, s) != 1) {  // which takes both over, or neither
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* out = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &out);
  if (length <= 0) return {};
  Bytes der(out, out + length);
  OPENSSL_free(out);
  return der;
}

}  // namespace

Result<KeySet> read_keys(std::string_view body) {
  auto set = parse_json(body, {.max_bytes = kMaxKeySetBytes, .max_depth = 8});
  if (!set) {
    if (set.error().code == ErrorCode::too_large) return set.error();
    return bad_keys("The sign-in provider's key set is not JSON that can be read.");
  }
  if (!set->is_object() || !set->contains("keys") || !(*set)["keys"].is_array())
    return bad_keys("The sign-in provider's key set has no array \"keys\".");
  if ((*set)["keys"].size() > kMaxKeys)
    return bad_keys("The sign-in provider's key set has more than 100 keys.");
  KeySet keys;
  for (const Json& jwk : (*set)["keys"]) {
    if (!jwk.is_object()) return bad_keys("The sign-in provider's key set holds what is no key.");
    const auto algorithm = algorithm_of(jwk);
    if (!algorithm || !for_signatures(jwk)) continue;
    const std::string id = text_member(jwk, "kid");
    if (!id.empty() && find_key(keys, id, *algorithm) != nullptr)
      return bad_keys("Two of the sign-in provider's keys have the same identifier.");
    auto key = *algorithm == Algorithm::rs256 ? rsa_key(jwk) : p256_key(jwk);
    if (!key) return bad_keys("A key of the sign-in provider is malformed, or too short to trust.");
    keys.push_back({id, *algorithm, std::move(key)});
  }
  if (keys.empty()) return bad_keys("The sign-in provider has no key for RS256 or ES256.");
  return keys;
}

const Key* find_key(const KeySet& keys, std::string_view id, Algorithm algorithm) {
  const auto fits = [&](const Key& key) {
    return key.algorithm == algorithm && (id.empty() || key.id == id);
  };
  const auto first = std::find_if(keys.begin(), keys.end(), fits);
  if (first == keys.end() || std::any_of(first + 1, keys.end(), fits)) return nullptr;
  return &*first;
}

bool verifies(const Key& key, std::string_view text, std::span<const uint8_t> signature) {
  const Bytes der = key.algorithm == Algorithm::es256 ? der_signature(signature)
                                                      : Bytes(signature.begin(), signature.end());
  const std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  // For an RSA key OpenSSL's default padding is PKCS #1 v1.5, which is that of RS256.
  return !der.empty() && context &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.key.get(),
                                 nullptr) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), der.size(), as_bytes(text).data(),
                          text.size()) == 1;
}

}  // namespace firebreak::identity::oidc
