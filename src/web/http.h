// SPDX-License-Identifier: Apache-2.0
// What a handler of the web server sees: a request, an answer, and the table of routes. No handler
// sees Beast, a socket or an unauthenticated stranger: the server reads, checks, authenticates and
// looks up the caller's right before a handler runs.
//
//   router.add({.method = "GET", .path = "/v1/referrals/{ref}", .right = Right::view_referrals},
//              [&app](Request& request) -> boost::asio::awaitable<Response> {
//                co_return json_response(200, show(app, request.parameter("ref")));
//              });
//
// A handler runs on an io thread and must not block: what waits for the disk or computes for long
// is co_awaited (web/waiting.h).
#pragma once

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::identity {
enum class Right;
}

namespace firebreak::web {

struct Caller;  // web/caller.h: who asks, as authenticated

struct Header {
  std::string name;  // of a request: in lower case
  std::string value;
};

// One request, read whole. Texts are as sent: nothing is decoded but what a function says it
// decodes.
struct Request {
  std::string method;           // "GET"
  std::string path;             // "/v1/referrals/ref_7k2m", without the query
  std::string query;            // after the "?", not decoded; never logged
  std::vector<Header> headers;  // names in lower case, in the order sent
  std::string body;
  std::string address = {};  // whose connection it came on, as "192.0.2.7"; never logged
  std::string id;            // the caller's X-Request-ID, echoed; empty when none was sent
  // Who asks. Never null in a handler of a route that is not open.
  std::shared_ptr<const Caller> caller;
  std::vector<Header> parameters;  // what the {names} of the route's path stood for

  // The first header of that lower-case name, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  // What {name} in the route's path stood for; empty when the route has no such name.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  // The value of a cookie (RFC 6265 section 4.2.1); nothing when it was not sent, or sent twice.
  [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;
  // The query's members, percent-decoded, in order. Error: bad_input (a wrong escape, bad UTF-8).
  [[nodiscard]] Result<std::vector<Header>> query_members() const;
  // The members of an application/x-www-form-urlencoded body, likewise. Error: bad_input, also
  // for another content type.
  [[nodiscard]] Result<std::vector<Header>> form_members() const;
  // The body as JSON. Errors: bad_input when the content type is not application/json, the body is
  // empty or is not one JSON value in UTF-8; too_large.
  [[nodiscard]] Result<Json> json() const;
};

// What the answer is decides which security headers the server adds to it.
enum class Audience {
  api,    // JSON: nosniff, no-store
  page,   // HTML: the content security policy and its company, no-store
  asset,  // styles, scripts, pictures: nosniff; the handler says how long it may be kept
};

struct Response {
  int status = 200;
  std::string content_type;  // empty: there is no body
  std::string body;
  std::vector<Header> headers;  // besides those that the server adds
  Audience audience = Audience::api;
};

// The HTTP status of an error (base/result.h names them).
int http_status(ErrorCode code);
// application/json.
Response json_response(int status, const Json& body);
// application/problem+json (RFC 9457): title, status, detail, where, action, code.
Response problem(const Error& error);
Response problem(int status, std::string_view code, std::string_view detail);
// The same with a problem type (RFC 9457, 3.1.1) that a standard defines.
Response problem(int status, std::string_view code, std::string_view detail, std::string_view type);
// text/html with the page's security headers.
Response page(int status, std::string html);
// 303 See Other (RFC 9110, 15.4.4), for a page after a form was sent.
Response redirect(std::string location);
// A name or a value of an address's query, percent-encoded (RFC 3986).
std::string query_encoded(std::string_view text);
// Whether a browser sends a cookie when a page of another site links here.
enum class FromElsewhere { not_sent, sent };
// A cookie for the whole site: HttpOnly, SameSite=Strict (Lax when sent from elsewhere) and, when
// `secure`, Secure with the name's prefix __Host-. An empty value takes the cookie back.
Header set_cookie(std::string_view name, std::string_view value, bool secure,
                  FromElsewhere from_elsewhere = FromElsewhere::not_sent);
// The name under which set_cookie() sets it.
std::string cookie_name(std::string_view name, bool secure);

using Handler = std::function<boost::asio::awaitable<Response>(Request&)>;

// One line of the table of routes.
struct Route {
  std::string method;  // "GET" answers HEAD as well
  std::string path;    // "/v1/referrals/{ref}": {name} stands for one segment; "{name...}" at the
                       // end stands for the rest
  // The right that the caller needs. An API route takes it from a bearer token, a page from its
  // cookie.
  std::optional<identity::Right> right = std::nullopt;
  bool open = false;  // true: anybody may ask, signed in or not. Neither: any known caller
  Audience audience = Audience::api;
  bool sign_in = false;              // an attempt to sign in: an address has few (web/rate_limit.h)
  bool before_new_password = false;  // also for who must first change a one-time password
  size_t max_body = size_t{1} << 20;  // bytes; 413 above
};

// Finds the handler of a request.
class Router {
 public:
  // A route that two handlers could answer, or a malformed path, is a fault of ours:
  // std::logic_error.
  void add(Route route, Handler handler);

  struct Match {
    const Route* route = nullptr;  // null: no route of that method
    const Handler* handler = nullptr;
    std::vector<Header> parameters;
    std::string allow;  // the methods that the path has ("GET, HEAD"); empty: no such path
  };
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
  // The whole table, for tests that hold what may be done against it.
  [[nodiscard]] std::vector<Route> routes() const;

  // How an error on a page is shown, sign-in included; without it pages get problem+json too.
  using PageError = std::function<Response(const Request&, const Error&)>;
  void on_page_error(PageError show) { page_error_ = std::move(show); }
  [[nodiscard]] const PageError& page_error() const { return page_error_; }

  // What becomes of a form whose session ended before it was sent. `wanted` says, before the body
  // is read, whether it is one; `keep` then answers in place of the route's handler. Without it
  // such a form is refused as any other.
  struct LateForm {
    std::function<bool(const Request&)> wanted;
    Handler keep;
  };
  void on_late_form(LateForm late) { late_form_ = std::move(late); }
  [[nodiscard]] const LateForm& late_form() const { return late_form_; }

  // Called when somebody known is refused a route for want of its right, on an io thread: what
  // must be recorded is. It must not wait.
  using Refused = std::function<void(const Request&, const Route&)>;
  void on_refused(Refused record) { refused_ = std::move(record); }
  [[nodiscard]] const Refused& refused() const { return refused_; }

 private:
  struct Entry {
    Route route;
    std::vector<std::string> segments;
    Handler handler;
  };
  std::vector<Entry> entries_;
  PageError page_error_;
  LateForm late_form_;
  Refused refused_;
};

}  // namespace firebreak::web
