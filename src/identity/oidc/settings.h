// SPDX-License-Identifier: Apache-2.0
// What a force says about the provider through which its people sign in (OpenID Connect), and which
// of the provider's claims gives which role.
//
//   FB_CHECK(check_settings(settings));                     // once, at start
//   FB_TRY(std::vector<std::string> roles, roles_from(claims, settings));
//
// A claim gives a role and never a rank: ranks are held in the directory, with their dates, and a
// provider's administrator cannot make a chief officer's sign-off.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::identity::oidc {

struct Settings {
  std::string issuer;  // exactly as the provider writes it in its tokens
  std::string client_id;
  std::string client_secret;
  std::string redirect_uri;  // where the provider sends the browser back to
  std::string roles_claim;   // the claim of the ID token that holds a person's groups
  std::multimap<std::string, std::string> roles;  // a value of that claim, and a role it gives
  // The claim whose value is a person's sign-in name, for the first time that they come through the
  // provider; empty: an administrator links each person.
  std::string name_claim = {};
};

// A URL that may be asked or redirected to: https, or http on this machine alone; no user name, no
// fragment. Error: bad_input, with `where` as its place.
Result<void> check_url(const std::string& url, const std::string& where);

// Error: bad_input naming the setting.
Result<void> check_settings(const Settings& settings);

// The roles that the claims of a verified ID token give, in the order of known_roles(). Values that
// the settings do not name give none. Errors: forbidden when no role is left; unauthorised when the
// claim is of a kind that no group can be read from.
Result<std::vector<std::string>> roles_from(const Json& claims, const Settings& settings);

}  // namespace firebreak::identity::oidc
