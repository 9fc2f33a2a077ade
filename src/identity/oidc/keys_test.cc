// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/keys.h"

#include <gtest/gtest.h>

#include "identity/oidc/testing/signer.h"

namespace firebreak::identity::oidc {
namespace {

const Json& rsa_jwk() {
  static const Json jwk = Signer("r", Algorithm::rs256).jwk();
  return jwk;
}
const Json& ec_jwk() {
  static const Json jwk = Signer("e", Algorithm::es256).jwk();
  return jwk;
}

// How many keys a set of one gives, -1 when the set is refused.
int count_of(Json jwk, const std::string& name, const Json& value) {
  jwk[name] = value;
  const auto keys = read_keys(key_set({ec_jwk(), jwk}));
  return keys ? static_cast<int>(keys->size()) - 1 : -1;
}

TEST(ProviderKeys, OfOtherKindsArePassedOver) {
  EXPECT_EQ(count_of(rsa_jwk(), "alg", "RS256"), 1);
  EXPECT_EQ(count_of(rsa_jwk(), "key_ops", {"verify"}), 1);
  EXPECT_EQ(count_of(rsa_jwk(), "alg", "RSA-OAEP"), 0);
  EXPECT_EQ(count_of(rsa_jwk(), "alg", "RS512"), 0);
  EXPECT_EQ(count_of(rsa_jwk(), "alg", 7), 0);
  EXPECT_EQ(count_of(rsa_jwk(), "use", "enc"), 0);
  EXPECT_EQ(count_of(rsa_jwk(), "key_ops", {"sign"}), 0);
  EXPECT_EQ(count_of(rsa_jwk(), "kty", "oct"), 0);
  EXPECT_EQ(count_of(rsa_jwk(), "kty", "OKP"), 0);
  EXPECT_EQ(count_of(ec_jwk(), "crv", "P-384"), 0);
}

TEST(ProviderKeys, ThatAreMalformedOrWeakAreRefused) {
  EXPECT_EQ(count_of(rsa_jwk(), "n", "AQAB"), -1);
  EXPECT_EQ(count_of(rsa_jwk(), "n", ""), -1);
  EXPECT_EQ(count_of(rsa_jwk(), "n", rsa_jwk()["n"].get<std::string>() + "="), -1);
  EXPECT_EQ(count_of(rsa_jwk(), "n", std::string(1400, 'A') + "B"), -1);
  EXPECT_EQ(count_of(rsa_jwk(), "e", "AQ"), -1);       // 1
  EXPECT_EQ(count_of(rsa_jwk(), "e", "Ag"), -1);       // 2
  EXPECT_EQ(count_of(rsa_jwk(), "e", "AQAAAAE"), -1);  // over 32 bits
  Json renamed = ec_jwk();
  renamed["kid"] = "e2";
  EXPECT_EQ(count_of(renamed, "alg", "ES256"), 1);
  EXPECT_EQ(count_of(renamed, "x", renamed["y"]), -1);  // not on the curve
  EXPECT_EQ(count_of(renamed, "y", "AQAB"), -1);
  const Json weak = Signer("w", Algorithm::rs256, 1024).jwk();
  EXPECT_EQ(count_of(weak, "use", "sig"), -1);
}

TEST(ProviderKeys, AreFoundByIdentifierAndAlgorithm) {
  Json second = Signer("r2", Algorithm::rs256).jwk();
  const auto keys = read_keys(key_set({rsa_jwk(), second, ec_jwk()}));
  ASSERT_TRUE(keys);
  EXPECT_EQ(find_key(*keys, "r2", Algorithm::rs256), &(*keys)[1]);
  EXPECT_EQ(find_key(*keys, "r2", Algorithm::es256), nullptr);
  EXPECT_EQ(find_key(*keys, "r3", Algorithm::rs256), nullptr);
  // Without a name: the only one of its algorithm, and no guess among two.
  EXPECT_EQ(find_key(*keys, "", Algorithm::es256), &(*keys)[2]);
  EXPECT_EQ(find_key(*keys, "", Algorithm::rs256), nullptr);
}

TEST(ProviderKeys, OfASetThatCannotBeReadAreRefused) {
  const auto message = [](const std::string& body) {
    const auto keys = read_keys(body);
    return keys ? "" : keys.error().message;
  };
  EXPECT_EQ(message("<html>"), "The sign-in provider's key set is not JSON that can be read.");
  EXPECT_EQ(message("{}"), "The sign-in provider's key set has no array \"keys\".");
  EXPECT_EQ(message(R"({"keys":[7]})"), "The sign-in provider's key set holds what is no key.");
  EXPECT_EQ(message(R"({"keys":[]})"), "The sign-in provider has no key for RS256 or ES256.");
  EXPECT_EQ(message(key_set({rsa_jwk(), rsa_jwk()})),
            "Two of the sign-in provider's keys have the same identifier.");
  EXPECT_EQ(message(key_set(std::vector<Json>(kMaxKeys + 1, rsa_jwk()))),
            "The sign-in provider's key set has more than 100 keys.");
  EXPECT_EQ(message(std::string(kMaxKeySetBytes + 1, ' ')),
            "The JSON is larger than 262144 bytes.");
}

}  // namespace
}  // namespace firebreak::identity::oidc
