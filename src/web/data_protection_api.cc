// SPDX-License-Identifier: Apache-2.0
// /v1/erasures… and /v1/subject-access…: what the data protection officer does. The register
// decides who may, and records a refused attempt.
#include "web/api.h"
#include "web/app.h"
#include "web/body.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using record::Done;

asio::awaitable<Response> show_plan(App& app, Request& request) {
  const Block read = [&] { return app.reg.erasures().plan(request.caller->actor); };
  const Result<Json> found = co_await app.reads.run(read);
  co_return found ? json_response(200, *found) : problem(found.error());
}

Result<record::ErasureProposal> read_proposal(const Request& request) {
  FB_TRY(const Json body, read_object(request, {"because", "referrals"}));
  record::ErasureProposal proposal;
  FB_TRY(proposal.because, text_of(body, "because"));
  const Json referrals = body.value("referrals", Json::array());
  if (!referrals.is_array()) return bad_input("This is a list of references.", "referrals");
  for (const Json& ref : referrals) {
    if (!ref.is_string()) return bad_input("This is a list of references.", "referrals");
    proposal.referrals.push_back(ref.get<std::string>());
  }
  return proposal;
}

asio::awaitable<Response> propose(App& app, Request& request) {
  const Result<record::ErasureProposal> proposal = read_proposal(request);
  if (!proposal) co_return problem(proposal.error());
  const Start start = [&](Done done) {
    app.reg.erasures().propose(request.caller->actor, *proposal, std::move(done));
  };
  const Result<Json> made = co_await recorded(start);
  co_return made ? json_response(201, *made) : problem(made.error());
}

using Decide = void (record::Erasures::*)(const identity::Actor&, std::string, Done);

asio::awaitable<Response> decide(App& app, Request& request, Decide decide_how) {
  const Result<Json> body = read_optional_object(request, {});
  if (!body) co_return problem(body.error());
  const std::string id(request.parameter("proposal"));
  const Start start = [&](Done done) {
    (app.reg.erasures().*decide_how)(request.caller->actor, id, std::move(done));
  };
  const Result<Json> result = co_await recorded(start);
  co_return result ? json_response(200, *result) : problem(result.error());
}

asio::awaitable<Response> begin_search(App& app, Request& request) {
  const Block begin = [&]() -> Result<Json> {
    FB_TRY(const Json body, read_object(request, {"person"}));
    FB_TRY(const std::string person, text_of(body, "person"));
    FB_TRY(const std::string id, app.reg.subject_access().start(request.caller->actor, person));
    return app.reg.subject_access().show(request.caller->actor, id);
  };
  const Result<Json> begun = co_await app.reads.run(begin);
  co_return begun ? json_response(202, *begun) : problem(begun.error());
}

asio::awaitable<Response> show_search(App& app, Request& request) {
  const auto found = app.reg.subject_access().show(request.caller->actor,
                                                   std::string(request.parameter("search")));
  co_return found ? json_response(200, *found) : problem(found.error());
}

}  // namespace

void add_data_protection_api(Router& router, App& app) {
  router.add({.method = "GET", .path = "/v1/erasures"},
             [&app](Request& request) { return show_plan(app, request); });
  router.add({.method = "POST", .path = "/v1/erasures", .before_new_password = true},
             [&app](Request& request) { return propose(app, request); });
  const std::pair<const char*, Decide> decisions[] = {{"approve", &record::Erasures::approve},
                                                      {"decline", &record::Erasures::decline}};
  for (const auto& [name, how] : decisions) {
    router.add({.method = "POST",
                .path = std::string("/v1/erasures/{proposal}/") + name,
                .before_new_password = true},
               [&app, step = how](Request& request) { return decide(app, request, step); });
  }
  router.add({.method = "POST", .path = "/v1/subject-access", .before_new_password = true},
             [&app](Request& request) { return begin_search(app, request); });
  router.add({.method = "GET", .path = "/v1/subject-access/{search}"},
             [&app](Request& request) { return show_search(app, request); });
}

}  // namespace firebreak::web
