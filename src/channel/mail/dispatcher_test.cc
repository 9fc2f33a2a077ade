// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/dispatcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <vector>

namespace firebreak::mail {
namespace {

using record::HandingOutcome;
using std::chrono::milliseconds;

// As register/dispatch_queue.h describes the real one, in memory, and with a journal.
class FakeQueue {
 public:
  void add(const std::string& referral, uint64_t number = 1) {
    std::function<void()> listener;
    {
      const std::lock_guard lock(mutex_);
      record::Release release;
      release.referral = referral;
      release.number = number;
      waiting_.push_back(release);
      listener = listener_;
    }
    if (listener) listener();
  }
  Result<std::optional<record::Release>> next() {
    const std::lock_guard lock(mutex_);
    if (one_less(failing_nexts_)) return Error{ErrorCode::unavailable, "next", {}, {}};
    if (waiting_.empty()) return std::optional<record::Release>();
    return std::optional(waiting_.front());
  }
  Result<void> begin_handing(const std::string& referral, uint64_t number) {
    const std::lock_guard lock(mutex_);
    journal_.push_back("begin " + referral + " " + std::to_string(number));
    if (!refused_begin_.empty() && referral == refused_begin_) {
      waiting_.pop_front();
      return Error{ErrorCode::conflict, "begin", {}, {}};
    }
    return {};
  }
  Result<void> finish_handing(const std::string& referral, uint64_t number, HandingOutcome outcome,
                              const std::string& detail) {
    const std::lock_guard lock(mutex_);
    if (one_less(failing_finishes_)) {
      journal_.emplace_back("finish failed");
      return Error{finish_error_, "finish", {}, {}};
    }
    journal_.push_back("finish " + referral + " " + std::to_string(number) + " " +
                       std::to_string(static_cast<int>(outcome)) + " " + detail);
    const bool again =
        outcome == HandingOutcome::not_sent || outcome == HandingOutcome::rejected_temporary;
    if (!again) waiting_.pop_front();
    return {};
  }
  void on_release(std::function<void()> listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
  }

  void fail_next(int times) { failing_nexts_ = times; }
  void fail_finish(int times, ErrorCode code = ErrorCode::unavailable) {
    failing_finishes_ = times;
    finish_error_ = code;
  }
  void refuse_begin(const std::string& referral) { refused_begin_ = referral; }
  void note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    journal_.push_back(line);
  }
  [[nodiscard]] std::function<void()> listener() {
    const std::lock_guard lock(mutex_);
    return listener_;
  }
  [[nodiscard]] std::vector<std::string> journal() {
    const std::lock_guard lock(mutex_);
    return journal_;
  }
  // Waits until the journal has this many lines.
  std::vector<std::string> wait_for(size_t lines) {
    for (int i = 0; i < 500 && journal().size() < lines; ++i) {
      std::this_thread::sleep_for(milliseconds{10});
    }
    return journal();
  }

 private:
  // Whether there was one to take.
  static bool one_less(int& count) {
    if (count == 0) return false;
    --count;
    return true;
  }

  std::mutex mutex_;
  std::deque<record::Release> waiting_;
  std::vector<std::string> journal_;
  std::function<void()> listener_;
  int failing_nexts_ = 0;
  int failing_finishes_ = 0;
  ErrorCode finish_error_ = ErrorCode::unavailable;
  std::string refused_begin_;
};

class FakeCarrier final : public Carrier {
 public:
  FakeCarrier(FakeQueue& queue, std::vector<HandingOutcome> outcomes)
      : queue_(queue), outcomes_(std::move(outcomes)) {}
  HandOver hand_over(const record::Release& release, const std::stop_token& stop) override {
    queue_.note("hand " + release.referral);
    if (outcomes_.empty()) {  // silence: only a stop ends it
      while (!stop.stop_requested()) std::this_thread::sleep_for(milliseconds{5});
      return {HandingOutcome::in_doubt, "stopped", ""};
    }
    const HandingOutcome outcome = outcomes_[std::min(count_++, outcomes_.size() - 1)];
    return {outcome, "said", ""};
  }

 private:
  FakeQueue& queue_;
  std::vector<HandingOutcome> outcomes_;
  size_t count_ = 0;
};

using TestDispatcher = BasicDispatcher<FakeQueue>;
using Lines = std::vector<std::string>;

constexpr Instant kStart{std::chrono::seconds{1795339800}};

DispatcherSettings quick() {
  DispatcherSettings settings;
  settings.ask_every = milliseconds{10};
  return settings;
}

TEST(Dispatcher, RecordsBeforeAndAfterHanding) {
  FakeQueue queue;
  queue.add("ref_a");
  queue.add("ref_b", 2);
  FakeCarrier carrier(queue, {HandingOutcome::accepted, HandingOutcome::rejected_permanent});
  const ManualClock clock(kStart);
  const TestDispatcher dispatcher(queue, carrier, clock, quick());
  EXPECT_EQ(queue.wait_for(6), (Lines{"begin ref_a 1", "hand ref_a", "finish ref_a 1 0 said",
                                      "begin ref_b 2", "hand ref_b", "finish ref_b 2 2 said"}));
}

TEST(Dispatcher, WhatIsInDoubtIsNotHandedAgain) {
  FakeQueue queue;
  queue.add("ref_a");
  FakeCarrier carrier(queue, {HandingOutcome::in_doubt});
  const ManualClock clock(kStart);
  const TestDispatcher dispatcher(queue, carrier, clock, quick());
  queue.wait_for(3);
  std::this_thread::sleep_for(milliseconds{100});
  EXPECT_EQ(queue.journal(), (Lines{"begin ref_a 1", "hand ref_a", "finish ref_a 1 4 said"}));
}

TEST(Dispatcher, NothingIsHandedWhoseBeginningIsNotRecorded) {
  FakeQueue queue;
  queue.refuse_begin("ref_a");
  queue.add("ref_a");
  queue.add("ref_b");
  FakeCarrier carrier(queue, {HandingOutcome::accepted});
  const ManualClock clock(kStart);
  const TestDispatcher dispatcher(queue, carrier, clock, quick());
  EXPECT_EQ(queue.wait_for(4),
            (Lines{"begin ref_a 1", "begin ref_b 1", "hand ref_b", "finish ref_b 1 0 said"}));
}

TEST(Dispatcher, AnOutcomeThatCannotBeRecordedIsRecordedLaterAndNotHandedAgain) {
  FakeQueue queue;
  queue.fail_finish(2);
  queue.add("ref_a");
  FakeCarrier carrier(queue, {HandingOutcome::not_sent, HandingOutcome::accepted});
  const ManualClock clock(kStart);
  const TestDispatcher dispatcher(queue, carrier, clock, quick());
  EXPECT_EQ(queue.wait_for(8), (Lines{"begin ref_a 1", "hand ref_a", "finish failed",
                                      "finish failed", "finish ref_a 1 3 said", "begin ref_a 1",
                                      "hand ref_a", "finish ref_a 1 0 said"}));
}

TEST(Dispatcher, ErrorsOfTheRegisterAreReportedAndOutlived) {
  FakeQueue queue;
  queue.fail_next(3);
  queue.add("ref_a");
  FakeCarrier carrier(queue, {HandingOutcome::accepted});
  const ManualClock clock(kStart);
  std::atomic<int> errors = 0;
  DispatcherSettings settings = quick();
  settings.on_error = [&](const Error& error) { errors += error.message == "next" ? 1 : 100; };
  const TestDispatcher dispatcher(queue, carrier, clock, settings);
  EXPECT_EQ(queue.wait_for(3).size(), 3U);
  EXPECT_EQ(errors, 3);
}

TEST(Dispatcher, GivesUpWhenTemporaryFailuresLastTooLong) {
  FakeQueue queue;
  queue.add("ref_a");
  FakeCarrier carrier(queue, {HandingOutcome::rejected_temporary});
  ManualClock clock(kStart);
  DispatcherSettings settings = quick();
  settings.give_up_after = std::chrono::hours{3};
  // Moved on the dispatcher's own thread.
  settings.on_attempt = [&](const auto&, const auto&) { clock.advance(std::chrono::hours{1}); };
  const TestDispatcher dispatcher(queue, carrier, clock, settings);
  queue.wait_for(12);
  std::this_thread::sleep_for(milliseconds{60});
  const Lines journal = queue.journal();
  ASSERT_EQ(journal.size(), 12U);
  EXPECT_EQ(journal[8], "finish ref_a 1 1 said");
  EXPECT_EQ(journal[11], "finish ref_a 1 2 gave up: said");
}

TEST(Dispatcher, IsWokenByARelease) {
  FakeQueue queue;
  FakeCarrier carrier(queue, {HandingOutcome::accepted});
  const ManualClock clock(kStart);
  DispatcherSettings settings;
  settings.ask_every = std::chrono::hours{1};
  const TestDispatcher dispatcher(queue, carrier, clock, settings);
  std::this_thread::sleep_for(milliseconds{50});
  queue.add("ref_a");
  EXPECT_EQ(queue.wait_for(3).size(), 3U);
}

TEST(Dispatcher, StopsCleanlyInTheMiddleOfAnAttempt) {
  FakeQueue queue;
  queue.add("ref_a");
  queue.add("ref_b");
  FakeCarrier carrier(queue, {});
  const ManualClock clock(kStart);
  std::function<void()> listener;
  {
    const TestDispatcher dispatcher(queue, carrier, clock, quick());
    queue.wait_for(2);
    listener = queue.listener();
  }
  EXPECT_EQ(queue.journal(), (Lines{"begin ref_a 1", "hand ref_a", "finish ref_a 1 4 stopped"}));
  listener();  // a release committed at this very moment wakes nobody, harmlessly
  EXPECT_FALSE(queue.listener());
}

TEST(Dispatcher, StopsThoughTheOutcomeCannotBeRecorded) {
  FakeQueue queue;
  queue.add("ref_a");
  queue.fail_finish(1'000'000);
  FakeCarrier carrier(queue, {HandingOutcome::accepted});
  const ManualClock clock(kStart);
  {
    const TestDispatcher dispatcher(queue, carrier, clock, quick());
    queue.wait_for(5);
  }
  const Lines journal = queue.journal();
  EXPECT_EQ(std::count(journal.begin(), journal.end(), "hand ref_a"), 1);
}

}  // namespace
}  // namespace firebreak::mail
