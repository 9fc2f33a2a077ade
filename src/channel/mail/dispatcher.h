// SPDX-License-Identifier: Apache-2.0
// Carries released referrals out, one after the other, on a thread of its own: takes the next
// release that is due, records that handing begins, hands it over, records what happened.
//
//   Dispatcher dispatcher(reg->dispatches(), *carrier, clock, settings);    // starts
//   ...
//   // its end stops the thread: an attempt under way is ended without guessing (carrier.h)
//
// Nothing is handed over before its beginning is durable, and an outcome that was learnt is
// recorded or, when the register cannot, tried to be recorded until the stop; the release itself is
// never handed over a second time for that. When to try again after a temporary failure is the
// queue's knowledge and outlives a restart; here it is only asked every few seconds, and at once
// when a release is committed. What fails for `give_up_after` is recorded as failed, for a person
// to decide.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "channel/mail/carrier.h"
#include "register/dispatch_queue.h"

namespace firebreak::mail {

struct DispatcherSettings {
  std::chrono::milliseconds ask_every = std::chrono::seconds{5};
  // From the first attempt since the program started, on the clock.
  std::chrono::hours give_up_after{24};
  // Told of each attempt that ended, and of errors of the register (with no release); for the log.
  // Called on the dispatcher's thread.
  std::function<void(const record::Release&, const HandOver&)> on_attempt = {};
  std::function<void(const Error&)> on_error = {};
};

// The thread of BasicDispatcher sleeps here and is woken from others. It is shared with the queue's
// listener, which may still be running when the dispatcher goes.
class Wakener {
 public:
  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  // Until woken, stopped, or after `longest`.
  void sleep(const std::stop_token& stop, std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, longest, [this] { return woken_; });
    woken_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
};

// `Queue` is record::DispatchQueue, or what stands for it in a test.
template <typename Queue>
class BasicDispatcher {
 public:
  // All must outlive the dispatcher.
  BasicDispatcher(Queue& queue, Carrier& carrier, const Clock& clock,
                  DispatcherSettings settings = {})
      : queue_(queue), carrier_(carrier), clock_(clock), settings_(std::move(settings)) {
    queue_.on_release([wakener = wakener_] { wakener->wake(); });
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  BasicDispatcher(const BasicDispatcher&) = delete;
  BasicDispatcher& operator=(const BasicDispatcher&) = delete;
  ~BasicDispatcher() { queue_.on_release({}); }

  // Asks the queue now.
  void wake() { wakener_->wake(); }

 private:
  using Key = std::pair<std::string, uint64_t>;

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested())
      if (!hand_next(stop)) wakener_->sleep(stop, settings_.ask_every);
  }

  // True when there may be another to hand at once.
  bool hand_next(const std::stop_token& stop) {
    const Result<std::optional<record::Release>> next = queue_.next();
    if (!next) return report(next.error());
    if (!next->has_value()) return false;
    const record::Release& release = **next;
    if (const auto begun = queue_.begin_handing(release.referral, release.number); !begun)
      return report(begun.error());
    HandOver result = carrier_.hand_over(release, stop);
    give_up_in_time(release, result);
    if (settings_.on_attempt) settings_.on_attempt(release, result);
    return record_outcome(release, result, stop);
  }

  // A refusal for now becomes one for good when it has lasted too long.
  void give_up_in_time(const record::Release& release, HandOver& result) {
    const Key key{release.referral, release.number};
    const Instant now = clock_.now();
    const Instant first = first_tried_.try_emplace(key, now).first->second;
    const bool for_now = result.outcome == record::HandingOutcome::not_sent ||
                         result.outcome == record::HandingOutcome::rejected_temporary;
    if (for_now && now - first < settings_.give_up_after) return;
    first_tried_.erase(key);
    if (!for_now) return;
    result.outcome = record::HandingOutcome::rejected_permanent;
    result.detail = ("gave up: " + result.detail).substr(0, 64);
    result.explanation = "Given up after " + std::to_string(settings_.give_up_after.count()) +
                         " hours. " + result.explanation;
  }

  bool record_outcome(const record::Release& release, const HandOver& result,
                      const std::stop_token& stop) {
    while (true) {
      const auto done =
          queue_.finish_handing(release.referral, release.number, result.outcome, result.detail);
      if (done) return true;
      report(done.error());
      // Left as being handed, the register puts it in doubt at its next start.
      if (done.error().code == ErrorCode::conflict || stop.stop_requested()) return false;
      wakener_->sleep(stop, settings_.ask_every);
    }
  }

  bool report(const Error& error) {
    if (settings_.on_error) settings_.on_error(error);
    return false;
  }

  Queue& queue_;
  Carrier& carrier_;
  const Clock& clock_;
  DispatcherSettings settings_;
  std::map<Key, Instant> first_tried_;
  std::shared_ptr<Wakener> wakener_ = std::make_shared<Wakener>();
  std::jthread thread_;  // last: it uses all of the above
};

using Dispatcher = BasicDispatcher<record::DispatchQueue>;

}  // namespace firebreak::mail
