// SPDX-License-Identifier: Apache-2.0
// oidc_client: signs in through a real provider, for tests/oidc.
//
//   oidc_client SETTINGS
//
// SETTINGS is a JSON object: issuer, client_id, client_secret, redirect_uri, claim, roles (an
// object of a group's name and a role's). For each sign-in it reads the line "start", prints the
// URL to send a browser to, reads a JSON line with what came back (state, code, error, iss) and
// prints who signed in or what was wrong. It ends with its input.
#include <iostream>

#include "identity/oidc/provider.h"

using namespace firebreak;                  // NOLINT(google-build-using-namespace): one file
using namespace firebreak::identity::oidc;  // NOLINT(google-build-using-namespace): likewise

namespace {

Settings settings_from(const Json& given) {
  Settings out{given.value("issuer", ""),        given.value("client_id", ""),
               given.value("client_secret", ""), given.value("redirect_uri", ""),
               given.value("claim", ""),         {}};
  for (const auto& [group, role] : given.at("roles").items())
    out.roles.emplace(group, role.get<std::string>());
  return out;
}

void print(const Json& line) { std::cout << line << std::endl; }

Json shown(const Result<SignedIn>& who) {
  if (!who) return {{"error", who.error().text()}};
  return {{"issuer", who->issuer}, {"subject", who->subject}, {"roles", who->roles}};
}

Result<void> sign_in(Provider& provider, Random& random) {
  const Attempt attempt = new_attempt(random);
  FB_TRY(const std::string url, provider.sign_in_url(attempt));
  print({{"url", url}});
  std::string line;
  std::getline(std::cin, line);
  FB_TRY(const Json back, parse_json(line));
  print(shown(provider.finish(attempt, {back.value("state", ""), back.value("code", ""),
                                        back.value("error", ""), back.value("iss", "")})));
  return {};
}

Result<void> run(std::string_view argument) {
  FB_TRY(const Json given, parse_json(argument));
  const Settings settings = settings_from(given);
  FB_CHECK(check_settings(settings));
  SystemRandom random;
  SystemClock clock;
  CurlFetcher fetcher;
  Provider provider(settings, fetcher, clock);
  for (std::string line; std::getline(std::cin, line) && line == "start";)
    FB_CHECK(sign_in(provider, random));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const auto done = run(argc == 2 ? argv[1] : "");
  if (!done) print({{"error", done.error().text()}});
  return done ? 0 : 1;
}
