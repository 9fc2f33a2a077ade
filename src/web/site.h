// SPDX-License-Identifier: Apache-2.0
// One request's way from its header to its answer, without the wire: the route, who asks, the right
// that the route needs, then the handler. This is the one place where a right is asked for.
//
//   Site::Admission admission = site.admit(request);        // before the body is read
//   if (!admission.refusal) Response r = co_await site.answer(request, admission);
#pragma once

#include "web/http.h"
#include "web/log.h"
#include "web/rate_limit.h"

namespace firebreak::web {

// Tells who sent a request.
class Authenticator {
 public:
  Authenticator() = default;
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;
  virtual ~Authenticator() = default;
  // An API is asked with a bearer token (RFC 6750 section 2.1), a page with its cookie. Runs on an
  // io thread: it must not wait. Error: unauthorised.
  virtual Result<std::shared_ptr<const Caller>> caller_of(const Request& request,
                                                          Audience audience) = 0;
};

class Site {
 public:
  // Without `limits` nobody is asked to wait.
  Site(const Router& router, Authenticator& authenticator, Log& log, RateLimits* limits = nullptr)
      : router_(router), authenticator_(authenticator), log_(log), limits_(limits) {}

  struct Admission {
    Router::Match match;
    std::optional<Response> refusal = {};  // set: this is the answer, and the body is not wanted
    bool late = false;  // a form whose session has ended: it is read and kept, not handled
    [[nodiscard]] size_t max_body() const {
      return match.route == nullptr ? 0 : match.route->max_body;
    }
  };
  // Needs all of the request but its body; fills in its caller and parameters.
  [[nodiscard]] Admission admit(Request& request) const;
  // Runs the handler. What a handler throws is a fault of ours: 500, logged without its text.
  boost::asio::awaitable<Response> answer(Request& request, const Admission& admission) const;

  // A page's answer to a form that is longer than its route takes, and is not read.
  [[nodiscard]] Response too_large(const Request& request, const Admission& admission) const;

  [[nodiscard]] Log& log() const { return log_; }

 private:
  [[nodiscard]] Response refuse(const Request& request, const Route& route,
                                const Error& error) const;
  // Whether this address asked too often; then the answer.
  [[nodiscard]] std::optional<Response> check_rate(const Request& request,
                                                   const Route& route) const;
  [[nodiscard]] std::optional<Error> check_caller(Request& request, const Route& route) const;

  const Router& router_;
  Authenticator& authenticator_;
  Log& log_;
  RateLimits* limits_;
};

// A page's form may only be sent from a page of this site. Error: forbidden.
Result<void> check_same_origin(const Request& request);

}  // namespace firebreak::web
