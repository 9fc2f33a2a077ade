// SPDX-License-Identifier: Apache-2.0
// One connection: requests read, guarded, answered, one after the other, each under a deadline. All
// of it runs on the one thread of its io_context, so nothing here is locked.
//
//   auto connection = std::make_shared<Connection>(std::move(socket), site, limits, secure);
//   co_spawn(context, run(connection), ...);     // and connection->tick(now) a few times a second
#pragma once

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <optional>

#include "web/guard.h"
#include "web/server.h"
#include "web/site.h"

namespace firebreak::web {

class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  Connection(boost::asio::ip::tcp::socket socket, const Site& site, const Deadlines& deadlines,
             bool secure)
      : socket_(std::move(socket)), site_(site), deadlines_(deadlines), secure_(secure) {}

  // Serves requests until the connection ends. Throws nothing but std::bad_alloc.
  boost::asio::awaitable<void> run();
  // Cuts what is over its deadline.
  void tick(Clock::time_point now);
  // Lets the request in hand finish, and takes no other.
  void stop();
  // Closes at once; the handler in hand still runs to its end.
  void cut();

 private:
  enum class Next { another, close, linger };
  struct Reply {
    int status = 0;
    bool keep = false;
  };
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<Next> serve_one();
  boost::asio::awaitable<Next> read_and_answer(WireParser& parser, Request& request);
  boost::asio::awaitable<bool> send_continue();
  boost::asio::awaitable<Next> reply(const Request* request, Response response, bool keep);
  boost::asio::awaitable<Next> reply_failure(const Request* request,
                                             const boost::beast::error_code& error);
  boost::asio::awaitable<void> linger();
  void arm(std::chrono::milliseconds after) { deadline_ = Clock::now() + after; }
  void disarm() { deadline_.reset(); }
  void log(const Request* request, std::string_view route, int status) const;

  boost::asio::ip::tcp::socket socket_;
  const Site& site_;
  const Deadlines& deadlines_;
  const bool secure_;
  boost::beast::flat_buffer buffer_;
  std::optional<Clock::time_point> deadline_;
  Clock::time_point started_;  // when the first byte of the request in hand was read
  std::string_view route_;     // of the request in hand, for the log
  bool timed_out_ = false;
  bool waiting_ = false;  // between two requests
  bool stopping_ = false;
};

}  // namespace firebreak::web
