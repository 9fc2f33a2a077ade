// SPDX-License-Identifier: Apache-2.0
// Signing off and refusing.
#include <algorithm>

#include "identity/signoff.h"
#include "register/judge.h"
#include "register/referral_steps.h"
#include "register/statement.h"
#include "register/step_parts.h"

namespace firebreak::record {
namespace {

Result<identity::Person> person_of(Transaction& tx, const Actor& actor) {
  FB_TRY(const Document document, tx.get("person", actor.id));
  if (!document.body) return Error{ErrorCode::corrupt, "A person's record was destroyed.", {}, {}};
  FB_TRY(const Json body, parse_json(as_text(*document.body)));
  FB_TRY(identity::Person person, identity::read_person(body));
  if (!person.active) return tx.refuse(Refusal::no_right);
  return person;
}

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
  const auto policy = context.policies.on(today);
  if (!policy) return tx.refuse(Refusal::no_policy_in_force);
  if (!identity::holds_rank(person, rank_names(**policy), state.terms.rank, today))
    return tx.refuse(Refusal::rank_not_held);
  return person;
}

Result<void> check_signature(Transaction& tx, const identity::Person& person,
                             const ReferralState& state, const SignOffRequest& request) {
  const bool again =
      std::any_of(state.sign_offs.begin(), state.sign_offs.end(),
                  [&](const SignOffGiven& given) { return given.person == person.id; });
  if (again) return tx.refuse(Refusal::already_signed);
  if (request.statement_digest != state.statement_digest)
    return tx.refuse(Refusal::wrong_digest, "statement_digest");
  const identity::SigningKey* key = identity::usable_key(person, request.key, london_day(tx.now()));
  if (key == nullptr) return tx.refuse(Refusal::key_not_usable, "key");
  const auto signature = identity::parse_signature(request.signature);
  const bool good =
      signature &&
      identity::sign_off_verifies(key->public_key, statement_digest(state.statement), *signature);
  if (!good) return tx.refuse(Refusal::wrong_signature, "signature");
  return {};
}

}  // namespace

Result<Json> do_authorise(Transaction& tx, const Context& context, const Actor& actor,
                          const std::string& ref, const SignOffRequest& request) {
  FB_CHECK(need(tx, actor, Right::authorise_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_TRY(const identity::Person person, decider(tx, context, actor, state));
  FB_CHECK(check_signature(tx, person, state, request));
  FB_TRY(const OpenedDraft opened, open_draft(tx, context, state));
  FB_TRY([[maybe_unused]] const auto policy, decide_again(tx, context, state, opened.draft));
  Json event = step(kind::kAuthorised, actor, state);
  event["facets"] = state.facets;
  event["terms"] = to_json(state.terms);
  event["statement"] = state.statement;
  event["statement_digest"] = state.statement_digest;
  event["key"] = request.key;
  event["signature"] = request.signature;
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
  return outcome(tx, ref);
}

Result<Json> do_refuse(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const Answer& answer) {
  FB_CHECK(need(tx, actor, Right::authorise_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_TRY([[maybe_unused]] const identity::Person person, decider(tx, context, actor, state));
  return append_answer(tx, context, step(kind::kRefused, actor, state), state, answer);
}

}  // namespace firebreak::record
