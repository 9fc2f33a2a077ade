// SPDX-License-Identifier: Apache-2.0
// Releasing, settling, erasing.
#include "register/judge.h"
#include "register/referral_steps.h"
#include "register/step_parts.h"

namespace firebreak::record {
namespace {

constexpr size_t kErasedAtOnce = 100;

// Whether the referral stands where it may be released, by this person.
Result<void> check_releasable(Transaction& tx, const Context& context, const Actor& actor,
                              const ReferralState& state, const ReleaseRequest& request) {
  switch (state.state) {
    case State::released:
    case State::handing:
    case State::handed:
      return tx.refuse(Refusal::already_released);
    case State::in_doubt:
      if (!request.supersede) return tx.refuse(Refusal::already_released);
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
  return {};
}

bool expired(const ReferralState& state, const policy::Policy& policy, const Draft& draft,
             Instant now) {
  const auto facts = policy.read_facts(draft.facts, {.live = true});
  if (!facts || state.sign_offs.empty()) return false;
  const auto hours = policy::expiry_hours(policy.decide(*facts).conditions);
  const auto signed_at = parse_instant(state.sign_offs.back().at);
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
  if (expired(state, *policy, opened.draft, tx.now()))
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
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
  tx.after_commit([&context] {
    if (context.released) context.released();
  });
  return outcome(tx, ref);
}

Result<Json> do_settle(Transaction& tx, const Actor& actor, const std::string& ref, SettledAs as,
                       Evidence evidence) {
  FB_CHECK(need(tx, actor, Right::settle_dispatch));
  FB_TRY(const ReferralState state, tx.referral(ref));
  if (state.state != State::in_doubt) return tx.refuse(Refusal::wrong_state);
  Json event = step(kind::kSettled, actor, state);
  event["release"] = state.last_dispatch()->number;
  event["as"] = as == SettledAs::delivered ? "delivered" : "not_delivered";
  event["evidence"] = evidence == Evidence::mail_log          ? "mail_log"
                      : evidence == Evidence::delivery_notice ? "delivery_notice"
                                                              : "recipient";
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
  return outcome(tx, ref);
}

namespace {

// Every sealed document of a referral, the key among them.
std::vector<DocumentName> sealed_documents(const ReferralState& state) {
  std::vector<DocumentName> out = {{"key", state.id, 1}};
  const auto add = [&](const char* name, uint64_t count) {
    for (uint64_t i = 1; i <= count; ++i) out.push_back({name, state.id, i});
  };
  add("draft", state.content);
  add("message", state.revision);
  add("note", state.notes);
  return out;
}

}  // namespace

Result<Json> do_erase(Transaction& tx, const Config::Referrals& settings) {
  FB_TRY(const auto closed, tx.referrals({State::refused, State::withdrawn, State::begun}));
  size_t erased = 0;
  for (const ReferralState& state : closed) {
    const auto changed = parse_instant(state.changed);
    const int days =
        state.state == State::begun ? settings.erase_begun_days : settings.erase_refused_days;
    if (!changed || tx.now() < *changed + std::chrono::days{days}) continue;
    Json event = new_event(kind::kErased, kSystem);
    event["referral"] = state.id;
    FB_TRY([[maybe_unused]] const uint64_t seq,
           tx.append(std::move(event), {}, sealed_documents(state)));
    if (++erased == kErasedAtOnce) break;
  }
  return Json{{"erased", erased}};
}

}  // namespace firebreak::record
