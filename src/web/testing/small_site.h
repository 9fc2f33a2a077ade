// SPDX-License-Identifier: Apache-2.0
// For tests: a server with a few routes and no register behind it.
//
//   SmallSite site;                          // or SmallSite site({.max_connections = 2});
//   RawClient client(site.port());
//
// Tokens: "officer" is an officer's, "machine" a service's, "new" that of a person who must first
// change a one-time password.
#pragma once

#include <sstream>
#include <thread>

#include "identity/rights.h"
#include "web/bearer.h"
#include "web/caller.h"
#include "web/server.h"
#include "web/site.h"
#include "web/waiting.h"

namespace firebreak::web {

class FixedAuthenticator final : public Authenticator {
 public:
  Result<std::shared_ptr<const Caller>> caller_of(const Request& request,
                                                  Audience audience) override {
    std::string token(bearer_token(request.header("authorization")).value_or(""));
    if (audience != Audience::api) token = request.cookie("session").value_or("");
    Caller caller;
    caller.token = token;
    caller.actor.id = "person_1";
    caller.actor.roles = {"officer"};
    if (token == "machine") {
      caller.actor = {.id = "service_1", .roles = {"service"}, .service = true};
    } else if (token == "new") {
      caller.actor.must_change_password = true;
    } else if (token != "officer") {
      return Error{ErrorCode::unauthorised, "Nobody is signed in.", {}, {}};
    }
    return std::shared_ptr<const Caller>(std::make_shared<Caller>(std::move(caller)));
  }
};

class SmallSite {
 public:
  using Answer = boost::asio::awaitable<Response>;

  explicit SmallSite(ServeOptions options = {}) : server_(site_, log_, std::move(options)) {
    router_.add({.method = "GET", .path = "/ping", .open = true},
                [](Request&) -> Answer { co_return json_response(200, {{"ok", true}}); });
    router_.add({.method = "POST", .path = "/echo", .open = true}, [](Request& request) -> Answer {
      Response response = json_response(200, {{"length", request.body.size()}});
      response.body = request.body;
      co_return response;
    });
    router_.add({.method = "POST", .path = "/small", .open = true, .max_body = 100},
                [](Request&) -> Answer { co_return json_response(200, {}); });
    router_.add({.method = "POST", .path = "/json", .open = true}, [](Request& request) -> Answer {
      const Result<Json> body = request.json();
      co_return body ? json_response(200, {{"ok", true}}) : problem(body.error());
    });
    router_.add({.method = "POST", .path = "/ask", .right = identity::Right::ask_question},
                [](Request& request) -> Answer {
                  co_return json_response(200, {{"asker", request.caller->actor.id}});
                });
    router_.add(
        {.method = "POST", .path = "/release/{ref}", .right = identity::Right::release_referral},
        [](Request&) -> Answer { co_return json_response(200, {}); });
    router_.add({.method = "GET", .path = "/slow", .open = true}, [this](Request&) -> Answer {
      auto work = [this]() -> Result<Json> {
        begun_ = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        return Json{{"slow", true}};
      };
      const Result<Json> result = co_await pool_.run(work);
      co_return result ? json_response(200, *result) : problem(result.error());
    });
    router_.add({.method = "GET", .path = "/fault", .open = true}, [](Request& request) -> Answer {
      co_return json_response(200,
                              request.json().error().message.empty() ? Json() : Json::parse("{"));
    });
    router_.add({.method = "POST", .path = "/form", .open = true, .audience = Audience::page},
                [](Request&) -> Answer { co_return page(200, "<p>Done</p>"); });
    const auto started = server_.start();
    if (!started) throw std::runtime_error(started.error().text());
  }

  [[nodiscard]] uint16_t port() const { return server_.port(); }
  [[nodiscard]] std::string logged() const { return lines_.str(); }
  [[nodiscard]] bool slow_begun() const { return begun_; }
  Server& server() { return server_; }
  const Site& site() const { return site_; }

 private:
  SystemClock clock_;
  std::ostringstream lines_;
  Log log_{clock_, Log::Level::debug, lines_};
  std::atomic<bool> begun_{false};
  BlockingWork pool_{1, 4};
  FixedAuthenticator authenticator_;
  Router router_;
  Site site_{router_, authenticator_, log_};
  Server server_;
};

}  // namespace firebreak::web
