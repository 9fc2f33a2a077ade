// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/id_token.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

#include "identity/oidc/testing/signer.h"

namespace firebreak::identity::oidc {
namespace {

using std::chrono::seconds;

const Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} +
                   std::chrono::hours{9}};

int64_t unix_seconds(Instant at) {
  return std::chrono::duration_cast<seconds>(at.time_since_epoch()).count();
}

const Settings& force_settings() {
  static const Settings settings{"https://id.force.example",
                                 "firebreak",
                                 "a secret",
                                 "https://firebreak.force.example/sign-in/oidc/callback",
                                 "groups",
                                 {{"fb-officers", "officer"}}};
  return settings;
}

// Made once: an RSA key takes a while.
const Signer& rsa_signer() {
  static const Signer signer("rsa-1", Algorithm::rs256);
  return signer;
}
const Signer& ec_signer() {
  static const Signer signer("ec-1", Algorithm::es256);
  return signer;
}

Json good_claims() {
  return {{"iss", "https://id.force.example"},
          {"aud", "firebreak"},
          {"sub", "s-1001"},
          {"nonce", "n-1"},
          {"iat", unix_seconds(kNow)},
          {"exp", unix_seconds(kNow) + 300},
          {"groups", {"fb-officers"}}};
}

// What the whole of checking says: "" when the token is taken.
std::string verdict(std::string_view compact, std::string_view nonce = "n-1", Instant now = kNow) {
  const auto keys = read_keys(key_set({rsa_signer().jwk(), ec_signer().jwk()}));
  if (!keys) return keys.error().message;
  const auto token = read_token(compact);
  if (!token) return token.error().message;
  const Key* key = find_key(*keys, token->key_id, token->algorithm);
  if (key == nullptr) return "no such key";
  const auto claims = check_token(*token, *key, {force_settings(), nonce, now});
  return claims ? "" : claims.error().message;
}

std::string verdict_with(const std::string& name, const Json& value) {
  Json claims = good_claims();
  claims[name] = value;
  return verdict(rsa_signer().token(claims));
}

std::string verdict_without(const std::string& name) {
  Json claims = good_claims();
  claims.erase(name);
  return verdict(rsa_signer().token(claims));
}

constexpr const char* kOtherIssuer =
    "The sign-in token is from another issuer than [sign_in.oidc] names.";
constexpr const char* kOtherAudience = "The sign-in token is not for this application alone.";
constexpr const char* kOtherSignIn = "The sign-in token belongs to another sign-in.";
constexpr const char* kNoTimes =
    "The sign-in token does not say when it was issued and when it expires.";
constexpr const char* kNoSubject =
    "The sign-in token does not name its subject in 1 to 255 ASCII characters.";
constexpr const char* kBadSignature = "The sign-in token's signature does not hold.";
constexpr const char* kOtherAlgorithm = "The sign-in token is signed with neither RS256 nor ES256.";
constexpr const char* kFuture = "The sign-in token was issued in the future.";
constexpr const char* kNotBase64 = "The sign-in token is not strict base64url.";

TEST(IdToken, IsTakenWhenEverythingHolds) {
  EXPECT_EQ(verdict(rsa_signer().token(good_claims())), "");
  EXPECT_EQ(verdict(ec_signer().token(good_claims())), "");
  EXPECT_EQ(verdict_with("aud", {"firebreak"}), "");
  EXPECT_EQ(verdict_with("azp", "firebreak"), "");
  EXPECT_EQ(verdict_with("iat", static_cast<double>(unix_seconds(kNow)) + 0.25), "");
}

TEST(IdToken, OfAnotherIssuerIsRefused) {
  EXPECT_EQ(verdict_with("iss", "https://id.force.example/"), kOtherIssuer);
  EXPECT_EQ(verdict_with("iss", "https://ID.force.example"), kOtherIssuer);
  EXPECT_EQ(verdict_with("iss", {"https://id.force.example"}), kOtherIssuer);
  EXPECT_EQ(verdict_without("iss"), kOtherIssuer);
}

TEST(IdToken, ForAnotherAudienceIsRefused) {
  EXPECT_EQ(verdict_with("aud", "another"), kOtherAudience);
  EXPECT_EQ(verdict_with("aud", {"firebreak", "another"}), kOtherAudience);
  EXPECT_EQ(verdict_with("aud", Json::array()), kOtherAudience);
  EXPECT_EQ(verdict_with("aud", 7), kOtherAudience);
  EXPECT_EQ(verdict_without("aud"), kOtherAudience);
  EXPECT_EQ(verdict_with("azp", "another"), kOtherAudience);
  EXPECT_EQ(verdict_with("azp", nullptr), kOtherAudience);
}

TEST(IdToken, OfAnotherSignInIsRefused) {
  EXPECT_EQ(verdict_with("nonce", "n-2"), kOtherSignIn);
  EXPECT_EQ(verdict_with("nonce", 1), kOtherSignIn);
  EXPECT_EQ(verdict_without("nonce"), kOtherSignIn);
  Json claims = good_claims();
  claims["nonce"] = "";
  EXPECT_EQ(verdict(rsa_signer().token(claims), ""), kOtherSignIn);
}

TEST(IdToken, IsTakenInItsTimeAlone) {
  const std::string token = rsa_signer().token(good_claims());
  const seconds skew = kClockSkew;
  EXPECT_EQ(verdict(token, "n-1", kNow + seconds(300) + skew - seconds(1)), "");
  EXPECT_EQ(verdict(token, "n-1", kNow + seconds(300) + skew), "The sign-in token has expired.");
  EXPECT_EQ(verdict(token, "n-1", kNow - skew), "");
  EXPECT_EQ(verdict(token, "n-1", kNow - skew - seconds(1)), kFuture);
  EXPECT_EQ(verdict_with("nbf", unix_seconds(kNow) + 61), kFuture);
  EXPECT_EQ(verdict_with("nbf", "now"), kFuture);
  Json claims = good_claims();
  claims["iat"] = unix_seconds(kNow) + 61;
  claims["nbf"] = unix_seconds(kNow);
  EXPECT_EQ(verdict(rsa_signer().token(claims)), kFuture);
}

TEST(IdToken, IssuedLongAgoIsRefusedThoughItHasNotExpired) {
  Json claims = good_claims();
  claims["exp"] = unix_seconds(kNow) + 86'400;
  const std::string token = rsa_signer().token(claims);
  EXPECT_EQ(verdict(token, "n-1", kNow + kMaxTokenAge), "");
  EXPECT_EQ(verdict(token, "n-1", kNow + kMaxTokenAge + seconds(1)),
            "The sign-in token was issued too long ago.");
}

TEST(IdToken, WithoutSensibleTimesIsRefused) {
  for (const char* name : {"exp", "iat"}) {
    EXPECT_EQ(verdict_without(name), kNoTimes) << name;
    for (const Json& value : {Json("1"), Json(-1), Json(1e300), Json(nullptr), Json(true)})
      EXPECT_EQ(verdict_with(name, value), kNoTimes) << name << value;
  }
}

TEST(IdToken, WithoutASensibleSubjectIsRefused) {
  EXPECT_EQ(verdict_without("sub"), kNoSubject);
  EXPECT_EQ(verdict_with("sub", std::string(255, 'a')), "");
  for (const Json& value :
       {Json(""), Json(7), Json(std::string(256, 'a')), Json("a\nb"), Json("é")})
    EXPECT_EQ(verdict_with("sub", value), kNoSubject) << value;
}

TEST(IdToken, UnsignedIsRefused) {
  const std::string claims = encoded(good_claims().dump());
  for (const char* none : {"none", "None", "NONE", ""}) {
    const std::string header = encoded(Json{{"alg", none}, {"kid", "rsa-1"}}.dump());
    EXPECT_EQ(verdict(header + "." + claims + "."), kOtherAlgorithm) << none;
  }
  EXPECT_EQ(verdict(encoded(R"({"kid":"rsa-1"})") + "." + claims + "."), kOtherAlgorithm);
  EXPECT_EQ(verdict(encoded(R"({"alg":["RS256"]})") + "." + claims + "."), kOtherAlgorithm);
  EXPECT_EQ(verdict(encoded(rsa_signer().header().dump()) + "." + claims + "."), kNotBase64);
}

// The public key taken for the secret of a keyed hash: in each form that a verifier may have it.
TEST(IdToken, KeyedWithThePublicKeyIsRefused) {
  const auto keys = read_keys(key_set({rsa_signer().jwk()}));
  ASSERT_TRUE(keys);
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  ASSERT_EQ(PEM_write_bio_PUBKEY(memory.get(), keys->front().key.get()), 1);
  char* pem = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &pem);
  const std::string text =
      encoded(R"({"alg":"HS256","kid":"rsa-1"})") + "." + encoded(good_claims().dump());
  for (const std::string& secret :
       {std::string(pem, static_cast<size_t>(length)), rsa_signer().jwk().dump()}) {
    const Digest mac = hmac_sha256(as_bytes(secret), as_bytes(text));
    EXPECT_EQ(verdict(text + "." + base64url(mac)), kOtherAlgorithm);
  }
}

TEST(IdToken, IsCheckedWithWhatTheKeyIsForWhateverItsHeaderSays) {
  const std::string claims = good_claims().dump();
  const std::string as_ec = rsa_signer().token(R"({"alg":"ES256","kid":"rsa-1"})", claims);
  EXPECT_EQ(verdict(as_ec), "no such key");
  const auto keys = read_keys(key_set({rsa_signer().jwk()}));
  const auto token = read_token(as_ec);
  ASSERT_TRUE(keys && token);
  const auto checked = check_token(*token, keys->front(), {force_settings(), "n-1", kNow});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message, kBadSignature);
  for (const char* other : {"RS512", "PS256", "ES384", "EdDSA", "rs256"}) {
    const Json header = {{"alg", other}, {"kid", "rsa-1"}};
    EXPECT_EQ(verdict(rsa_signer().token(header.dump(), claims)), kOtherAlgorithm) << other;
  }
}

TEST(IdToken, IsNotCheckedWithAKeyThatItBrings) {
  const Signer stranger("rsa-1", Algorithm::rs256);
  Json header = stranger.header();
  header["jwk"] = stranger.jwk();
  header["jku"] = "https://stranger.example/keys";
  EXPECT_EQ(verdict(stranger.token(header.dump(), good_claims().dump())), kBadSignature);
}

TEST(IdToken, ThatAsksForAnExtensionIsRefused) {
  const std::string header = R"({"alg":"RS256","kid":"rsa-1","crit":["b64"],"b64":false})";
  EXPECT_EQ(verdict(rsa_signer().token(header, good_claims().dump())),
            "The sign-in token asks for an extension that is not known here.");
  const std::string odd = R"({"alg":"RS256","kid":7})";
  EXPECT_EQ(verdict(rsa_signer().token(odd, good_claims().dump())),
            "The sign-in token's header names its key by what is no text.");
}

TEST(IdToken, CutAnywhereIsRefused) {
  for (const Signer* signer : {&rsa_signer(), &ec_signer()}) {
    const std::string token = signer->token(good_claims());
    for (size_t length = 0; length < token.size(); ++length)
      EXPECT_NE(verdict(token.substr(0, length)), "") << length;
  }
}

// Any letter changed to another: also the last of a part, where base64 has bits to spare.
TEST(IdToken, ChangedAnywhereIsRefused) {
  for (const Signer* signer : {&rsa_signer(), &ec_signer()}) {
    const std::string token = signer->token(good_claims());
    for (size_t at = 0; at < token.size(); ++at) {
      for (const unsigned bit : {1U, 2U, 4U, 64U}) {
        std::string changed = token;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ bit);
        EXPECT_NE(verdict(changed), "") << at << " " << bit;
      }
    }
  }
}

TEST(IdToken, WithMoreThanASignatureIsRefused) {
  for (const Signer* signer : {&rsa_signer(), &ec_signer()}) {
    const std::string token = signer->token(good_claims());
    const size_t start = token.rfind('.') + 1;
    Bytes signature = *from_base64url(token.substr(start));
    signature.push_back(0);
    EXPECT_EQ(verdict(token.substr(0, start) + base64url(signature)), kBadSignature);
  }
}

TEST(IdToken, OfAnotherFormIsRefused) {
  const std::string token = rsa_signer().token(good_claims());
  const char* parts = "The sign-in token does not have the three parts of a signed one.";
  EXPECT_EQ(verdict(""), parts);
  EXPECT_EQ(verdict(token + ".x"), parts);
  EXPECT_EQ(verdict(token + ".x.y"), parts);  // an encrypted one has five
  EXPECT_EQ(verdict(token + "="), kNotBase64);
  EXPECT_EQ(verdict(token + "\n"), kNotBase64);
  EXPECT_EQ(verdict(" " + token), kNotBase64);
  EXPECT_EQ(verdict(std::string("a") + '\0' + ".b.c"), kNotBase64);
  EXPECT_EQ(verdict(std::string(kMaxTokenBytes + 1, 'a')),
            "The sign-in token is larger than 32 KiB.");
}

TEST(IdToken, WithAMemberTwiceIsRefused) {
  std::string claims = good_claims().dump();
  claims.insert(1, R"("sub":"s-9",)");
  EXPECT_EQ(verdict(rsa_signer().token(rsa_signer().header().dump(), claims)),
            "The sign-in token's claims cannot be read.");
  EXPECT_EQ(verdict(rsa_signer().token(R"({"alg":"RS256","alg":"RS256","kid":"rsa-1"})",
                                       good_claims().dump())),
            "The sign-in token's header cannot be read.");
  EXPECT_EQ(verdict(rsa_signer().token(rsa_signer().header().dump(), "[]")),
            "The sign-in token's claims cannot be read.");
}

}  // namespace
}  // namespace firebreak::identity::oidc
