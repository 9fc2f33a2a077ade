// SPDX-License-Identifier: Apache-2.0
// Signing in through an OpenID Connect provider: the code flow (OpenID Connect Core 1.0, section
// 3.1) with PKCE (RFC 7636, S256). The browser carries a code; the token goes from the provider to
// this server alone.
//
//   Provider provider(settings, fetcher, clock);
//   Attempt attempt = new_attempt(random);           // kept on the server, bound to the browser
//   FB_TRY(std::string url, provider.sign_in_url(attempt));      // send the browser there
//   ... the browser comes back with state, code and perhaps iss ...
//   FB_TRY(SignedIn who, provider.finish(attempt, returned));    // who.issuer, who.subject,
//   who.roles
//
// What the provider says of itself and its keys are kept for an hour. A token that names an unknown
// key has the keys fetched again, once a minute at the most: so a new key is known at once, and
// made-up names cannot make this server ask without end. A provider that could not be asked is left
// alone for ten seconds.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "identity/oidc/https.h"
#include "identity/oidc/id_token.h"
#include "identity/oidc/keys.h"
#include "identity/oidc/settings.h"

namespace firebreak::identity::oidc {

// The three secrets of one sign-in, 256 random bits each.
struct Attempt {
  std::string state;     // comes back with the browser: that it is the same sign-in
  std::string nonce;     // comes back in the token: that it was made for this sign-in
  std::string verifier;  // goes with the code: that we asked for it
};

Attempt new_attempt(Random& random);

// What the provider sent back with the browser; a parameter that was not there is empty.
struct Returned {
  std::string state;
  std::string code;
  std::string error;
  std::string issuer;  // "iss" (RFC 9207)
};

// Who signed in. The issuer and the subject together name a person for good.
struct SignedIn {
  std::string issuer;
  std::string subject;
  std::vector<std::string> roles;
  std::string name = {};  // what the claim of the settings says; empty when there is none
};

// What the provider says of itself (OpenID Connect Discovery 1.0).
struct Discovered {
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  bool secret_in_form = false;  // the token endpoint takes the secret in the form alone
  bool states_issuer = false;   // the browser comes back with "iss"
};

// Errors: unavailable when it is not this issuer's, an address in it may not be asked, or the
// provider cannot do the code flow with S256 and with RS256 or ES256.
Result<Discovered> read_discovery(std::string_view body, const Settings& settings);

// Safe to call from several threads. Calls block on the network.
class Provider {
 public:
  static constexpr std::chrono::minutes kKept{60};
  static constexpr std::chrono::minutes kBetweenFetches{1};
  static constexpr std::chrono::seconds kLeftAlone{10};

  // The settings have passed check_settings(). Fetcher and clock outlive the provider.
  Provider(Settings settings, Fetcher& fetcher, const Clock& clock)
      : settings_(std::move(settings)), fetcher_(fetcher), clock_(clock) {}

  // Where to send the browser. Error: unavailable.
  Result<std::string> sign_in_url(const Attempt& attempt);

  // Exchanges the code for the ID token, checks that and gives who signed in. Errors: unauthorised
  // when something does not hold or the person turned back, forbidden when no role is left,
  // unavailable.
  Result<SignedIn> finish(const Attempt& attempt, const Returned& returned);

 private:
  Result<Discovered> discovered();
  Result<Discovered> discover();
  Result<std::string> id_token(const Discovered& provider, const Attempt& attempt,
                               const std::string& code);
  Result<Key> key_for(const Discovered& provider, const SignedToken& token);
  Result<void> fetch_keys(const Discovered& provider);

  const Settings settings_;
  Fetcher& fetcher_;
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::optional<Discovered> discovered_;
  Instant discovered_at_;
  std::optional<Error> undiscovered_;  // why asking failed at discovered_at_
  KeySet keys_;
  Instant keys_at_;                       // when keys_ were fetched
  std::optional<Instant> fetched_again_;  // when they last were for a key that was not among them
};

}  // namespace firebreak::identity::oidc
