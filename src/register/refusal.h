// SPDX-License-Identifier: Apache-2.0
// The refusals that are recorded (attempt.refused), each with a fixed text, so that no word of a
// caller's, and so no personal data, reaches the ledger.
//
//   if (state.requester == actor.id) return tx.refuse(Refusal::self_authorised);
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firebreak::record {

enum class Refusal {
  no_right,
  password_change_due,
  not_requester,
  self_authorised,
  acted_in_chain,
  own_release,
  rank_not_held,
  key_not_usable,
  wrong_digest,
  wrong_signature,
  already_signed,
  wrong_state,
  already_released,
  no_policy_in_force,
  policy_changed,
  facts_changed,
  sign_off_expired,
  destination_changed,
  cannot_supersede,
  not_permitted,
  undetermined,
  missing_reason,
  missing_field,
  field_not_allowed,
  unknown_word,
  wrong_destination,
  malformed,
  not_shown,
  content_changed,
  history_missing,
  history_incomplete,
  history_disagrees,
  role_changes_missing,
  indicators_missing,
  indicators_disagree,
  alternative_missing,
  assurance_missing,
  urgent_incomplete,
  not_forwarded,
  already_forwarded,
  own_passkey,
  confirmed_already,
  confirmed_too_early,
  nothing_to_confirm,
  passkey_not_usable,
  assertion_refused,
  passkey_copied,
  file_keys_off,
  own_sign_off,
  held,
  consent_withdrawn,
  safeguarding_missing,
  own_proposal,
  not_erasable,
  own_change,
  concerned_by_change,
  change_not_open,
  change_outdated,
  needs_two_persons,
  signers_release,
};

// The name in records and in the API's `code`, for example "self_authorised".
std::string_view refusal_name(Refusal refusal);
std::string_view refusal_text(Refusal refusal);
std::optional<Refusal> refusal_named(std::string_view name);
// Whether this text is one that a refusal of this name has (for verify).
bool is_refusal(std::string_view name, std::string_view text);

// The error for the caller. `where` is a member path, such as "reasons.necessity".
Error refusal_error(Refusal refusal, std::string where = {}, std::string detail = {});

}  // namespace firebreak::record
