// SPDX-License-Identifier: Apache-2.0
// The only way to write: one thread that takes waiting works from a bounded queue, runs them one
// after the other in one transaction, commits (one fsync), and only then tells their callers.
//
//   recorder.submit(work, [](Result<Json> result) { ... });   // called on the recorder's thread
//   Result<Json> result = recorder.run(work);                 // waits
//
// Acknowledged means on disk. A work that fails is rolled back to its savepoint. When the commit
// fails every caller of the batch is told `unavailable`; after an I/O error, or when the database
// turns out damaged, the recorder stops for good, because what a failed fsync left on disk is not
// known: the service must be restarted, and the record verified.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "register/transaction.h"

namespace firebreak::record {

class Store;

using Work = std::function<Result<Json>(Transaction&)>;
// Must be quick and must not wait for the recorder: it runs on the recorder's thread.
using Done = std::function<void(Result<Json>)>;
// For works whose answer nobody needs.
Result<void> as_void(const Result<Json>& result);

// Who tries what: recorded as attempt.refused when the work refuses.
struct Attempt {
  std::string actor;
  std::string what;      // a fixed word: "referral.authorise"
  std::string referral;  // empty when there is none
};

class Recorder {
 public:
  struct Limits {
    size_t queue = 20'000;  // waiting works; more are refused at once
    size_t batch = 2'000;   // works in one commit
  };

  Recorder(std::unique_ptr<Store> store, Limits limits);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder();

  // Finishes what is queued, then takes nothing more. The database stays open until this object
  // goes.
  void stop();

  // Does not wait. When the queue is full or the recorder has stopped, `done` is called at once, on
  // the caller's thread, with `unavailable`.
  void submit(Work work, Done done, std::optional<Attempt> attempt = std::nullopt);
  // The same and waits. Not to be called on the recorder's thread.
  Result<Json> run(Work work, std::optional<Attempt> attempt = std::nullopt);

  // Why the recorder has stopped for good; empty while it works.
  [[nodiscard]] std::optional<Error> stopped() const;
  // Works waiting now.
  [[nodiscard]] size_t waiting() const;

 private:
  struct Item {
    Work work;
    Done done;
    std::optional<Attempt> attempt;
  };
  std::optional<Error> enqueue(Item& item);
  void loop();
  void run_batch(std::deque<Item> batch);
  Result<std::vector<Result<Json>>> record(const std::deque<Item>& batch);
  void fail(std::deque<Item>& batch, Error error);

  std::unique_ptr<Store> store_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> queue_;
  bool closing_ = false;
  std::optional<Error> stopped_;
  std::thread thread_;
};

// Turns a call that takes a Done into one that waits:
//   Result<Json> r = await([&](Done done) { referrals.submit(actor, ref, std::move(done)); });
Result<Json> await(const std::function<void(Done)>& start);

}  // namespace firebreak::record
