// SPDX-License-Identifier: Apache-2.0
#include "web/long_jobs.h"

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <iterator>

namespace firebreak::web {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kLook{20};
constexpr int kLooks = 25;

}  // namespace

std::optional<Result<Json>> LongJobs::result_of(Job& job) {
  const std::lock_guard lock(job.mutex);
  return job.result;
}

bool LongJobs::make_room() {
  if (jobs_.size() < most_) return true;
  const auto done = std::find_if(jobs_.rbegin(), jobs_.rend(),
                                 [](const Kept& kept) { return result_of(*kept.job).has_value(); });
  if (done == jobs_.rend()) return false;
  jobs_.erase(std::next(done).base());
  return true;
}

std::shared_ptr<LongJobs::Job> LongJobs::find_or_start(const std::string& name, Block work) {
  const std::lock_guard lock(mutex_);
  for (const Kept& kept : jobs_)
    if (kept.name == name) return kept.job;
  if (!make_room()) return nullptr;
  auto job = std::make_shared<Job>();
  jobs_.push_front({name, job});
  pool_.start([job, work = std::move(work)]() -> Result<Json> {
    // Without an answer a page would wait for ever.
    Result<Json> result = internal_error("The server failed at this.");
    try {
      result = work();
    } catch (const std::exception&) {  // its text may quote what was asked
    }
    const std::lock_guard done(job->mutex);
    job->result = std::move(result);
    return Json();
  });
  return job;
}

void LongJobs::forget(const std::string& name) {
  const std::lock_guard lock(mutex_);
  jobs_.remove_if(
      [&name](const Kept& kept) { return kept.name == name && result_of(*kept.job).has_value(); });
}

asio::awaitable<std::optional<Result<Json>>> LongJobs::ask(std::string name, Block work) {
  const std::shared_ptr<Job> job = find_or_start(name, std::move(work));
  if (!job) {
    co_return Result<Json>(Error{
        ErrorCode::unavailable, "Too much of this is under way.", {}, "Try again in a minute."});
  }
  asio::steady_timer timer(co_await asio::this_coro::executor);
  std::optional<Result<Json>> result = result_of(*job);
  for (int look = 0; !result && look < kLooks; ++look) {
    timer.expires_after(kLook);
    co_await timer.async_wait(asio::use_awaitable);
    result = result_of(*job);
  }
  if (result && !result->ok()) forget(name);
  co_return result;
}

}  // namespace firebreak::web
