// SPDX-License-Identifier: Apache-2.0
// Signing off, refusing, and looking again at what was urgent.
#include <algorithm>

#include "identity/signoff.h"
#include "register/force_settings.h"
#include "register/judge.h"
#include "register/passkey_rules.h"
#include "register/passkey_use.h"
#include "register/referral_steps.h"
#include "register/statement.h"
#include "register/step_parts.h"

namespace firebreak::record {
namespace {

// Who may decide about a submitted referral, today: right, nobody's own, rank.
Result<identity::Person> decider(Transaction& tx, const Context& context, const Actor& actor,
                                 const ReferralState& state) {
  if (state.state != State::submitted || state.terms.decision != "sign_off")
    return tx.refuse(Refusal::wrong_state);
  FB_CHECK(need_forwarded(tx, context, state));
  if (state.requester == actor.id) return tx.refuse(Refusal::self_authorised);
  if (state.acted.contains(actor.id)) return tx.refuse(Refusal::acted_in_chain);
  FB_TRY(identity::Person person, person_of(tx, actor));
  const Day today = london_day(tx.now());
  const auto policy = context.policies().on(today);
  if (!policy) return tx.refuse(Refusal::no_policy_in_force);
  if (!identity::holds_rank(person, rank_names(**policy), state.terms.rank, today))
    return tx.refuse(Refusal::rank_not_held);
  return person;
}

// What an entry says of a signature that holds, and what is stored with it.
struct CheckedSignature {
  std::string signature;
  Json assertion;  // null for a key file
  std::vector<NewDocument> documents;
};

Result<CheckedSignature> check_key_file(Transaction& tx, const identity::Person& person,
                                        const ReferralState& state, const SignOffRequest& request) {
  FB_TRY(const Json settings, settings_now(tx));
  if (settings.at("settings").at(kFileKeys) == false) return tx.refuse(Refusal::file_keys_off);
  const identity::SigningKey* key = identity::usable_key(person, request.key, london_day(tx.now()));
  if (key == nullptr) return tx.refuse(Refusal::key_not_usable, "key");
  const auto signature = identity::parse_signature(request.signature);
  const bool good =
      signature &&
      identity::sign_off_verifies(key->public_key, statement_digest(state.statement), *signature);
  if (!good) return tx.refuse(Refusal::wrong_signature, "signature");
  FB_TRY(NewDocument used, use_recorded(tx, request.key));
  return CheckedSignature{request.signature, nullptr, {std::move(used)}};
}

// The challenge is the statement's digest. That it was asked of this session, just now and once, is
// Directory::take_sign_off's to see (identity/challenges.h says what "fresh" rests on).
Result<CheckedSignature> check_assertion(Transaction& tx, const Context& context,
                                         const identity::Person& person, const ReferralState& state,
                                         const SignOffRequest& request) {
  const identity::Assertion& assertion = *request.assertion;
  const auto site = passkey_site(context.config());
  const identity::Passkey* passkey =
      identity::passkey_named(person, identity::passkey_ref(assertion.passkey));
  if (!site || passkey == nullptr || passkey->origin != site->origin ||
      !identity::is_usable(*passkey, tx.now()))
    return tx.refuse(Refusal::passkey_not_usable);
  auto use = use_passkey(tx, *passkey, assertion, statement_digest(state.statement), *site);
  if (!use) {
    const Error& error = use.error();
    if (error.code == ErrorCode::corrupt || error.code == ErrorCode::unavailable) return error;
    const bool copied = error.code == ErrorCode::forbidden;
    return tx.refuse(copied ? Refusal::passkey_copied : Refusal::assertion_refused, {},
                     error.message + (error.action.empty() ? "" : " " + error.action));
  }
  if (use->documents.empty()) {
    FB_TRY(NewDocument used, use_recorded(tx, request.key));
    use->documents.push_back(std::move(used));
  }
  return CheckedSignature{base64url(assertion.signature),
                          {{"id", assertion.passkey},
                           {"client_data", base64url(assertion.client_data)},
                           {"authenticator_data", base64url(assertion.authenticator_data)}},
                          std::move(use->documents)};
}

Result<CheckedSignature> check_signature(Transaction& tx, const Context& context,
                                         const identity::Person& person, const ReferralState& state,
                                         const SignOffRequest& request) {
  const bool again =
      std::any_of(state.sign_offs.begin(), state.sign_offs.end(),
                  [&](const SignOffGiven& given) { return given.person == person.id; });
  if (again) return tx.refuse(Refusal::already_signed);
  if (request.statement_digest != state.statement_digest)
    return tx.refuse(Refusal::wrong_digest, "statement_digest");
  if (request.assertion) return check_assertion(tx, context, person, state, request);
  return check_key_file(tx, person, state, request);
}

}  // namespace

Result<Json> do_authorise(Transaction& tx, const Context& context, const Actor& actor,
                          const std::string& ref, const SignOffRequest& request) {
  FB_CHECK(need(tx, actor, Right::authorise_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_TRY(const identity::Person person, decider(tx, context, actor, state));
  FB_TRY(CheckedSignature checked, check_signature(tx, context, person, state, request));
  FB_TRY(const OpenedDraft opened, open_draft(tx, context, state));
  FB_TRY([[maybe_unused]] const auto policy, decide_again(tx, context, state, opened.draft));
  Json event = step(kind::kAuthorised, actor, state);
  event["facets"] = state.facets;
  event["terms"] = to_json(state.terms);
  event["statement"] = state.statement;
  event["statement_digest"] = state.statement_digest;
  event["key"] = request.key;
  // Which entry has the signer's keys and ranks as they were: a copy of the record that leaves out
  // a later one, such as a passkey's suspension, is found out by it.
  FB_TRY(const Document signer, tx.get("person", actor.id));
  event["signer_entry"] = signer.seq;
  event["signature"] = std::move(checked.signature);
  if (!checked.assertion.is_null()) event["assertion"] = std::move(checked.assertion);
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), std::move(checked.documents)));
  return outcome(tx, ref);
}

Result<Json> do_review(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const Review& review) {
  FB_CHECK(need(tx, actor, Right::review_urgent));
  FB_TRY(const ReferralState state, tx.referral(ref));
  if (!state.awaits_review()) return tx.refuse(Refusal::wrong_state);
  const bool signer = std::ranges::any_of(
      state.sign_offs, [&](const SignOffGiven& given) { return given.person == actor.id; });
  if (signer || state.acted.contains(actor.id)) return tx.refuse(Refusal::own_sign_off);
  Json event = step(kind::kReviewed, actor, state);
  event["finding"] = review.in_order ? "in_order" : "not_in_order";
  return append_noted(tx, context, std::move(event), state, review.note);
}

Result<Json> do_refuse(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const Answer& answer) {
  FB_CHECK(need(tx, actor, Right::authorise_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_TRY([[maybe_unused]] const identity::Person person, decider(tx, context, actor, state));
  return append_answer(tx, context, step(kind::kRefused, actor, state), state, answer);
}

}  // namespace firebreak::record
