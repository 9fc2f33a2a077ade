// SPDX-License-Identifier: Apache-2.0
// POST and DELETE /v1/session, POST /v1/password: people signing in and out, and their passwords.
#include "web/api.h"
#include "web/app.h"
#include "web/body.h"
#include "web/caller.h"
#include "web/rate_limit.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;

constexpr size_t kSmallBody = 4096;  // names and passwords; anybody may send one

Json session_json(const record::SignedIn& session) {
  return {{"token", session.token},
          {"expires", format_instant(session.expires)},
          {"must_change_password", session.must_change_password}};
}

// Of a password that was not taken, with when the next may be tried.
Response password_problem(App& app, const std::string& name, const Error& error) {
  Response response = problem(error);
  if (error.code == ErrorCode::too_many)
    response.headers.push_back(retry_after(app.reg.directory().sign_in_wait(name)));
  return response;
}

asio::awaitable<Response> sign_in(App& app, Request& request) {
  const Result<Json> body = read_object(request, {"name", "password"});
  if (!body) co_return problem(body.error());
  std::string name;
  const Block work = [&app, &body, &name]() -> Result<Json> {
    FB_TRY(name, text_of(*body, "name"));
    FB_TRY(const std::string password, text_of(*body, "password"));
    FB_TRY(const record::SignedIn session, app.reg.directory().sign_in(name, password));
    if (session.passkey_needed) {
      return Error{ErrorCode::forbidden,
                   "This person signs in with a passkey.",
                   {},
                   "Sign in on the page, in a browser."};
    }
    return session_json(session);
  };
  const Result<Json> session = co_await app.passwords.run(work);
  if (session) co_return json_response(200, *session);
  co_return password_problem(app, name, session.error());
}

asio::awaitable<Response> sign_out(App& app, Request& request) {
  if (request.caller->actor.service) {
    co_return problem(Error{ErrorCode::forbidden, "A service has no session to end.", {}, {}});
  }
  app.reg.directory().sign_out(request.caller->token);
  Response response;
  response.status = 204;
  co_return response;
}

asio::awaitable<Response> change_password(App& app, Request& request) {
  if (request.caller->actor.service) {
    co_return problem(Error{ErrorCode::forbidden, "A service has no password.", {}, {}});
  }
  const Result<Json> body = read_object(request, {"old", "new"});
  if (!body) co_return problem(body.error());
  const Block work = [&app, &body, &request]() -> Result<Json> {
    FB_TRY(const std::string before, text_of(*body, "old"));
    FB_TRY(const std::string after, text_of(*body, "new"));
    FB_TRY(const record::SignedIn session,
           app.reg.directory().change_password(request.caller->token, before, after));
    return session_json(session);
  };
  const Result<Json> session = co_await app.passwords.run(work);
  if (session) co_return json_response(200, *session);
  const auto who = app.reg.directory().person(request.caller->actor.id);
  co_return password_problem(app, who ? who->name : std::string(), session.error());
}

}  // namespace

void add_account_api(Router& router, App& app) {
  router.add({.method = "POST",
              .path = "/v1/session",
              .open = true,
              .sign_in = true,
              .max_body = kSmallBody},
             [&app](Request& request) { return sign_in(app, request); });
  router.add({.method = "DELETE", .path = "/v1/session", .before_new_password = true},
             [&app](Request& request) { return sign_out(app, request); });
  router.add({.method = "POST",
              .path = "/v1/password",
              .before_new_password = true,
              .max_body = kSmallBody},
             [&app](Request& request) { return change_password(app, request); });
}

}  // namespace firebreak::web
