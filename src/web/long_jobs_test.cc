// SPDX-License-Identifier: Apache-2.0
#include "web/long_jobs.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <stdexcept>
#include <thread>

namespace firebreak::web {
namespace {

using Answer = std::optional<Result<Json>>;

Answer ask(LongJobs& jobs, const std::string& name, Block work) {
  boost::asio::io_context io;
  Answer answer;
  auto asking = jobs.ask(name, std::move(work));
  boost::asio::co_spawn(io, std::move(asking), [&answer](const std::exception_ptr&, Answer given) {
    answer = std::move(given);
  });
  io.run();
  return answer;
}

// Work that ends when it is told to.
struct Held {
  std::promise<void> promise;
  std::shared_future<void> go = promise.get_future().share();
  std::atomic<int> begun{0};
  Block work(const std::string& result) {
    return [this, result]() -> Result<Json> {
      ++begun;
      go.wait();
      return Json(result);
    };
  }
};

TEST(LongJobsTest, GivesAtOnceWhatIsThereSoon) {
  BlockingWork pool{1, 4};
  LongJobs jobs(pool, 4);
  const Answer answer = ask(jobs, "a", [] { return Result<Json>(Json(1)); });
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_EQ(**answer, 1);
}

TEST(LongJobsTest, WhoeverAsksAgainJoinsAndFindsTheResult) {
  Held held;
  BlockingWork pool{1, 4};
  LongJobs jobs(pool, 4);
  EXPECT_FALSE(ask(jobs, "a", held.work("first")));
  EXPECT_FALSE(ask(jobs, "a", held.work("second")));
  held.promise.set_value();
  Answer answer = ask(jobs, "a", held.work("third"));
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_EQ(**answer, "first");
  answer = ask(jobs, "a", held.work("fourth"));
  EXPECT_EQ(**answer, "first");
  EXPECT_EQ(held.begun, 1);
}

TEST(LongJobsTest, AnErrorIsGivenOnceAndThenTriedAgain) {
  BlockingWork pool{1, 4};
  LongJobs jobs(pool, 4);
  const Answer wrong =
      ask(jobs, "a", [] { return Result<Json>(bad_input("The draft is empty.", {}, {})); });
  ASSERT_TRUE(wrong && !wrong->ok());
  EXPECT_EQ(wrong->error().message, "The draft is empty.");
  const Answer right = ask(jobs, "a", [] { return Result<Json>(Json("there")); });
  ASSERT_TRUE(right && right->ok());
}

TEST(LongJobsTest, WorkThatThrowsIsAnErrorThatSaysNothingOfIt) {
  BlockingWork pool{1, 4};
  LongJobs jobs(pool, 4);
  const Answer answer =
      ask(jobs, "a", []() -> Result<Json> { throw std::runtime_error("a name that was typed"); });
  ASSERT_TRUE(answer && !answer->ok());
  EXPECT_EQ(answer->error().code, ErrorCode::internal);
  EXPECT_EQ(answer->error().text().find("typed"), std::string::npos);
}

TEST(LongJobsTest, TooManyUnderWayAreRefusedAndTheOldestResultGoesFirst) {
  Held held;
  BlockingWork pool{1, 4};
  LongJobs jobs(pool, 2);
  EXPECT_FALSE(ask(jobs, "a", held.work("a")));
  EXPECT_FALSE(ask(jobs, "b", held.work("b")));
  const Answer refused = ask(jobs, "c", held.work("c"));
  ASSERT_TRUE(refused && !refused->ok());
  EXPECT_EQ(refused->error().code, ErrorCode::unavailable);
  held.promise.set_value();
  EXPECT_EQ(**ask(jobs, "b", held.work("never")), "b");
  EXPECT_EQ(**ask(jobs, "c", held.work("c")), "c");
  EXPECT_EQ(**ask(jobs, "b", held.work("never")), "b");
  EXPECT_EQ(**ask(jobs, "a", held.work("a anew")), "a anew");
}

}  // namespace
}  // namespace firebreak::web
