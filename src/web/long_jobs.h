// SPDX-License-Identifier: Apache-2.0
// Work that may take longer than a person waits for a page: it is started once, goes on when the
// browser goes away, and its result is there for whoever asks under the same name.
//
//   const Block compare = [path] { return difference(path); };  // owns all that it uses
//   const auto found = co_await app.long_jobs.ask("differences " + digest, compare);
//   if (!found) co_return in_progress_page(...);  // asked again by the page itself
//
// What is kept is in memory alone, a bounded number of results, the newest. An error is given once
// and forgotten, so that the next to ask tries again.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "web/waiting.h"

namespace firebreak::web {

class LongJobs {
 public:
  // Runs on `pool`, which must outlive it; keeps `most` jobs, under way or done.
  LongJobs(BlockingWork& pool, size_t most) : pool_(pool), most_(most) {}

  // The result, when it is there within half a second; otherwise nothing, and the work goes on.
  // Errors: the work's own; unavailable when `most` jobs are under way.
  boost::asio::awaitable<std::optional<Result<Json>>> ask(std::string name, Block work);

 private:
  struct Job {
    std::mutex mutex;
    std::optional<Result<Json>> result;
  };
  struct Kept {
    std::string name;
    std::shared_ptr<Job> job;
  };

  // The job of this name, started now unless there is one; null when too many are under way.
  std::shared_ptr<Job> find_or_start(const std::string& name, Block work);
  // Makes room for one more, when a job that is done can go.
  bool make_room();
  void forget(const std::string& name);
  static std::optional<Result<Json>> result_of(Job& job);

  BlockingWork& pool_;
  const size_t most_;
  std::mutex mutex_;
  std::list<Kept> jobs_;  // the newest first
};

}  // namespace firebreak::web
