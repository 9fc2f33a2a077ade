// SPDX-License-Identifier: Apache-2.0
// The register's answer in the terms of AuthZEN's Authorization API 1.0 and of two of its draft
// profiles, Obligations and Access Request and Approval (docs/api.md); and the metadata of
// section 9. Functions of their arguments alone.
//
//   Json decision = authzen_decision(answer, {.needs_referral = true, .covered = false});
//   fulfil_or_deny(decision, evaluation.can_fulfil);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/vocabulary.h"
#include "register/referral_state.h"

namespace firebreak::web {

// Whether these facts are about data reaching an enforcement recipient, by the vocabulary's own
// mark. A recipient that is not given, or a vocabulary that is not known (null: no policy in
// force), may be one.
bool needs_referral(const policy::Vocabulary* vocabulary, const Json& facts);

// Whether the answer leaves it to a referral: a permit, or a permit after a sign-off.
bool may_be_referred(const Json& answer);

// Whether this referral, which is about what was asked, was let go as the answer of today demands:
// released, and signed off by the rank and the number of officers that it names.
bool covers(const record::ReferralState& referral, const Json& answer);

struct Standing {
  bool needs_referral = false;
  bool covered = false;  // by a referral that covers()
};

// AuthZEN's decision from the register's answer: true for `permit` and, where a referral is needed,
// for what a referral covers; otherwise false. The whole answer stands in `context`, with what the
// caller must do as `obligations`.
Json authzen_decision(Json answer, const Standing& standing);

// Denies, when the caller says which obligations it can fulfil and these are not among them.
void fulfil_or_deny(Json& decision, const std::optional<std::vector<std::string>>& can_fulfil);

// A bad item of a batch: false, with `context.error`.
Json authzen_error(const Error& error);

// The metadata document (section 9); `base` is the URL of this site without a path.
Json authzen_metadata(const std::string& base);

}  // namespace firebreak::web
