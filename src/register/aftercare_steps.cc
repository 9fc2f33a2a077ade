// SPDX-License-Identifier: Apache-2.0
// Holding, consent withdrawn, and what is said after the message was sent.
#include "register/aftercare_steps.h"

#include <chrono>
#include <utility>

#include "register/step_parts.h"

namespace firebreak::record {
namespace {

constexpr std::chrono::hours kViewOnceIn{1};

// "a, b or c".
std::string either(const std::vector<std::string>& words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

Result<void> need_word(Transaction& tx, const std::vector<std::string>& words,
                       const std::string& word, const char* member) {
  if (is_word_of(words, word)) return {};
  return tx.refuse(Refusal::malformed, member, "Use " + either(words) + ".");
}

// A day that has come.
Result<void> need_day(Transaction& tx, const std::string& text, const char* member) {
  const auto day = parse_day(text);
  if (!day) return tx.refuse(Refusal::malformed, member, "Give a date as YYYY-MM-DD.");
  if (*day > london_day(tx.now()))
    return tx.refuse(Refusal::malformed, member, "Give a day that is not to come.");
  return {};
}

Result<ReferralState> for_follow_up(Transaction& tx, const Actor& actor, const std::string& ref) {
  FB_CHECK(need(tx, actor, Right::follow_up));
  return shown_referral(tx, actor, ref);
}

Json chase_json(const Context& context, const ReferralState& state, Instant now) {
  const auto day = chase_after(state, context.config().outcomes.chase_days, london_day(now));
  return day ? Json(format_day(*day)) : Json();
}

}  // namespace

Result<Json> do_hold(Transaction& tx, const Context& context, const Actor& actor,
                     const std::string& ref, const Answer& answer) {
  FB_CHECK(need(tx, actor, Right::hold_referral));
  FB_TRY(const ReferralState state, shown_referral(tx, actor, ref));
  if (state.state == State::erased || state.after.hold) return tx.refuse(Refusal::wrong_state);
  FB_CHECK(need_word(tx, hold_reasons(), answer.reason, "reason"));
  Json event = step(kind::kHeld, actor, state);
  event["reason"] = answer.reason;
  return append_noted(tx, context, std::move(event), state, answer.note);
}

Result<Json> do_end_hold(Transaction& tx, const Context& context, const Actor& actor,
                         const std::string& ref, const std::string& note) {
  FB_CHECK(need(tx, actor, Right::hold_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  if (!state.after.hold) return tx.refuse(Refusal::wrong_state);
  tx.after_commit([&context] {
    if (context.released) context.released();  // it may be due now
  });
  return append_noted(tx, context, step(kind::kHoldEnded, actor, state), state, note);
}

Result<Json> do_withdraw_consent(Transaction& tx, const Context& context, const Actor& actor,
                                 const std::string& ref, const Answer& answer) {
  FB_TRY(const ReferralState state, shown_referral(tx, actor, ref));
  if (!identity::may(actor, Right::hold_referral)) {
    FB_CHECK(need(tx, actor, Right::draft_referral));
    FB_CHECK(need_requester(tx, actor, state));
  }
  if (state.state == State::erased || state.stopped_by_consent())
    return tx.refuse(Refusal::wrong_state);
  FB_CHECK(need_word(tx, consent_sources(), answer.reason, "said_by"));
  Json event = step(kind::kConsentWithdrawn, actor, state);
  event["said_by"] = answer.reason;
  event["too_late"] = state.may_have_left();
  return append_noted(tx, context, std::move(event), state, answer.note);
}

Result<Json> do_answer_recall(Transaction& tx, const Context& context, const Actor& actor,
                              const std::string& ref, const Answer& answer) {
  FB_TRY(const ReferralState state, for_follow_up(tx, actor, ref));
  if (!state.after.consent || state.after.consent->recall != "open")
    return tx.refuse(Refusal::wrong_state);
  FB_CHECK(need_word(tx, recall_answers(), answer.reason, "answer"));
  Json event = step(kind::kRecallAnswered, actor, state);
  event["answer"] = answer.reason;
  return append_noted(tx, context, std::move(event), state, answer.note);
}

Result<Json> do_acknowledge(Transaction& tx, const Context& context, const Actor& actor,
                            const std::string& ref, const Acknowledgement& got) {
  FB_TRY(const ReferralState state, for_follow_up(tx, actor, ref));
  if (!state.handed_over()) return tx.refuse(Refusal::wrong_state);
  FB_CHECK(need_day(tx, got.received, "received"));
  Json event = step(kind::kAcknowledged, actor, state);
  event["received"] = got.received;
  return append_noted(tx, context, std::move(event), state, got.reference);
}

Result<Json> do_ask_outcome(Transaction& tx, const Context& context, const Actor& actor,
                            const std::string& ref) {
  FB_TRY(const ReferralState state, for_follow_up(tx, actor, ref));
  if (state.state != State::handed) return tx.refuse(Refusal::wrong_state);
  Json event = step(kind::kOutcomeAsked, actor, state);
  event["chase"] = chase_json(context, state, tx.now());
  return append_noted(tx, context, std::move(event), state, {});
}

Result<Json> do_record_outcome(Transaction& tx, const Context& context, const Actor& actor,
                               const std::string& ref, const OutcomeReport& said) {
  FB_TRY(const ReferralState state, for_follow_up(tx, actor, ref));
  if (!state.handed_over()) return tx.refuse(Refusal::wrong_state);
  FB_CHECK(need_word(tx, outcome_words(), said.outcome, "outcome"));
  FB_CHECK(need_word(tx, outcome_sources(), said.source, "source"));
  FB_CHECK(need_day(tx, said.learnt, "learnt"));
  Json event = step(kind::kOutcomeRecorded, actor, state);
  event["outcome"] = said.outcome;
  event["source"] = said.source;
  event["learnt"] = said.learnt;
  event["chase"] = chase_json(context, state, tx.now());
  return append_noted(tx, context, std::move(event), state, said.note);
}

Result<Json> do_close(Transaction& tx, const Actor& actor, const std::string& ref) {
  FB_TRY(const ReferralState state, for_follow_up(tx, actor, ref));
  const bool asked_back = state.after.consent && state.after.consent->recall == "open";
  if (state.state != State::handed || asked_back) return tx.refuse(Refusal::wrong_state);
  if (state.after.outcomes.empty()) {
    return tx.refuse(Refusal::wrong_state, "outcome",
                     "Record an outcome first; it may be unknown.");
  }
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(step(kind::kClosed, actor, state)));
  return outcome(tx, ref);
}

bool view_is_due(const ReferralState& state, const std::string& actor, Instant now) {
  const auto seen = state.after.viewed.find(actor);
  if (seen == state.after.viewed.end()) return true;
  const auto at = parse_instant(seen->second);
  return !at || now >= *at + kViewOnceIn;
}

Result<Json> do_view(Transaction& tx, const Actor& actor, const std::string& ref) {
  FB_TRY(const ReferralState state, tx.referral(ref));
  if (state.state == State::erased || !view_is_due(state, actor.id, tx.now())) return Json();
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(step(kind::kViewed, actor, state)));
  return Json();
}

}  // namespace firebreak::record
