// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/provider.h"

#include <algorithm>

#include "identity/token.h"

namespace firebreak::identity::oidc {
namespace {

constexpr const char* kAskAdministrator =
    "Ask your administrator to check [sign_in.oidc] and the provider.";

Error bad_provider(std::string message) {
  return {ErrorCode::unavailable, std::move(message), "the sign-in provider", kAskAdministrator};
}

Error not_signed_in(std::string message) {
  return {ErrorCode::unauthorised, std::move(message), {}, "Start signing in again."};
}

// application/x-www-form-urlencoded, with every letter escaped that need not stand for itself.
std::string form_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<uint8_t>(c);
    if (plain) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return out;
}

std::string form_of(const std::vector<std::pair<std::string_view, std::string_view>>& members) {
  std::string out;
  for (const auto& [name, value] : members) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(form_encoded(value));
  }
  return out;
}

// RFC 6749, section 2.3.1: both are form-encoded first, then joined for HTTP Basic.
std::string basic_authorization(const Settings& settings) {
  const std::string both =
      form_encoded(settings.client_id) + ":" + form_encoded(settings.client_secret);
  return "Basic " + base64(as_bytes(both));
}

std::string discovery_url(std::string issuer) {
  while (issuer.ends_with('/')) issuer.pop_back();
  return issuer + "/.well-known/openid-configuration";
}

std::string document_text(const Json& document, const char* name) {
  const auto found = document.find(name);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

// Whether an array of the document names `value`; `otherwise` when the document has no such array.
bool lists(const Json& document, const char* name, const char* value, bool otherwise) {
  const auto found = document.find(name);
  if (found == document.end()) return otherwise;
  return found->is_array() && std::find(found->begin(), found->end(), Json(value)) != found->end();
}

Result<void> check_abilities(const Json& document) {
  if (!lists(document, "response_types_supported", "code", false))
    return bad_provider("The sign-in provider does not offer the code flow.");
  // Entra ID takes S256 without listing it.
  if (!lists(document, "code_challenge_methods_supported", "S256", true))
    return bad_provider("The sign-in provider does not offer PKCE with S256.");
  const char* algorithms = "id_token_signing_alg_values_supported";
  if (!lists(document, algorithms, "RS256", false) && !lists(document, algorithms, "ES256", false))
    return bad_provider("The sign-in provider signs with neither RS256 nor ES256.");
  return {};
}

Result<std::string> endpoint(const Json& document, const char* name) {
  std::string url = document_text(document, name);
  if (auto checked = check_url(url, name); !checked) {
    return bad_provider(std::string("The sign-in provider's ") + name +
                        " is missing or no https address.");
  }
  return url;
}

}  // namespace

Attempt new_attempt(Random& random) {
  return {new_token(random, ""), new_token(random, ""), new_token(random, "")};
}

Result<Discovered> read_discovery(std::string_view body, const Settings& settings) {
  const auto document = parse_json(body, {.max_depth = 16});
  if (!document || !document->is_object())
    return bad_provider("What the sign-in provider says of itself cannot be read.");
  if (document_text(*document, "issuer") != settings.issuer) {
    return bad_provider(
        "The sign-in provider calls itself by another issuer than [sign_in.oidc] names.");
  }
  FB_CHECK(check_abilities(*document));
  Discovered out;
  FB_TRY(out.authorization_endpoint, endpoint(*document, "authorization_endpoint"));
  FB_TRY(out.token_endpoint, endpoint(*document, "token_endpoint"));
  FB_TRY(out.jwks_uri, endpoint(*document, "jwks_uri"));
  const char* methods = "token_endpoint_auth_methods_supported";
  const bool basic = lists(*document, methods, "client_secret_basic", true);
  out.secret_in_form = !basic;
  if (!basic && !lists(*document, methods, "client_secret_post", false))
    return bad_provider("The sign-in provider does not take a client secret.");
  const auto states = document->find("authorization_response_iss_parameter_supported");
  out.states_issuer = states != document->end() && *states == Json(true);
  return out;
}

Result<std::string> Provider::sign_in_url(const Attempt& attempt) {
  FB_TRY(const Discovered provider, discovered());
  const std::string challenge = base64url(sha256(as_bytes(attempt.verifier)));
  const bool has_query = provider.authorization_endpoint.find('?') != std::string::npos;
  return provider.authorization_endpoint + (has_query ? "&" : "?") +
         form_of({{"response_type", "code"},
                  {"scope", settings_.name_claim.empty() ? "openid" : "openid profile email"},
                  {"client_id", settings_.client_id},
                  {"redirect_uri", settings_.redirect_uri},
                  {"state", attempt.state},
                  {"nonce", attempt.nonce},
                  {"code_challenge", challenge},
                  {"code_challenge_method", "S256"}});
}

Result<SignedIn> Provider::finish(const Attempt& attempt, const Returned& returned) {
  if (attempt.state.empty() ||
      !equal_in_constant_time(as_bytes(attempt.state), as_bytes(returned.state)))
    return not_signed_in("The provider's answer belongs to another sign-in.");
  FB_TRY(const Discovered provider, discovered());
  const bool other = !returned.issuer.empty() && returned.issuer != settings_.issuer;
  if (other || (provider.states_issuer && returned.issuer.empty()))
    return not_signed_in("The answer is from another provider than the one that was asked.");
  if (!returned.error.empty() || returned.code.empty())
    return not_signed_in("The sign-in provider did not sign you in.");
  FB_TRY(const std::string compact, id_token(provider, attempt, returned.code));
  FB_TRY(const SignedToken token, read_token(compact));
  FB_TRY(const Key key, key_for(provider, token));
  FB_TRY(const Json claims, check_token(token, key, {settings_, attempt.nonce, clock_.now()}));
  FB_TRY(std::vector<std::string> roles, roles_from(claims, settings_));
  SignedIn who{settings_.issuer, claims.at("sub").get<std::string>(), std::move(roles)};
  const auto name = claims.find(settings_.name_claim);
  if (name != claims.end() && name->is_string()) who.name = name->get<std::string>();
  return who;
}

Result<Discovered> Provider::discovered() {
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.now();
  if (undiscovered_ && now < discovered_at_ + kLeftAlone) return *undiscovered_;
  if (discovered_ && now < discovered_at_ + kKept) return *discovered_;
  discovered_.reset();
  undiscovered_.reset();
  discovered_at_ = now;
  auto found = discover();
  if (found) {
    discovered_ = *found;
  } else {
    undiscovered_ = found.error();
  }
  return found;
}

Result<Discovered> Provider::discover() {
  FB_TRY(const Answer answer, fetcher_.fetch({discovery_url(settings_.issuer), {}, {}}));
  if (answer.status != 200)
    return bad_provider("The sign-in provider does not say what it offers.");
  return read_discovery(answer.body, settings_);
}

Result<std::string> Provider::id_token(const Discovered& provider, const Attempt& attempt,
                                       const std::string& code) {
  std::string form = form_of({{"grant_type", "authorization_code"},
                              {"code", code},
                              {"redirect_uri", settings_.redirect_uri},
                              {"code_verifier", attempt.verifier}});
  std::string authorization;
  if (provider.secret_in_form) {
    form += "&" + form_of({{"client_id", settings_.client_id},
                           {"client_secret", settings_.client_secret}});
  } else {
    authorization = basic_authorization(settings_);
  }
  FB_TRY(const Answer answer, fetcher_.fetch({provider.token_endpoint, form, authorization}));
  const auto body = parse_json(answer.body, {.max_depth = 16});
  const std::string error = body && body->is_object() ? document_text(*body, "error") : "";
  if (error == "invalid_client")
    return bad_provider("The sign-in provider does not take our client_id and secret.");
  if (error == "invalid_grant")
    return not_signed_in("The sign-in provider's code was used before or is too old.");
  const std::string token =
      answer.status == 200 && body && body->is_object() ? document_text(*body, "id_token") : "";
  if (token.empty()) return bad_provider("The sign-in provider gave no ID token for its code.");
  return token;
}

Result<Key> Provider::key_for(const Discovered& provider, const SignedToken& token) {
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.now();
  const bool kept = !keys_.empty() && now < keys_at_ + kKept;
  if (!kept) FB_CHECK(fetch_keys(provider));
  const Key* key = find_key(keys_, token.key_id, token.algorithm);
  if (key != nullptr) return *key;
  if (kept && !(fetched_again_ && now < *fetched_again_ + kBetweenFetches)) {
    fetched_again_ = now;
    FB_CHECK(fetch_keys(provider));
    key = find_key(keys_, token.key_id, token.algorithm);
    if (key != nullptr) return *key;
  }
  return Error{ErrorCode::unauthorised,
               "The sign-in token names a key that the provider does not publish.",
               {},
               "Start signing in again in a minute: the provider's keys may just have changed."};
}

Result<void> Provider::fetch_keys(const Discovered& provider) {
  FB_TRY(const Answer answer, fetcher_.fetch({provider.jwks_uri, {}, {}}));
  if (answer.status != 200) return bad_provider("The sign-in provider does not give its keys.");
  FB_TRY(keys_, read_keys(answer.body));
  keys_at_ = clock_.now();
  return {};
}

}  // namespace firebreak::identity::oidc
