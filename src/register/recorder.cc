// SPDX-License-Identifier: Apache-2.0
#include "register/recorder.h"

#include <future>
#include <utility>
#include <vector>

#include "register/event.h"
#include "register/store.h"

namespace firebreak::record {
namespace {

Error full_queue() {
  return {ErrorCode::unavailable,
          "Too many requests are waiting to be recorded.",
          {},
          "Nothing was done; try again in a moment."};
}

// The work itself; what it throws is a fault of ours and fails it alone.
Result<Json> call(const Work& work, Transaction& tx) {
  try {
    return work(tx);
  } catch (const std::exception&) {
    return internal_error("A step of the program failed while recording.");
  }
}

// Only what this program itself named: a caller's own text must not reach an entry.
bool is_reference(std::string_view text) {
  return text.size() == 30 && text.starts_with("ref_") &&
         text.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz", 4) == std::string_view::npos;
}

Json attempt_event(const Attempt& attempt, Refusal refusal) {
  Json event = new_event(kind::kAttemptRefused, attempt.actor);
  event["what"] = attempt.what;
  event["code"] = refusal_name(refusal);
  event["reason"] = refusal_text(refusal);
  if (is_reference(attempt.referral)) event["referral"] = attempt.referral;
  return event;
}

// One work in its savepoint, with the record of its refusal. The outer error means that the whole
// transaction is lost.
Result<Result<Json>> run_work(Store& store, const Work& work,
                              const std::optional<Attempt>& attempt) {
  FB_CHECK(store.begin_work());
  Result<Json> result = call(work, store);
  if (store.fault() != Fault::none)
    return result.ok() ? internal_error("The database failed during a step.") : result.error();
  const std::optional<Refusal> refusal = store.refusal();
  FB_CHECK(store.end_work(result.ok() || store.kept()));
  if (!result.ok() && refusal && attempt) {
    FB_TRY([[maybe_unused]] const uint64_t seq,
           store.append(attempt_event(*attempt, *refusal), {}, {}));
  }
  return result;
}

}  // namespace

Recorder::Recorder(std::unique_ptr<Store> store, Limits limits)
    : store_(std::move(store)), limits_(limits), thread_([this] { loop(); }) {}

Recorder::~Recorder() { stop(); }

void Recorder::stop() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

// Takes the item away when it is accepted; otherwise leaves it and says why not.
std::optional<Error> Recorder::enqueue(Item& item) {
  const std::scoped_lock lock(mutex_);
  if (stopped_) return stopped_;
  if (closing_ || queue_.size() >= limits_.queue) return full_queue();
  queue_.push_back(std::move(item));
  return std::nullopt;
}

void Recorder::submit(Work work, Done done, std::optional<Attempt> attempt) {
  Item item{std::move(work), std::move(done), std::move(attempt)};
  if (auto refused = enqueue(item)) {
    item.done(*std::move(refused));
  } else {
    wake_.notify_one();
  }
}

Result<Json> Recorder::run(Work work, std::optional<Attempt> attempt) {
  return await([&](Done done) { submit(std::move(work), std::move(done), std::move(attempt)); });
}

std::optional<Error> Recorder::stopped() const {
  const std::scoped_lock lock(mutex_);
  return stopped_;
}

size_t Recorder::waiting() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

void Recorder::loop() {
  while (true) {
    std::deque<Item> batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      if (queue_.size() <= limits_.batch) {
        batch.swap(queue_);
      } else {
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(limits_.batch);
        batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
      }
    }
    run_batch(std::move(batch));
  }
}

// Everything in one transaction; gives each work's result, or the error that all get.
Result<std::vector<Result<Json>>> Recorder::record(const std::deque<Item>& batch) {
  store_->forget_fault();
  FB_CHECK(store_->begin());
  std::vector<Result<Json>> results;
  results.reserve(batch.size());
  for (const Item& item : batch) {
    FB_TRY(Result<Json> result, run_work(*store_, item.work, item.attempt));
    results.push_back(std::move(result));
  }
  FB_CHECK(store_->commit());
  return results;
}

void Recorder::run_batch(std::deque<Item> batch) {
  auto results = record(batch);
  if (!results) {
    store_->rollback();
    fail(batch, results.error());
    return;
  }
  for (const auto& action : store_->take_actions()) action();
  for (size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move((*results)[i]));
}

void Recorder::fail(std::deque<Item>& batch, Error error) {
  error.code = ErrorCode::unavailable;
  if (store_->fault() == Fault::fatal) {
    error.action =
        "The recorder has stopped and records nothing more: check the disk, run `firebreak ledger "
        "verify`, then start the service again.";
    const std::scoped_lock lock(mutex_);
    stopped_ = error;
    // Whoever waits behind this batch is told the same.
    std::move(queue_.begin(), queue_.end(), std::back_inserter(batch));
    queue_.clear();
  }
  for (Item& item : batch) item.done(error);
}

Result<void> as_void(const Result<Json>& result) {
  if (!result) return result.error();
  return {};
}

Result<Json> await(const std::function<void(Done)>& start) {
  auto promise = std::make_shared<std::promise<Result<Json>>>();
  auto future = promise->get_future();
  start([promise](Result<Json> result) { promise->set_value(std::move(result)); });
  return future.get();
}

}  // namespace firebreak::record
