// SPDX-License-Identifier: Apache-2.0
#include "web/waiting.h"

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using Results = std::vector<Result<Json>>;

// Shared by the callbacks of one wait: each writes its own slot, the last one resumes the coroutine
// on its own io thread, where alone a coroutine may run. The work guard keeps that thread's
// io_context running meanwhile.
template <typename Handler>
class Gathering {
 public:
  Gathering(Handler handler, const asio::any_io_executor& executor, size_t count)
      : handler_(std::move(handler)),
        work_(executor),
        results_(count, Result<Json>(internal_error("Nothing was answered."))),
        left_(count) {}

  static void arrive(const std::shared_ptr<Gathering>& self, size_t slot, Result<Json> result) {
    self->results_[slot] = std::move(result);
    if (--self->left_ > 0) return;
    asio::post(self->work_.get_executor(), [self] {
      // The guard goes on the io thread, so that nothing of the coroutine's outlives its context.
      self->work_.reset();
      Handler handler = std::move(self->handler_);
      handler(std::move(self->results_));
    });
  }

 private:
  Handler handler_;
  asio::executor_work_guard<asio::any_io_executor> work_;
  Results results_;
  std::atomic<size_t> left_;
};

}  // namespace

asio::awaitable<Results> recorded_all(std::vector<Start> starts) {
  if (starts.empty()) co_return Results{};
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  auto begin = [&starts, &executor](auto handler) {
    using Gather = Gathering<decltype(handler)>;
    auto shared = std::make_shared<Gather>(std::move(handler), executor, starts.size());
    // The coroutine, and `starts` with it, may go on as soon as the last callback has come.
    std::vector<Start> mine = std::move(starts);
    for (size_t slot = 0; slot < mine.size(); ++slot) {
      mine[slot](
          [shared, slot](Result<Json> result) { Gather::arrive(shared, slot, std::move(result)); });
    }
  };
  Results results = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Results)>(
      begin, asio::use_awaitable);
  co_return results;
}

asio::awaitable<Result<Json>> recorded(Start start) {
  std::vector<Start> one;
  one.push_back(std::move(start));
  Results results = co_await recorded_all(std::move(one));
  co_return std::move(results.front());
}

namespace {

// An exception's text may quote what was asked, so it goes no further.
Result<Json> attempt(const Block& work) {
  try {
    return work();
  } catch (const std::exception&) {
    return internal_error("The server failed at this request.");
  }
}

}  // namespace

struct BlockingWork::Pool {
  Pool(unsigned threads, size_t most) : pool(threads), most_waiting(most) {}
  asio::thread_pool pool;
  const size_t most_waiting;
  std::atomic<size_t> waiting{0};
};

BlockingWork::BlockingWork(unsigned threads, size_t most_waiting)
    : pool_(std::make_unique<Pool>(threads, most_waiting)) {}
BlockingWork::~BlockingWork() { pool_->pool.join(); }

void BlockingWork::start(Block work) {
  asio::post(pool_->pool, [work = std::move(work)] { std::ignore = attempt(work); });
}

asio::awaitable<Result<Json>> BlockingWork::run(Block work) {
  Pool& pool = *pool_;
  Start start = [&pool, work = std::move(work)](record::Done done) {
    if (++pool.waiting > pool.most_waiting) {
      --pool.waiting;
      done(Error{ErrorCode::unavailable,
                 "Too much of this is asked at once.",
                 {},
                 "Try again in a moment."});
      return;
    }
    asio::post(pool.pool, [&pool, work, done = std::move(done)] {
      Result<Json> result = attempt(work);
      --pool.waiting;
      done(std::move(result));
    });
  };
  Result<Json> result = co_await recorded(std::move(start));
  co_return result;
}

}  // namespace firebreak::web
