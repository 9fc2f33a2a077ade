// SPDX-License-Identifier: Apache-2.0
#include "register/refusal.h"

#include <array>
#include <utility>

namespace firebreak::record {
namespace {

struct Row {
  Refusal refusal;
  std::string_view name;
  ErrorCode code;
  std::string_view text;
  std::string_view action;
};

constexpr std::array<Row, 60> kRows = {{
    {Refusal::no_right, "no_right", ErrorCode::forbidden, "Your role does not allow this.",
     "Ask someone who has the right."},
    {Refusal::password_change_due, "password_change_due", ErrorCode::forbidden,
     "The one-time password must be changed first.", "Choose a password of your own."},
    {Refusal::not_requester, "not_requester", ErrorCode::forbidden,
     "Only the person who asked for this referral may do this.", ""},
    {Refusal::self_authorised, "self_authorised", ErrorCode::forbidden,
     "Nobody decides about their own request.", "Another chief officer must decide."},
    {Refusal::acted_in_chain, "acted_in_chain", ErrorCode::forbidden,
     "Nobody signs off a referral that they returned, released or settled.",
     "Another chief officer must decide."},
    {Refusal::own_release, "own_release", ErrorCode::forbidden,
     "Nobody releases their own request.", "Another person of the referral desk must release it."},
    {Refusal::rank_not_held, "rank_not_held", ErrorCode::forbidden,
     "The policy asks for a rank that this person does not hold today.",
     "An officer who holds the rank must decide."},
    {Refusal::key_not_usable, "key_not_usable", ErrorCode::forbidden,
     "This signing key is not one that this person may use today.",
     "Sign with the key that is registered for you."},
    {Refusal::wrong_digest, "wrong_digest", ErrorCode::conflict,
     "What was signed is not what this referral now holds.", "Read it again and sign that."},
    {Refusal::wrong_signature, "wrong_signature", ErrorCode::forbidden,
     "The signature does not belong to this key and statement.", "Sign again."},
    {Refusal::already_signed, "already_signed", ErrorCode::conflict,
     "This person has signed already; the policy asks for different persons.", ""},
    {Refusal::wrong_state, "wrong_state", ErrorCode::conflict,
     "The referral is not in a state that allows this step.", "Look at its state first."},
    {Refusal::already_released, "already_released", ErrorCode::conflict,
     "This referral was released already.",
     "It is never sent twice; settle it or supersede it when it is in doubt."},
    {Refusal::no_policy_in_force, "no_policy_in_force", ErrorCode::conflict,
     "No policy is in force today, so everything is refused.",
     "The policy owner must put a policy in force."},
    {Refusal::policy_changed, "policy_changed", ErrorCode::conflict,
     "The policy in force now answers differently; the referral went back to draft.",
     "Submit it again under today's policy."},
    {Refusal::facts_changed, "facts_changed", ErrorCode::conflict,
     "The facts are not those that were authorised; the referral went back to draft.",
     "Change the draft to the facts as they are now and submit it again."},
    {Refusal::sign_off_expired, "sign_off_expired", ErrorCode::conflict,
     "The sign-off has expired; the referral went back to draft.",
     "Submit it again for a new sign-off."},
    {Refusal::destination_changed, "destination_changed", ErrorCode::conflict,
     "The destination's address was changed; the referral went back to draft.",
     "Submit it again: the message names the address."},
    {Refusal::cannot_supersede, "cannot_supersede", ErrorCode::conflict,
     "What was authorised no longer holds today, so it cannot be released again.",
     "Settle the dispatch in doubt by evidence."},
    {Refusal::not_permitted, "not_permitted", ErrorCode::conflict,
     "The policy refuses this disclosure.", "Ask the question to see the rule and its clause."},
    {Refusal::undetermined, "undetermined", ErrorCode::bad_input, "Facts that matter are missing.",
     "Give the missing facts."},
    {Refusal::missing_reason, "missing_reason", ErrorCode::bad_input,
     "A reason that the policy asks for is missing or blank.", "Write it; every one is needed."},
    {Refusal::missing_field, "missing_field", ErrorCode::bad_input,
     "The message needs a field that is missing or blank.", "Fill it in."},
    {Refusal::field_not_allowed, "field_not_allowed", ErrorCode::bad_input,
     "The policy does not allow this field to be disclosed.", "Leave it out."},
    {Refusal::unknown_word, "unknown_word", ErrorCode::bad_input,
     "A word is not one of the vocabulary's.", ""},
    {Refusal::wrong_destination, "wrong_destination", ErrorCode::bad_input,
     "The destination is unknown, or is not the recipient that the facts name.",
     "Name a destination of force.toml and facts that fit it."},
    {Refusal::malformed, "malformed", ErrorCode::bad_input, "The content is not well formed.", ""},
    // As for a reference that stands for nothing (rows.cc), so that a guess tells nothing.
    {Refusal::not_shown, "not_shown", ErrorCode::not_found, "There is no such referral.",
     "Check its reference."},
    {Refusal::content_changed, "content_changed", ErrorCode::conflict,
     "The content was changed after you opened it.",
     "Look at what it holds now, and save what you want to keep."},
    {Refusal::history_missing, "history_missing", ErrorCode::bad_input,
     "The facts name offending in another country, and nothing is recorded of it.",
     "Record each conviction and allegation: what, when, where, by whom it is reported."},
    {Refusal::history_incomplete, "history_incomplete", ErrorCode::bad_input,
     "An entry of the history is not complete.",
     "Give its offence, date, place, source and reliability; for a conviction also what it would "
     "be here, its class, and who classed it. An allegation has no class."},
    {Refusal::history_disagrees, "history_disagrees", ErrorCode::bad_input,
     "The facts and the history do not agree about offending in another country.",
     "The fact is the highest class of the convictions; allegations do not count."},
    {Refusal::role_changes_missing, "role_changes_missing", ErrorCode::bad_input,
     "It is not said whether the person's role was changed lately.",
     "Record each change of role, or that there was none."},
    {Refusal::indicators_missing, "indicators_missing", ErrorCode::bad_input,
     "Nobody has looked for signs of slavery and trafficking, which comes before a suspect is "
     "referred.",
     "Answer each question, and say on which day they were asked."},
    {Refusal::indicators_disagree, "indicators_disagree", ErrorCode::bad_input,
     "A sign of slavery or trafficking was found, and the facts do not treat the person as a "
     "possible victim.",
     "Add the role of victim. The competent authority can be told."},
    {Refusal::alternative_missing, "alternative_missing", ErrorCode::bad_input,
     "It is not said which less intrusive step was considered.",
     "Say which, and why it would not do."},
    {Refusal::assurance_missing, "assurance_missing", ErrorCode::bad_input,
     "It is not said whether an assurance of the recipient is held.",
     "Give its code, or say that none is held."},
    {Refusal::urgent_incomplete, "urgent_incomplete", ErrorCode::bad_input,
     "An urgent referral says why it is urgent and by when it is needed.",
     "Give both, or leave the urgency out."},
    {Refusal::not_forwarded, "not_forwarded", ErrorCode::conflict,
     "This force asks that a supervisor looks at a referral first, and none has forwarded it.",
     "Ask a supervisor who did not request it."},
    {Refusal::already_forwarded, "already_forwarded", ErrorCode::conflict,
     "A supervisor has forwarded this referral already.", ""},
    {Refusal::own_passkey, "own_passkey", ErrorCode::forbidden,
     "Nobody confirms their own passkey.", "Two other administrators must."},
    {Refusal::confirmed_already, "confirmed_already", ErrorCode::conflict,
     "This person has confirmed the passkey already.", "Another administrator must."},
    {Refusal::confirmed_too_early, "confirmed_too_early", ErrorCode::conflict,
     "The delay before this passkey may be confirmed has not passed.", "Try again later."},
    {Refusal::nothing_to_confirm, "nothing_to_confirm", ErrorCode::conflict,
     "There is no such passkey that waits to be confirmed.", "Look at the person's passkeys."},
    {Refusal::passkey_not_usable, "passkey_not_usable", ErrorCode::forbidden,
     "This passkey is not one that this person may use now.",
     "Use one that is listed for you as in use."},
    {Refusal::assertion_refused, "assertion_refused", ErrorCode::forbidden,
     "The passkey's answer does not show that its holder signed this.", "Sign again."},
    {Refusal::passkey_copied, "passkey_copied", ErrorCode::forbidden,
     "The passkey's counter went back, as that of a copy does.",
     "Do not use it again; suspend it and tell an administrator."},
    {Refusal::file_keys_off, "file_keys_off", ErrorCode::forbidden,
     "This force takes sign-offs by passkey alone.", "Sign off on the page, with a passkey."},
    {Refusal::own_sign_off, "own_sign_off", ErrorCode::forbidden,
     "Nobody reviews a sign-off in which they had a part.",
     "Another chief officer or the data protection officer must."},
    {Refusal::held, "held", ErrorCode::conflict, "The referral is held.",
     "Whoever holds it must end the hold first."},
    {Refusal::consent_withdrawn, "consent_withdrawn", ErrorCode::conflict,
     "The person has withdrawn their consent.",
     "It goes no further unless the policy allows it without consent: the draft's facts must then "
     "say that consent was withdrawn."},
    {Refusal::safeguarding_missing, "safeguarding_missing", ErrorCode::bad_input,
     "Nothing is released before somebody says that safeguarding was done or is not needed.",
     "Say done or not_needed."},
    {Refusal::own_proposal, "own_proposal", ErrorCode::forbidden,
     "Nobody approves an erasure that they proposed.", "Another person must approve it."},
    {Refusal::not_erasable, "not_erasable", ErrorCode::conflict,
     "This referral may not be erased now.",
     "It must be refused, withdrawn, failed, handed over or closed, and not be held."},
    {Refusal::own_change, "own_change", ErrorCode::forbidden,
     "Nobody decides about a change that they proposed.", "Another person must decide."},
    {Refusal::concerned_by_change, "concerned_by_change", ErrorCode::forbidden,
     "Nobody decides about a change of their own rank.", "Another person must decide."},
    {Refusal::change_not_open, "change_not_open", ErrorCode::conflict,
     "This change does not wait for that step.", "Look at its state first."},
    {Refusal::change_outdated, "change_outdated", ErrorCode::conflict,
     "What this change would change is no longer as it was when the change was proposed.",
     "Propose it again."},
    {Refusal::needs_two_persons, "needs_two_persons", ErrorCode::forbidden,
     "Only two persons together change this.", "Propose it as a change."},
    {Refusal::signers_release, "signers_release", ErrorCode::forbidden,
     "Nobody releases or settles what they signed off.",
     "Another person at the referral desk must do it."},
}};

const Row& row_of(Refusal refusal) { return kRows[static_cast<size_t>(refusal)]; }

constexpr bool in_order() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].refusal != static_cast<Refusal>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "kRows must be in the order of the enumeration");

}  // namespace

std::string_view refusal_name(Refusal refusal) { return row_of(refusal).name; }
std::string_view refusal_text(Refusal refusal) { return row_of(refusal).text; }

std::optional<Refusal> refusal_named(std::string_view name) {
  for (const Row& row : kRows)
    if (row.name == name) return row.refusal;
  return std::nullopt;
}

bool is_refusal(std::string_view name, std::string_view text) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.text == text;
  }
  return false;
}

Error refusal_error(Refusal refusal, std::string where, std::string detail) {
  const Row& row = row_of(refusal);
  if (detail.empty()) detail = row.action;
  return {row.code, std::string(row.text), std::move(where), std::move(detail)};
}

}  // namespace firebreak::record
