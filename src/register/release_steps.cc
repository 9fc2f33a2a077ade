// SPDX-License-Identifier: Apache-2.0
// Releasing and settling.
#include <algorithm>

#include "register/judge.h"
#include "register/referral_steps.h"
#include "register/step_parts.h"

namespace firebreak::record {
namespace {

// Who authorised a message does not also send it, nor says what became of it.
bool signed_by(const ReferralState& state, const Actor& actor) {
  return std::ranges::any_of(state.sign_offs,
                             [&](const SignOffGiven& given) { return given.person == actor.id; });
}

// Tells who was quicker.
Error released_already(Transaction& tx, const ReferralState& state) {
  const auto document = tx.get("person", state.last_dispatch()->releaser);
  const auto body = document && document->body ? parse_json(as_text(*document->body))
                                               : Result<Json>(Json::object());
  const std::string name = body ? body->value("display_name", "") : "";
  return tx.refuse(Refusal::already_released, {},
                   (name.empty() ? "Somebody" : name) +
                       " released it. It is never sent twice; settle it or supersede it when it is "
                       "in doubt.");
}

// Whether the referral stands where it may be released, by this person.
Result<void> check_releasable(Transaction& tx, const Context& context, const Actor& actor,
                              const ReferralState& state, const ReleaseRequest& request) {
  switch (state.state) {
    case State::released:
    case State::handing:
    case State::handed:
    case State::closed:
      return released_already(tx, state);
    case State::in_doubt:
      if (!request.supersede) return released_already(tx, state);
      break;
    case State::submitted:
      if (state.terms.decision != "permit") return tx.refuse(Refusal::wrong_state);
      FB_CHECK(need_forwarded(tx, context, state));
      break;
    case State::authorised:
    case State::failed:
      break;
    default:
      return tx.refuse(Refusal::wrong_state);
  }
  if (request.supersede && state.state != State::in_doubt)
    return tx.refuse(Refusal::wrong_state, "supersede");
  if (state.requester == actor.id) return tx.refuse(Refusal::own_release);
  if (signed_by(state, actor)) return tx.refuse(Refusal::signers_release);
  if (state.after.hold) return tx.refuse(Refusal::held);
  if (state.stopped_by_consent()) return tx.refuse(Refusal::consent_withdrawn);
  if (request.safeguarding != "done" && request.safeguarding != "not_needed")
    return tx.refuse(Refusal::safeguarding_missing, "safeguarding");
  return {};
}

// The policy says how long a sign-off holds; an urgent one holds for the force's hours at most. Of
// several the oldest counts: each must still hold.
bool expired(const ReferralState& state, const policy::Policy& policy, const Draft& draft,
             int urgent_hours, Instant now) {
  const auto facts = policy.read_facts(draft.facts, {.live = true});
  if (!facts || state.sign_offs.empty()) return false;
  auto hours = policy::expiry_hours(policy.decide(*facts).conditions);
  if (state.urgent) hours = std::min(hours.value_or(urgent_hours), urgent_hours);
  const auto signed_at = parse_instant(state.sign_offs.front().at);
  return hours && signed_at && now > *signed_at + std::chrono::hours{*hours};
}

}  // namespace

Result<Json> do_release(Transaction& tx, const Context& context, const Actor& actor,
                        const std::string& ref, const ReleaseRequest& request) {
  FB_CHECK(need(tx, actor, Right::release_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_CHECK(check_releasable(tx, context, actor, state, request));
  FB_TRY(const OpenedDraft opened, open_draft(tx, context, state));
  FB_TRY(const auto policy, decide_again(tx, context, state, opened.draft));
  const auto now_facts = policy->read_facts(request.facts, {.live = true});
  if (!now_facts) {
    return tx.refuse(Refusal::unknown_word, "facts." + now_facts.error().where,
                     now_facts.error().message + " " + now_facts.error().action);
  }
  if (policy->facts_json(*now_facts) != opened.draft.facts)
    return send_back(tx, state, Refusal::facts_changed);
  if (expired(state, *policy, opened.draft, context.config().sign_off.urgent_hours, tx.now()))
    return send_back(tx, state, Refusal::sign_off_expired);
  const uint64_t number = state.dispatches.size() + 1;
  if (state.state == State::in_doubt) {
    Json superseded = step(kind::kSuperseded, actor, state);
    superseded["release"] = number - 1;
    FB_TRY([[maybe_unused]] const uint64_t before, tx.append(std::move(superseded)));
  }
  Json event = step(kind::kReleased, actor, state);
  event["release"] = number;
  event["statement_digest"] = state.statement_digest;
  event["safeguarding"] = request.safeguarding;
  tx.after_commit([&context] {
    if (context.released) context.released();
  });
  return append_noted(tx, context, std::move(event), state, request.note);
}

Result<Json> do_settle(Transaction& tx, const Actor& actor, const std::string& ref, SettledAs as,
                       Evidence evidence) {
  FB_CHECK(need(tx, actor, Right::settle_dispatch));
  FB_TRY(const ReferralState state, tx.referral(ref));
  if (state.state != State::in_doubt) return tx.refuse(Refusal::wrong_state);
  if (state.requester == actor.id) return tx.refuse(Refusal::own_release);
  if (signed_by(state, actor)) return tx.refuse(Refusal::signers_release);
  Json event = step(kind::kSettled, actor, state);
  event["release"] = state.last_dispatch()->number;
  event["as"] = as == SettledAs::delivered ? "delivered" : "not_delivered";
  event["evidence"] = evidence == Evidence::mail_log          ? "mail_log"
                      : evidence == Evidence::delivery_notice ? "delivery_notice"
                                                              : "recipient";
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
  return outcome(tx, ref);
}

}  // namespace firebreak::record
