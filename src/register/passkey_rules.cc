// SPDX-License-Identifier: Apache-2.0
#include "register/passkey_rules.h"

#include <algorithm>

namespace firebreak::record {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

// Four numbers, or anything with a colon: passkeys belong to a name and never to an address.
bool is_ip_address(std::string_view host) {
  return host.starts_with('[') || std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= '0' && c <= '9') || c == '.';
         });
}

std::string own_origin(const Config& config) {
  const std::string& listen = config.web.listen;
  for (const char* loopback : {"127.0.0.1:", "localhost:", "[::1]:"}) {
    const std::string_view start(loopback);
    if (listen.starts_with(start)) return "http://localhost:" + listen.substr(start.size());
  }
  return {};
}

}  // namespace

std::optional<identity::RelyingParty> passkey_site(const Config& config) {
  const std::string origin = config.web.origin.empty() ? own_origin(config) : config.web.origin;
  const bool https = origin.starts_with(kHttps);
  if (!https && !origin.starts_with(kHttp)) return std::nullopt;
  std::string host = origin.substr(https ? kHttps.size() : kHttp.size());
  if (host.starts_with('[')) return std::nullopt;
  host = host.substr(0, host.find(':'));
  if (host.empty() || is_ip_address(host) || (!https && host != "localhost")) return std::nullopt;
  return identity::RelyingParty{host, "Firebreak, " + config.force.name, origin};
}

PasskeyRules passkey_rules(const Config& config) {
  return {passkey_site(config), config.sign_in.second_factor};
}

}  // namespace firebreak::record
