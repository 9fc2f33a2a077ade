// SPDX-License-Identifier: Apache-2.0
// What a force decides about passkeys, from force.toml: for which site they are, who must sign in
// with one, and who must confirm a new one.
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
  bool by_two = true;
  int delay_hours = 24;
};

PasskeyRules passkey_rules(const Config& config);

// The site of [web] origin, when browsers make passkeys for it: https with a domain, or
// http://localhost. Without an origin, a server that listens on this machine alone is
// http://localhost with its port. Otherwise none.
std::optional<identity::RelyingParty> passkey_site(const Config& config);

}  // namespace firebreak::record
