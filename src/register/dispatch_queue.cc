// SPDX-License-Identifier: Apache-2.0
#include "register/dispatch_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "register/context.h"
#include "register/event.h"
#include "register/judge.h"
#include "register/sealing.h"
#include "register/statement.h"

namespace firebreak::record {
namespace {

constexpr int kLongestWaitMinutes = 60;

// When a release may next be offered to the mail server.
bool is_due(const Dispatch& dispatch, Instant now) {
  if (dispatch.attempts == 0) return true;
  const auto changed = parse_instant(dispatch.changed);
  const int minutes = std::min(1 << std::min(dispatch.attempts - 1, 10), kLongestWaitMinutes);
  return !changed || now >= *changed + std::chrono::minutes{minutes};
}

// A server's reply is foreign text: only what cannot be prose about a person is kept.
std::string safe_detail(const std::string& detail) {
  const bool safe = detail.size() <= 64 && std::all_of(detail.begin(), detail.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ':' ||
                             c == '-' || c == ' ';
                    });
  return safe ? detail : std::string();
}

Error not_now(const char* message) {
  return {ErrorCode::conflict, message, {}, "Look at the referral's state."};
}

Result<ReferralState> dispatch_in(Transaction& tx, const std::string& ref, uint64_t number,
                                  State wanted, const char* message) {
  FB_TRY(ReferralState state, tx.referral(ref));
  if (state.state != wanted || state.last_dispatch()->number != number) return not_now(message);
  return state;
}

Json system_step(std::string_view event_kind, const std::string& ref, uint64_t number) {
  Json event = new_event(event_kind, kSystem);
  event["referral"] = ref;
  event["release"] = number;
  return event;
}

Json outcome_event(const std::string& ref, uint64_t number, HandingOutcome outcome,
                   const std::string& detail) {
  switch (outcome) {
    case HandingOutcome::accepted: {
      Json event = system_step(kind::kHanded, ref, number);
      event["detail"] = safe_detail(detail);
      return event;
    }
    case HandingOutcome::in_doubt: {
      Json event = system_step(kind::kInDoubt, ref, number);
      event["because"] = "no_answer";
      return event;
    }
    default: {
      Json event = system_step(kind::kFailed, ref, number);
      event["outcome"] = outcome == HandingOutcome::rejected_permanent   ? "rejected_permanent"
                         : outcome == HandingOutcome::rejected_temporary ? "rejected_temporary"
                                                                         : "not_sent";
      event["detail"] = safe_detail(detail);
      return event;
    }
  }
}

Result<Release> open_release(const Context& context, const ReferralState& state) {
  const Fetch fetch = [&](std::string_view kind, std::string_view id,
                          std::optional<uint64_t> revision) {
    return context.reader->document(kind, id, revision);
  };
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch));
  FB_TRY(OpenedMessage message, vault.message(fetch, state.revision));
  const Digest digest = nonced_digest(message.nonce, as_bytes(message.bytes));
  if (state.statement.value("message_digest", "") != show_digest(digest)) {
    return Error{ErrorCode::corrupt, "The stored message is not the one that was authorised.",
                 state.id, "It is not sent. Run `firebreak ledger verify`."};
  }
  return Release{state.id,
                 state.last_dispatch()->number,
                 state.id + "@" + context.config().force.domain,
                 state.destination,
                 context.config().mail.from,
                 state.statement.value("address", ""),
                 std::move(message.bytes)};
}

}  // namespace

Result<std::optional<Release>> DispatchQueue::next() {
  FB_TRY(const auto released, context_.reader->in_states({State::released}));
  const Instant now = context_.clock.now();
  for (const ReferralState& state : released) {
    if (state.after.hold || !is_due(*state.last_dispatch(), now)) continue;
    FB_TRY(Release release, open_release(context_, state));
    return std::optional<Release>(std::move(release));
  }
  return std::optional<Release>();
}

Result<void> DispatchQueue::begin_handing(const std::string& referral, uint64_t number) {
  return as_void(context_.recorder->run([&](Transaction& tx) -> Result<Json> {
    FB_TRY(const ReferralState state,
           dispatch_in(tx, referral, number, State::released, "This release is not to be sent."));
    if (state.after.hold) return not_now("The referral is held.");
    const Fetch fetch = [&](std::string_view kind, std::string_view id,
                            std::optional<uint64_t> revision) {
      return tx.get(kind, id, revision);
    };
    FB_TRY(const ReferralVault vault, ReferralVault::open(context_.vault, referral, fetch));
    FB_TRY(const OpenedDraft opened, vault.draft(fetch, state.content));
    FB_TRY([[maybe_unused]] const auto policy, decide_again(tx, context_, state, opened.draft));
    FB_TRY([[maybe_unused]] const uint64_t seq,
           tx.append(system_step(kind::kHanding, referral, number)));
    return Json();
  }));
}

Result<void> DispatchQueue::finish_handing(const std::string& referral, uint64_t number,
                                           HandingOutcome outcome, const std::string& detail) {
  return as_void(context_.recorder->run([&](Transaction& tx) -> Result<Json> {
    FB_TRY([[maybe_unused]] const ReferralState state,
           dispatch_in(tx, referral, number, State::handing, "This release is not being handed."));
    FB_TRY([[maybe_unused]] const uint64_t seq,
           tx.append(outcome_event(referral, number, outcome, detail)));
    return Json();
  }));
}

Result<int> DispatchQueue::doubt_interrupted() {
  FB_TRY(const Json count, context_.recorder->run([](Transaction& tx) -> Result<Json> {
    FB_TRY(const auto handing, tx.referrals({State::handing}));
    for (const ReferralState& state : handing) {
      Json event = system_step(kind::kInDoubt, state.id, state.last_dispatch()->number);
      event["because"] = "interrupted";
      FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
    }
    return Json(handing.size());
  }));
  return count.get<int>();
}

void DispatchQueue::on_release(std::function<void()> listener) {
  const std::scoped_lock lock(mutex_);
  listener_ = std::move(listener);
}

void DispatchQueue::notify() const {
  const std::scoped_lock lock(mutex_);
  if (listener_) listener_();
}

}  // namespace firebreak::record
