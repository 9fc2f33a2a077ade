// SPDX-License-Identifier: Apache-2.0
// /v1/changes..., /v1/notices: what two persons decide together. The register decides who may take
// a step and records a refused attempt; so no right is asked for here, or that record would be
// missing.
#include "web/api.h"
#include "web/app.h"
#include "web/body.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;

// Runs one step on the pool: it may check a policy, and waits for the disk.
asio::awaitable<Response> run_change(App& app, Block work, int status) {
  const Result<Json> result = co_await app.policies.run(std::move(work));
  if (!result) co_return problem(result.error());
  Response response = json_response(status, *result);
  if (status == 201) {
    response.headers.push_back(
        {"Location", "/v1/changes/" + result->value("change", std::string())});
  }
  co_return response;
}

asio::awaitable<Response> propose_change(App& app, Request& request) {
  Block work = [&app, &request]() -> Result<Json> {
    FB_TRY(const Json body, request.json());
    return app.reg.changes().propose(request.caller->actor, body);
  };
  return run_change(app, std::move(work), 201);
}

asio::awaitable<Response> approve(App& app, Request& request) {
  Block work = [&app, &request]() -> Result<Json> {
    FB_TRY(const Json body, read_optional_object(request, {}));
    return app.reg.changes().approve(request.caller->actor,
                                     std::string(request.parameter("change")));
  };
  return run_change(app, std::move(work), 200);
}

asio::awaitable<Response> refuse_change(App& app, Request& request) {
  Block work = [&app, &request]() -> Result<Json> {
    FB_TRY(const Json body, read_object(request, {"reason"}));
    FB_TRY(const std::string reason, text_of(body, "reason"));
    return app.reg.changes().refuse(request.caller->actor, std::string(request.parameter("change")),
                                    reason);
  };
  return run_change(app, std::move(work), 200);
}

asio::awaitable<Response> withdraw_change(App& app, Request& request) {
  Block work = [&app, &request]() -> Result<Json> {
    FB_TRY(const Json body, read_optional_object(request, {}));
    return app.reg.changes().withdraw(request.caller->actor,
                                      std::string(request.parameter("change")));
  };
  return run_change(app, std::move(work), 200);
}

Result<std::optional<record::ChangeStage>> wanted_stage(const Request& request) {
  FB_TRY(const std::vector<Header> members, request.query_members());
  std::optional<record::ChangeStage> stage;
  for (const Header& member : members) {
    if (member.name != "state") {
      return bad_input("This query member is not known here.", member.name.substr(0, 64),
                       "Known is: state.");
    }
    stage = record::stage_named(member.value);
    if (!stage) return bad_input("This is not the state of a change.", "state");
  }
  return stage;
}

asio::awaitable<Response> read_changes(App& app, Block work) {
  const Result<Json> found = co_await app.reads.run(std::move(work));
  co_return found ? json_response(200, *found) : problem(found.error());
}

}  // namespace

void add_change_api(Router& router, App& app) {
  router.add({.method = "GET", .path = "/v1/changes"}, [&app](Request& request) {
    return read_changes(app, [&app, &request]() -> Result<Json> {
      FB_TRY(const std::optional<record::ChangeStage> stage, wanted_stage(request));
      return app.reg.changes().list(request.caller->actor, stage);
    });
  });
  router.add({.method = "GET", .path = "/v1/changes/{change}"}, [&app](Request& request) {
    return read_changes(app, [&app, &request] {
      return app.reg.changes().show(request.caller->actor,
                                    std::string(request.parameter("change")));
    });
  });
  router.add({.method = "GET", .path = "/v1/notices"}, [&app](Request& request) {
    return read_changes(
        app, [&app, &request] { return app.reg.changes().notices(request.caller->actor); });
  });
  using Step = asio::awaitable<Response> (*)(App&, Request&);
  const std::pair<const char*, Step> steps[] = {{"", propose_change},
                                                {"/{change}/approve", approve},
                                                {"/{change}/refuse", refuse_change},
                                                {"/{change}/withdraw", withdraw_change}};
  for (const auto& [path, handler] : steps) {
    router.add(
        {.method = "POST", .path = std::string("/v1/changes") + path, .before_new_password = true},
        [&app, taken = handler](Request& request) { return taken(app, request); });
  }
}

}  // namespace firebreak::web
