// SPDX-License-Identifier: Apache-2.0
#include "web/connection.h"

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <ctime>
#include <limits>
#include <tuple>

#include "web/headers.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;

// How much of a refused body is read and thrown away, so that its sender reads our answer.
constexpr size_t kMostLingered = size_t{32} << 20;
constexpr size_t kReadSize = 4096;

auto token(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

boost::beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }

// RFC 9110 section 6.6.1; made anew once a second in each thread.
const std::string& http_date() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> buffer{};
    text.assign(buffer.data(),
                std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    made = now;
  }
  return text;
}

bool has_body(int status) { return status != 204 && status != 304; }

http::response<http::string_body> wire_response(const Request* request, Response response,
                                                bool keep, bool secure) {
  http::response<http::string_body> wire(static_cast<http::status>(response.status), 11);
  wire.set(http::field::date, http_date());
  for (const Header& header : security_headers(response.audience, secure)) {
    wire.set(view(header.name), header.value);
  }
  for (const Header& header : response.headers) wire.insert(view(header.name), header.value);
  if (!response.content_type.empty()) wire.set(http::field::content_type, response.content_type);
  if (request != nullptr && !request->id.empty()) wire.set("X-Request-ID", request->id);
  if (!keep) wire.set(http::field::connection, "close");
  if (has_body(response.status)) {
    wire.content_length(response.body.size());
    if (request == nullptr || request->method != "HEAD") wire.body() = std::move(response.body);
  }
  return wire;
}

}  // namespace

void Connection::tick(Clock::time_point now) {
  if (!deadline_ || now < *deadline_) return;
  timed_out_ = true;
  disarm();
  error_code ignored;
  std::ignore = socket_.cancel(ignored);
}

void Connection::stop() {
  stopping_ = true;
  error_code ignored;
  if (waiting_) std::ignore = socket_.cancel(ignored);
}

void Connection::cut() {
  stopping_ = true;
  error_code ignored;
  std::ignore = socket_.close(ignored);
}

void Connection::log(const Request* request, std::string_view route, int status) const {
  const Log::Level level = status >= 500   ? Log::Level::error
                           : status >= 400 ? Log::Level::info
                                           : Log::Level::debug;
  if (!site_.log().takes(level)) return;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
  // The route's pattern, never the path: a path names a referral, a query may name anything.
  site_.log().event(level, "request",
                    {{"method", request == nullptr || route.empty() ? "-" : request->method},
                     {"route", route.empty() ? "-" : route},
                     {"status", status},
                     {"microseconds", took.count()}});
}

asio::awaitable<bool> Connection::wait_for_request() {
  route_ = {};
  if (buffer_.size() == 0) {
    if (stopping_) co_return false;
    error_code error;
    waiting_ = true;
    arm(deadlines_.idle);
    const size_t read = co_await socket_.async_read_some(buffer_.prepare(kReadSize), token(error));
    waiting_ = false;
    buffer_.commit(read);
    if (error) co_return false;
  }
  started_ = Clock::now();
  co_return true;
}

asio::awaitable<Connection::Next> Connection::reply(const Request* request, Response response,
                                                    bool keep) {
  log(request, route_, response.status);
  keep = keep && !stopping_;
  auto wire = wire_response(request, std::move(response), keep, secure_);
  http::response_serializer<http::string_body> serializer(wire);
  error_code error;
  arm(deadlines_.write);
  co_await http::async_write(socket_, serializer, token(error));
  disarm();
  if (error) co_return Next::close;
  co_return keep ? Next::another : Next::linger;
}

asio::awaitable<Connection::Next> Connection::reply_failure(const Request* request,
                                                            const error_code& error) {
  if (timed_out_) {
    timed_out_ = false;
    Next next =
        co_await reply(request, problem(408, "timeout", "The request took too long."), false);
    co_return next;
  }
  // Not the parser's error: the connection itself is gone, and nobody reads an answer.
  if (error.category() != http::make_error_code(http::error::bad_method).category() ||
      error == http::error::end_of_stream) {
    co_return Next::close;
  }
  const Refusal refusal = refusal_of(error);
  Next next = co_await reply(request, problem(refusal.status, refusal.code, refusal.why), false);
  co_return next;
}

asio::awaitable<bool> Connection::send_continue() {
  http::response<http::empty_body> wire(http::status::continue_, 11);
  http::response_serializer<http::empty_body> serializer(wire);
  error_code error;
  arm(deadlines_.write);
  co_await http::async_write(socket_, serializer, token(error));
  co_return !error;
}

asio::awaitable<Connection::Next> Connection::serve_one() {
  error_code error;
  WireParser parser;
  parser.header_limit(kMaxHeader);
  // How long a body may be is known with its route, and asked before any of it is read.
  parser.body_limit(std::numeric_limits<uint64_t>::max());  // none: Boost 1.74 takes it for 0
  arm(deadlines_.header);
  co_await http::async_read_header(socket_, buffer_, parser, token(error));
  disarm();
  if (error) {
    Next next = co_await reply_failure(nullptr, error);
    co_return next;
  }
  if (const auto refusal = refuse(parser.get())) {
    Next next =
        co_await reply(nullptr, problem(refusal->status, refusal->code, refusal->why), false);
    co_return next;
  }
  Request request = to_request(parser.get());
  const auto peer = socket_.remote_endpoint(error);
  if (!error) request.address = peer.address().to_string();
  Next next = co_await read_and_answer(parser, request);
  co_return next;
}

asio::awaitable<Connection::Next> Connection::read_and_answer(WireParser& parser,
                                                              Request& request) {
  const bool keep = parser.get().keep_alive();
  Site::Admission admission = site_.admit(request);
  if (admission.match.route != nullptr) route_ = admission.match.route->path;
  if (admission.refusal) {
    // An unread body would be taken for the next request, so the connection ends with it.
    Next next = co_await reply(&request, *std::move(admission.refusal), keep && parser.is_done());
    co_return next;
  }
  if (!parser.is_done()) {
    error_code error;
    const auto length = parser.content_length();
    if (length && *length > admission.max_body()) error = http::error::body_limit;
    parser.body_limit(admission.max_body());
    if (!error && expects_continue(parser.get())) {
      const bool sent = co_await send_continue();
      if (!sent) co_return Next::close;
    }
    arm(deadlines_.body);
    if (!error) co_await http::async_read(socket_, buffer_, parser, token(error));
    disarm();
    if (error == http::error::body_limit && admission.match.route->audience == Audience::page) {
      Next next = co_await reply(&request, site_.too_large(request, admission), false);
      co_return next;
    }
    if (error) {
      Next next = co_await reply_failure(&request, error);
      co_return next;
    }
    request.body = std::move(parser.get().body());
  }
  Response response = co_await site_.answer(request, admission);
  Next next = co_await reply(&request, std::move(response), keep);
  co_return next;
}

// Closing while unread bytes wait makes the kernel reset the connection, and the reset may overtake
// our answer (RFC 9112 section 9.6). So we say that no more comes, and read to the end, within
// bounds.
asio::awaitable<void> Connection::linger() {
  error_code error;
  if (socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error)) co_return;
  std::array<char, size_t{16} * 1024> discarded{};
  size_t total = 0;
  arm(deadlines_.linger);
  while (!error && !timed_out_ && total < kMostLingered) {
    total += co_await socket_.async_read_some(asio::buffer(discarded), token(error));
  }
  disarm();
}

asio::awaitable<void> Connection::run() {
  Next next = Next::another;
  while (next == Next::another) {
    const bool begun = co_await wait_for_request();
    if (!begun) break;
    next = co_await serve_one();
  }
  if (next == Next::linger) co_await linger();
  cut();
}

}  // namespace firebreak::web
