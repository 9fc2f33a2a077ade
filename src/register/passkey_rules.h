// SPDX-License-Identifier: Apache-2.0
// What force.toml says about passkeys: for which site they are, and who must sign in with one. Who
// must confirm a new one, two persons decide (force_settings.h).
//
//   const PasskeyRules rules = passkey_rules(config);
//   if (!rules.site) ...there are no passkeys, and the pages say why...
#pragma once

#include <optional>

#include "identity/webauthn.h"
#include "register/config.h"

namespace firebreak::record {

struct PasskeyRules {
  std::optional<identity::RelyingParty> site;
  SecondFactor second_factor = SecondFactor::required_for_ranks;
};

PasskeyRules passkey_rules(const Config& config);

// The site of [web] origin, when browsers make passkeys for it: https with a domain, or
// http://localhost. Without an origin, a server that listens on this machine alone is
// http://localhost with its port. Otherwise none.
std::optional<identity::RelyingParty> passkey_site(const Config& config);

}  // namespace firebreak::record
