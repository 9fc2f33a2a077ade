// SPDX-License-Identifier: Apache-2.0
// The text that a policy owner is writing: one for each, kept from one sign-in to the next, and in
// force only when two persons put it there (changes.h).
//
//   FB_TRY(Json saved, drafts.save(actor, text));
//   FB_TRY(std::string text, drafts.read(actor));       // empty before the first
#pragma once

#include <string>

#include "identity/person.h"
#include "register/context.h"

namespace firebreak::record {

class PolicyDrafts {
 public:
  explicit PolicyDrafts(const Context& context) : context_(context) {}

  // Needs change_policy; waits for the disk. Errors: forbidden; too_large over kMaxPolicyText.
  Result<Json> save(const identity::Actor& actor, const std::string& text);
  [[nodiscard]] Result<std::string> read(const identity::Actor& actor);

 private:
  const Context& context_;
};

}  // namespace firebreak::record
