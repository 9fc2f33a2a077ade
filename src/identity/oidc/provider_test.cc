// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/provider.h"

#include <gtest/gtest.h>

#include "identity/oidc/testing/signer.h"

namespace firebreak::identity::oidc {
namespace {

const std::string kIssuer = "https://id.force.example/realms/force";

// A provider in memory: it gives what stands in its members, and keeps the last form it was sent.
class SmallProvider final : public Fetcher {
 public:
  Result<Answer> fetch(const Request& request) override {
    if (down) return Error{ErrorCode::unavailable, "down", {}, {}};
    if (request.url == kIssuer + "/.well-known/openid-configuration")
      return Answer{200, document.dump()};
    if (request.url == kIssuer + "/keys") return Answer{200, keys};
    if (request.url == kIssuer + "/token" && request.form) {
      form = *request.form;
      authorization = request.authorization;
      return Answer{token_status, token_answer.dump()};
    }
    return Answer{404, ""};
  }

  bool down = false;
  Json document = {{"issuer", kIssuer},
                   {"authorization_endpoint", kIssuer + "/auth"},
                   {"token_endpoint", kIssuer + "/token"},
                   {"jwks_uri", kIssuer + "/keys"},
                   {"response_types_supported", {"code"}},
                   {"code_challenge_methods_supported", {"S256"}},
                   {"id_token_signing_alg_values_supported", {"RS256"}},
                   {"authorization_response_iss_parameter_supported", true}};
  std::string keys;
  long token_status = 200;
  Json token_answer = Json::object();
  std::string form;
  std::string authorization;
};

class OidcProvider : public testing::Test {
 protected:
  OidcProvider() { small_.keys = key_set({first_.jwk()}); }

  // Signs in with a token of `signer`; the message when that is refused.
  std::string sign_in(const Signer& signer) {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch());
    small_.token_answer = {{"id_token", signer.token({{"iss", kIssuer},
                                                      {"aud", "fire:break"},
                                                      {"sub", "s-1001"},
                                                      {"nonce", attempt_.nonce},
                                                      {"iat", now.count()},
                                                      {"exp", now.count() + 300},
                                                      {"groups", {"fb-officers"}}})}};
    return finish({attempt_.state, "c&1", "", kIssuer});
  }
  std::string finish(const Returned& returned) {
    const auto who = provider_.finish(attempt_, returned);
    if (!who) return who.error().message;
    EXPECT_EQ(who->issuer, kIssuer);
    EXPECT_EQ(who->subject, "s-1001");
    EXPECT_EQ(who->roles, std::vector<std::string>{"officer"});
    return "";
  }

  const Signer first_{"k1", Algorithm::rs256};
  SmallProvider small_;
  ManualClock clock_{Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}}};
  SeededRandom random_{4};
  const Attempt attempt_ = new_attempt(random_);
  Provider provider_{Settings{kIssuer,
                              "fire:break",
                              "s%c ret",
                              "https://firebreak.force.example/sign-in/oidc/callback",
                              "groups",
                              {{"fb-officers", "officer"}}},
                     small_, clock_};
};

constexpr const char* kNoSuchKey =
    "The sign-in token names a key that the provider does not publish.";

TEST_F(OidcProvider, SendsTheBrowserWithAChallengeAndKeepsTheVerifier) {
  const auto url = provider_.sign_in_url(attempt_);
  ASSERT_TRUE(url);
  EXPECT_EQ(*url, kIssuer + "/auth?response_type=code&scope=openid&client_id=fire%3Abreak" +
                      "&redirect_uri=https%3A%2F%2Ffirebreak.force.example%2Fsign-in%2Foidc" +
                      "%2Fcallback&state=" + attempt_.state + "&nonce=" + attempt_.nonce +
                      "&code_challenge=" + base64url(sha256(as_bytes(attempt_.verifier))) +
                      "&code_challenge_method=S256");
  EXPECT_EQ(attempt_.verifier.size(), 43U);  // the least that RFC 7636 takes
  EXPECT_EQ(url->find(attempt_.verifier), std::string::npos);
}

TEST_F(OidcProvider, ExchangesTheCodeForWhoSignedIn) {
  EXPECT_EQ(sign_in(first_), "");
  EXPECT_EQ(small_.form, "grant_type=authorization_code&code=c%261&redirect_uri=" +
                             std::string("https%3A%2F%2Ffirebreak.force.example%2Fsign-in%2Foidc") +
                             "%2Fcallback&code_verifier=" + attempt_.verifier);
  EXPECT_EQ(small_.authorization, "Basic " + base64(as_bytes("fire%3Abreak:s%25c%20ret")));
}

TEST_F(OidcProvider, PutsTheSecretIntoTheFormWhereThatIsAllTheProviderTakes) {
  small_.document["token_endpoint_auth_methods_supported"] = {"client_secret_post"};
  EXPECT_EQ(sign_in(first_), "");
  EXPECT_TRUE(small_.form.ends_with("&client_id=fire%3Abreak&client_secret=s%25c%20ret"));
  EXPECT_EQ(small_.authorization, "");
}

TEST_F(OidcProvider, TakesANewKeyAtOnceAndAsksOnceAMinuteAtTheMost) {
  const Signer second("k2", Algorithm::rs256);
  const Signer third("k3", Algorithm::rs256);
  EXPECT_EQ(sign_in(first_), "");
  small_.keys = key_set({second.jwk()});
  EXPECT_EQ(sign_in(second), "");
  EXPECT_EQ(sign_in(first_), kNoSuchKey);  // withdrawn
  small_.keys = key_set({third.jwk()});
  EXPECT_EQ(sign_in(third), kNoSuchKey);
  clock_.advance(Provider::kBetweenFetches);
  EXPECT_EQ(sign_in(third), "");
}

TEST_F(OidcProvider, ForgetsAWithdrawnKeyWithinTheHour) {
  const Signer second("k2", Algorithm::rs256);
  EXPECT_EQ(sign_in(first_), "");
  small_.keys = key_set({second.jwk()});
  clock_.advance(Provider::kKept - std::chrono::seconds(1));
  EXPECT_EQ(sign_in(first_), "");
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(sign_in(first_), kNoSuchKey);
}

TEST_F(OidcProvider, WithAnotherKeyUnderAKnownNameIsNotBelieved) {
  EXPECT_EQ(sign_in(first_), "");
  EXPECT_EQ(sign_in(Signer("k1", Algorithm::rs256)),
            "The sign-in token's signature does not hold.");
}

TEST_F(OidcProvider, AnswerOfAnotherSignInOrProviderIsRefused) {
  const char* other = "The provider's answer belongs to another sign-in.";
  const char* stranger = "The answer is from another provider than the one that was asked.";
  EXPECT_EQ(sign_in(first_), "");
  EXPECT_EQ(finish({"", "c", "", kIssuer}), other);
  EXPECT_EQ(finish({attempt_.nonce, "c", "", kIssuer}), other);
  EXPECT_EQ(provider_.finish(Attempt{}, {"", "c", "", kIssuer}).error().message, other);
  EXPECT_EQ(finish({attempt_.state, "c", "", "https://stranger.example"}), stranger);
  EXPECT_EQ(finish({attempt_.state, "c", "", ""}), stranger);
  EXPECT_EQ(finish({attempt_.state, "", "", kIssuer}), "The sign-in provider did not sign you in.");
  EXPECT_EQ(finish({attempt_.state, "c", "access_denied", kIssuer}),
            "The sign-in provider did not sign you in.");
}

TEST_F(OidcProvider, ThatGivesNoTokenIsToldApart) {
  const auto message = [&](long status, Json answer) {
    small_.token_status = status;
    small_.token_answer = std::move(answer);
    return finish({attempt_.state, "c", "", kIssuer});
  };
  EXPECT_EQ(message(400, {{"error", "invalid_grant"}}),
            "The sign-in provider's code was used before or is too old.");
  EXPECT_EQ(message(401, {{"error", "invalid_client"}}),
            "The sign-in provider does not take our client_id and secret.");
  const char* none = "The sign-in provider gave no ID token for its code.";
  EXPECT_EQ(message(200, Json::array()), none);
  EXPECT_EQ(message(200, {{"id_token", 7}}), none);
  EXPECT_EQ(message(302, {{"id_token", "a.b.c"}}), none);
}

TEST_F(OidcProvider, ThatIsDownIsLeftAloneForTenSeconds) {
  small_.down = true;
  EXPECT_FALSE(provider_.sign_in_url(attempt_));
  small_.down = false;
  clock_.advance(Provider::kLeftAlone - std::chrono::seconds(1));
  const auto soon = provider_.sign_in_url(attempt_);
  ASSERT_FALSE(soon);
  EXPECT_EQ(soon.error().code, ErrorCode::unavailable);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(provider_.sign_in_url(attempt_));
}

TEST_F(OidcProvider, ThatCannotDoWhatIsNeededIsRefused) {
  const auto message = [&](const char* name, const Json& value) {
    Json document = small_.document;
    document[name] = value;
    const auto read = read_discovery(
        document.dump(), Settings{kIssuer, "a", "b", "https://a.example", "groups", {}});
    return read ? "" : read.error().message;
  };
  EXPECT_EQ(message("issuer", kIssuer + "/"),
            "The sign-in provider calls itself by another issuer than [sign_in.oidc] names.");
  EXPECT_EQ(message("response_types_supported", {"id_token"}),
            "The sign-in provider does not offer the code flow.");
  EXPECT_EQ(message("code_challenge_methods_supported", {"plain"}),
            "The sign-in provider does not offer PKCE with S256.");
  EXPECT_EQ(message("id_token_signing_alg_values_supported", {"HS256", "none"}),
            "The sign-in provider signs with neither RS256 nor ES256.");
  EXPECT_EQ(message("token_endpoint_auth_methods_supported", {"private_key_jwt"}),
            "The sign-in provider does not take a client secret.");
  EXPECT_EQ(message("jwks_uri", "http://id.force.example/keys"),
            "The sign-in provider's jwks_uri is missing or no https address.");
  EXPECT_EQ(message("token_endpoint", nullptr),
            "The sign-in provider's token_endpoint is missing or no https address.");
}

}  // namespace
}  // namespace firebreak::identity::oidc
