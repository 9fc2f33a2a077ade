// SPDX-License-Identifier: Apache-2.0
// The ID token: what a provider says about the person who signed in, checked as OpenID Connect
// Core 1.0, section 3.1.3.7, asks.
//
//   FB_TRY(SignedToken token, read_token(compact));
//   const Key* key = find_key(keys, token.key_id, token.algorithm);
//   FB_TRY(Json claims, check_token(token, *key, {settings, attempt.nonce, clock.now()}));
//
// A token is three texts in strict base64url, joined by points: header, claims and signature (a
// JSON Web Signature, RFC 7515). Its header is taken at its word for nothing: a key within it or an
// address of one is not looked at, and its "alg" only chooses among the keys that the provider
// publishes for that algorithm. Claims are read once the signature has held.
//
// A message never holds any part of a token.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "identity/oidc/keys.h"
#include "identity/oidc/settings.h"

namespace firebreak::identity::oidc {

constexpr size_t kMaxTokenBytes = size_t{32} << 10;
constexpr size_t kMaxSubject = 255;  // Core 1.0, section 2
// How far the provider's clock and ours may be apart.
constexpr std::chrono::seconds kClockSkew{60};
// A token older than this was not made for the sign-in that is going on. Entra ID dates its tokens
// five minutes back.
constexpr std::chrono::minutes kMaxTokenAge{15};

// A token whose form has been read and of which nothing has been believed.
struct SignedToken {
  Algorithm algorithm = Algorithm::rs256;
  std::string key_id;       // empty when the header names none
  std::string signed_text;  // the first two parts, with the point between them
  std::string claims;       // the second part, decoded
  Bytes signature;
};

// Errors: unauthorised when it is no signed token, is unsigned, encrypted, signed with another
// algorithm than RS256 or ES256, or asks for an extension; too_large.
Result<SignedToken> read_token(std::string_view compact);

struct Expected {
  const Settings& settings;
  std::string_view nonce;
  Instant now;
};

// Checks the signature and then issuer, audience, authorised party, times, nonce and subject, and
// gives the claims. Error: unauthorised, saying which check failed.
Result<Json> check_token(const SignedToken& token, const Key& key, const Expected& expected);

}  // namespace firebreak::identity::oidc
