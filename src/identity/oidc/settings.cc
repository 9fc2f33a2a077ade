// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/settings.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <set>

#include "identity/person.h"

namespace firebreak::identity::oidc {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using ParsedUrl = std::unique_ptr<CURLU, FreeUrl>;

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

// Entra ID leaves the groups out of a token for a person in more than 200 of them, and names the
// claim here instead.
bool left_out_for_size(const Json& claims, const std::string& claim) {
  const auto names = claims.find("_claim_names");
  return names != claims.end() && names->is_object() && names->contains(claim);
}

Result<std::set<std::string>> groups_of(const Json& claims, const std::string& claim) {
  const auto found = claims.find(claim);
  if (found == claims.end()) return std::set<std::string>();
  if (found->is_string()) return std::set<std::string>{found->get<std::string>()};
  const Error unreadable{ErrorCode::unauthorised,
                         "The sign-in provider's claim for roles is neither a text nor texts.",
                         "[sign_in.oidc] claim",
                         "Let the provider put the names of groups into that claim."};
  if (!found->is_array()) return unreadable;
  std::set<std::string> out;
  for (const Json& value : *found) {
    if (!value.is_string()) return unreadable;
    out.insert(value.get<std::string>());
  }
  return out;
}

}  // namespace

Result<void> check_url(const std::string& url, const std::string& where) {
  const ParsedUrl parsed(curl_url());
  const bool printable =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!parsed || !printable || url.size() > 2048 ||
      curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return bad_input("This is not a URL.", where, "Write https:// and the rest of it.");
  }
  const std::string scheme = url_part(parsed.get(), CURLUPART_SCHEME);
  const std::string host = url_part(parsed.get(), CURLUPART_HOST);
  const bool here = host == "127.0.0.1" || host == "localhost" || host == "[::1]";
  if (scheme != "https" && !(scheme == "http" && here)) {
    return bad_input("Sign-in may not travel in the clear.", where,
                     "Use https://, or http:// on this machine alone.");
  }
  if (url.find('#') != std::string::npos || !url_part(parsed.get(), CURLUPART_USER).empty() ||
      !url_part(parsed.get(), CURLUPART_PASSWORD).empty()) {
    return bad_input("A URL of sign-in has no user name, password or fragment.", where);
  }
  return {};
}

Result<void> check_settings(const Settings& settings) {
  FB_CHECK(check_url(settings.issuer, "[sign_in.oidc] issuer"));
  if (settings.issuer.find('?') != std::string::npos)
    return bad_input("An issuer has no query.", "[sign_in.oidc] issuer");
  FB_CHECK(check_url(settings.redirect_uri, "[sign_in.oidc] redirect"));
  const auto needed = [](const std::string& text, const char* name) -> Result<void> {
    if (!text.empty()) return {};
    return bad_input("This setting is empty.", std::string("[sign_in.oidc] ") + name);
  };
  FB_CHECK(needed(settings.client_id, "client_id"));
  FB_CHECK(needed(settings.client_secret, "client_secret_file"));
  FB_CHECK(needed(settings.roles_claim, "claim"));
  if (settings.roles.empty()) {
    return bad_input("No group gives a role, so nobody could sign in.", "[sign_in.oidc.roles]",
                     "Name at least one group and its role.");
  }
  const auto known = known_roles();
  for (const auto& [group, role] : settings.roles) {
    if (std::find(known.begin(), known.end(), role) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known)
      names += (names.empty() ? "" : ", ") + std::string(name);
    return bad_input("There is no role \"" + role + "\".", "[sign_in.oidc.roles] " + group,
                     "The roles are " + names + ".");
  }
  return {};
}

Result<std::vector<std::string>> roles_from(const Json& claims, const Settings& settings) {
  FB_TRY(const std::set<std::string> groups, groups_of(claims, settings.roles_claim));
  std::set<std::string> given;
  for (const std::string& group : groups) {
    const auto [first, last] = settings.roles.equal_range(group);
    for (auto it = first; it != last; ++it) given.insert(it->second);
  }
  std::vector<std::string> roles;
  for (const std::string_view role : known_roles())
    if (given.contains(std::string(role))) roles.emplace_back(role);
  if (!roles.empty()) return roles;
  if (groups.empty() && left_out_for_size(claims, settings.roles_claim)) {
    return Error{ErrorCode::forbidden,
                 "Your account is in so many groups that the sign-in provider leaves them out.",
                 {},
                 "Ask the provider's administrator to send only the groups of this application."};
  }
  return Error{ErrorCode::forbidden,
               "Your account is in no group that gives a role here.",
               {},
               "Ask your administrator to put it into one of the groups that Firebreak uses."};
}

}  // namespace firebreak::identity::oidc
