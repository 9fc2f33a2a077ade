// SPDX-License-Identifier: Apache-2.0
#include "web/server.h"

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <thread>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "web/connection.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kTick{100};
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
    "Connection: close\r\n\r\n";

unsigned default_threads() {
  const unsigned processors = std::thread::hardware_concurrency();
  return processors == 0 ? 1 : std::min(processors, 4U);
}

}  // namespace

// One thread with its io_context and its connections. All but the constructor and post() runs on
// that thread.
class Lane {
 public:
  Lane(const Site& site, const ServeOptions& options, std::atomic<size_t>& open)
      : site_(site),
        options_(options),
        open_(open),
        context_(1),
        work_(context_.get_executor()),
        timer_(context_) {}

  asio::io_context& context() { return context_; }
  void run() {
    schedule_tick();
    context_.run();
  }
  void adopt(tcp::socket socket) {
    error_code ignored;
    std::ignore = socket.set_option(tcp::no_delay(true), ignored);
    auto connection =
        std::make_shared<Connection>(std::move(socket), site_, options_.deadlines, options_.secure);
    connections_.insert(connection.get());
    if (stopping_) connection->stop();
    asio::co_spawn(
        context_, [connection] { return connection->run(); },
        [this, connection](const std::exception_ptr& fault) {
          if (fault) site_.log().event(Log::Level::error, "connection.fault");
          connections_.erase(connection.get());
          --open_;
          if (stopping_ && connections_.empty()) timer_.cancel();
        });
  }
  void stop() {
    stopping_ = true;
    stop_by_ = Connection::Clock::now() + options_.deadlines.stop;
    for (Connection* connection : connections_) connection->stop();
    if (connections_.empty()) timer_.cancel();
    work_.reset();
  }

 private:
  void schedule_tick() {
    timer_.expires_after(kTick);
    timer_.async_wait([this](const error_code&) { tick(); });
  }
  void tick() {
    if (stopping_ && connections_.empty()) return;
    const auto now = Connection::Clock::now();
    for (Connection* connection : connections_) {
      connection->tick(now);
      if (stopping_ && now > stop_by_) connection->cut();
    }
    schedule_tick();
  }

  const Site& site_;
  const ServeOptions& options_;
  std::atomic<size_t>& open_;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer timer_;
  std::unordered_set<Connection*> connections_;
  Connection::Clock::time_point stop_by_;
  bool stopping_ = false;
};

class Server::Impl {
 public:
  Impl(const Site& site, Log& log, ServeOptions options) : log_(log), options_(std::move(options)) {
    if (options_.threads == 0) options_.threads = default_threads();
    for (unsigned i = 0; i < options_.threads; ++i) {
      lanes_.push_back(std::make_unique<Lane>(site, options_, open_));
    }
    acceptor_.emplace(lanes_.front()->context());
  }

  Result<void> start() {
    FB_CHECK(listen());
    asio::co_spawn(lanes_.front()->context(), [this] { return accept(); }, asio::detached);
    for (auto& lane : lanes_) threads_.emplace_back([&lane] { lane->run(); });
    log_.event(Log::Level::info, "server.started",
               {{"address", options_.address}, {"port", port_}, {"threads", options_.threads}});
    return {};
  }

  [[nodiscard]] uint16_t port() const { return port_; }

  void stop() {
    if (threads_.empty()) return;
    log_.event(Log::Level::info, "server.stopping", {{"connections", open_.load()}});
    asio::post(lanes_.front()->context(), [this] {
      error_code ignored;
      stopping_ = true;
      std::ignore = acceptor_->close(ignored);
      pause_.reset();
    });
    for (auto& lane : lanes_) asio::post(lane->context(), [&lane] { lane->stop(); });
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    log_.event(Log::Level::info, "server.stopped");
  }

 private:
  Result<void> listen() {
    error_code error;
    const auto address = asio::ip::make_address(options_.address, error);
    if (error) return bad_input("The address to listen on is not an IP address.", options_.address);
    const tcp::endpoint endpoint(address, options_.port);
    try {
      acceptor_->open(endpoint.protocol());
      acceptor_->set_option(tcp::acceptor::reuse_address(true));
      acceptor_->bind(endpoint);
      acceptor_->listen();
      port_ = acceptor_->local_endpoint().port();
    } catch (const boost::system::system_error& fault) {
      return Error{ErrorCode::unavailable,
                   "The server cannot listen here: " + fault.code().message() + ".",
                   options_.address + ":" + std::to_string(options_.port),
                   "Choose another address with --listen."};
    }
    return {};
  }

  asio::awaitable<void> accept() {
    for (size_t turn = 0; !stopping_; ++turn) {
      Lane& lane = *lanes_[turn % lanes_.size()];
      tcp::socket socket(lane.context());
      error_code error;
      co_await acceptor_->async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
      if (stopping_) break;
      if (error) {
        // Out of descriptors, most likely: connections in hand must end first.
        log_.event(Log::Level::warning, "server.accept", {{"error", error.message()}});
        pause_.emplace(lanes_.front()->context(), kTick);
        co_await pause_->async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      hand_over(lane, std::move(socket));
    }
  }

  void hand_over(Lane& lane, tcp::socket socket) {
    if (open_ >= options_.max_connections) {
      error_code ignored;
      std::ignore = socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(kFull), ignored);
      log_.event(Log::Level::warning, "server.full", {{"connections", open_.load()}});
      return;
    }
    ++open_;
    asio::post(lane.context(),
               [&lane, s = std::move(socket)]() mutable { lane.adopt(std::move(s)); });
  }

  Log& log_;
  ServeOptions options_;
  std::atomic<size_t> open_{0};
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> pause_;
  std::vector<std::thread> threads_;
  uint16_t port_ = 0;
  bool stopping_ = false;  // on the first lane's thread
};

Server::Server(const Site& site, Log& log, ServeOptions options)
    : impl_(std::make_unique<Impl>(site, log, std::move(options))) {}
Server::~Server() { impl_->stop(); }
Result<void> Server::start() { return impl_->start(); }
uint16_t Server::port() const { return impl_->port(); }
void Server::stop() { impl_->stop(); }

void Server::run_until_signal() {
  asio::io_context waiting;
  asio::signal_set signals(waiting, SIGTERM, SIGINT);
  signals.async_wait([](const error_code&, int) {});
  waiting.run();
  stop();
}

}  // namespace firebreak::web
