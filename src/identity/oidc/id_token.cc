// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/id_token.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace firebreak::identity::oidc {
namespace {

constexpr size_t kMaxHeaderBytes = size_t{16} << 10;  // room for a chain of certificates, unread

Error refused_token(std::string message, std::string action) {
  return {ErrorCode::unauthorised, std::move(message), {}, std::move(action)};
}

constexpr const char* kAskProvider = "Ask the provider's administrator.";
constexpr const char* kAgain = "Start signing in again.";

Result<std::string> decoded(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes || bytes->empty())
    return refused_token("The sign-in token is not strict base64url.", kAgain);
  return std::string(as_text(*bytes));
}

Result<void> read_header(std::string_view text, SignedToken& token) {
  const auto header = parse_json(text, {.max_bytes = kMaxHeaderBytes, .max_depth = 8});
  if (!header || !header->is_object())
    return refused_token("The sign-in token's header cannot be read.", kAgain);
  const auto text_of = [&](const char* name) {
    const auto found = header->find(name);
    return found != header->end() && found->is_string() ? found->get<std::string>() : "";
  };
  if (header->contains("crit")) {
    return refused_token("The sign-in token asks for an extension that is not known here.",
                         kAskProvider);
  }
  const std::string algorithm = text_of("alg");
  if (algorithm == "RS256") {
    token.algorithm = Algorithm::rs256;
  } else if (algorithm == "ES256") {
    token.algorithm = Algorithm::es256;
  } else {
    return refused_token("The sign-in token is signed with neither RS256 nor ES256.",
                         "Ask the provider's administrator to use one of the two.");
  }
  token.key_id = text_of("kid");
  if (header->contains("kid") && token.key_id.empty())
    return refused_token("The sign-in token's header names its key by what is no text.", kAgain);
  return {};
}

std::optional<std::string> claim_text(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

// An instant as seconds since 1970, with or without a fraction. Nothing when it is missing, no
// number, or of a size that no date has.
std::optional<Instant> claim_instant(const Json& claims, const char* name) {
  constexpr double kMostSeconds = 1e11;  // in the year 5138
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!(seconds >= 0 && seconds <= kMostSeconds)) return std::nullopt;
  return Instant(std::chrono::microseconds(std::llround(seconds * 1e6)));
}

// For us and nobody else: an audience besides us is one that we do not trust (3.1.3.7, 3).
bool for_us_alone(const Json& claims, const std::string& client_id) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  if (audience->is_string()) return audience->get<std::string>() == client_id;
  return audience->is_array() && audience->size() == 1 && audience->front() == Json(client_id);
}

Result<void> check_times(const Json& claims, Instant now) {
  const auto expires = claim_instant(claims, "exp");
  const auto issued = claim_instant(claims, "iat");
  if (!expires || !issued) {
    return refused_token("The sign-in token does not say when it was issued and when it expires.",
                         kAskProvider);
  }
  if (now >= *expires + kClockSkew) return refused_token("The sign-in token has expired.", kAgain);
  const auto starts = claims.contains("nbf") ? claim_instant(claims, "nbf") : issued;
  if (*issued > now + kClockSkew || !starts || *starts > now + kClockSkew) {
    return refused_token("The sign-in token was issued in the future.",
                         "Set the clocks of this machine and of the provider.");
  }
  if (*issued + kMaxTokenAge < now) {
    return refused_token("The sign-in token was issued too long ago.",
                         "Start signing in again; if this stays, set both machines' clocks.");
  }
  return {};
}

Result<void> check_subject(const Json& claims) {
  const auto subject = claim_text(claims, "sub");
  const auto printable = [](char c) { return c >= ' ' && c < '\x7f'; };
  if (subject && !subject->empty() && subject->size() <= kMaxSubject &&
      std::all_of(subject->begin(), subject->end(), printable)) {
    return {};
  }
  return refused_token("The sign-in token does not name its subject in 1 to 255 ASCII characters.",
                       kAskProvider);
}

Result<void> check_claims(const Json& claims, const Expected& expected) {
  if (claim_text(claims, "iss") != expected.settings.issuer) {
    return refused_token("The sign-in token is from another issuer than [sign_in.oidc] names.",
                         kAskProvider);
  }
  const std::string& client = expected.settings.client_id;
  const bool other_party = claims.contains("azp") && claim_text(claims, "azp") != client;
  if (!for_us_alone(claims, client) || other_party) {
    return refused_token("The sign-in token is not for this application alone.", kAskProvider);
  }
  FB_CHECK(check_times(claims, expected.now));
  const auto nonce = claim_text(claims, "nonce");
  if (!nonce || expected.nonce.empty() ||
      !equal_in_constant_time(as_bytes(*nonce), as_bytes(expected.nonce))) {
    return refused_token("The sign-in token belongs to another sign-in.", kAgain);
  }
  return check_subject(claims);
}

}  // namespace

Result<SignedToken> read_token(std::string_view compact) {
  if (compact.size() > kMaxTokenBytes) {
    return Error{ErrorCode::too_large,
                 "The sign-in token is larger than 32 KiB.",
                 {},
                 "Ask the provider's administrator to send only the groups of this application."};
  }
  const size_t first = compact.find('.');
  const size_t last = compact.rfind('.');
  if (first == std::string_view::npos || first == last || compact.find('.', first + 1) != last) {
    return refused_token("The sign-in token does not have the three parts of a signed one.",
                         kAskProvider);
  }
  SignedToken token;
  FB_TRY(const std::string header, decoded(compact.substr(0, first)));
  FB_CHECK(read_header(header, token));
  token.signed_text = compact.substr(0, last);
  FB_TRY(token.claims, decoded(compact.substr(first + 1, last - first - 1)));
  FB_TRY(const std::string signature, decoded(compact.substr(last + 1)));
  token.signature.assign(signature.begin(), signature.end());
  return token;
}

Result<Json> check_token(const SignedToken& token, const Key& key, const Expected& expected) {
  if (key.algorithm != token.algorithm || !verifies(key, token.signed_text, token.signature)) {
    return refused_token("The sign-in token's signature does not hold.", kAgain);
  }
  auto claims = parse_json(token.claims, {.max_bytes = kMaxTokenBytes, .max_depth = 16});
  if (!claims || !claims->is_object())
    return refused_token("The sign-in token's claims cannot be read.", kAskProvider);
  FB_CHECK(check_claims(*claims, expected));
  return claims;
}

}  // namespace firebreak::identity::oidc
