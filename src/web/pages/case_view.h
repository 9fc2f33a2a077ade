// SPDX-License-Identifier: Apache-2.0
// The bodies of the desk's pages about referrals.
#pragma once

#include <functional>
#include <string>

#include "register/config.h"
#include "web/caller.h"
#include "web/pages/case_words.h"

namespace firebreak::web {

// The display name of a person's identifier; empty for nobody.
using CaseNames = std::function<std::string(const std::string& id)>;

// `found` is what AftercareSteps::tasks gives.
Html tasks_body(const Json& found);

// `shown` is what Referrals::show gives to this actor.
Html case_body(const Json& shown, const identity::Actor& actor, const CaseNames& names,
               const record::Config& config);

// What one may do with it now: links to the forms.
Html case_actions(const Json& shown, const identity::Actor& actor);

}  // namespace firebreak::web
