// SPDX-License-Identifier: Apache-2.0
// How a handler waits without holding an io thread: for the register's record to be on disk, and
// for work that blocks (a password hash, a read of the database) on a small pool of its own.
//
//   const Start ask = [&](record::Done done) {
//     app.reg.questions().ask(actor, facts, district, std::move(done));
//   };
//   Result<Json> answer = co_await recorded(ask);
//   const Block read = [&] { return app.reg.referrals().page(actor, {}); };
//   Result<Json> list = co_await app.reads.run(read);
//
// g++ 12 destroys a temporary within a co_await twice, a lambda made into a std::function among
// them, and miscompiles a co_await inside a condition or a braced list: name what is awaited and
// what it gives.
#pragma once

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "register/recorder.h"

namespace firebreak::web {

using Start = std::function<void(record::Done)>;
using Block = std::function<Result<Json>()>;

// Starts what calls a Done from any thread, now or later, exactly once; gives what it was called
// with, back on the io thread of the coroutine.
boost::asio::awaitable<Result<Json>> recorded(Start start);
// Starts them all, so that they can share one commit; the results stand in the same order.
boost::asio::awaitable<std::vector<Result<Json>>> recorded_all(std::vector<Start> starts);

// A pool for work that blocks, with a bounded queue.
class BlockingWork {
 public:
  BlockingWork(unsigned threads, size_t most_waiting);
  BlockingWork(const BlockingWork&) = delete;
  BlockingWork& operator=(const BlockingWork&) = delete;
  ~BlockingWork();  // waits for what is queued

  // Runs `work` on the pool. Errors: the work's own; unavailable when too much waits already;
  // internal when the work throws.
  boost::asio::awaitable<Result<Json>> run(Block work);
  // Runs it, and nobody waits for what it gives.
  void start(Block work);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace firebreak::web
