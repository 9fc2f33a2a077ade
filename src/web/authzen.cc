// SPDX-License-Identifier: Apache-2.0
#include "web/authzen.h"

#include "identity/rights.h"
#include "web/app.h"
#include "web/authzen_answer.h"
#include "web/authzen_request.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using identity::Actor;

// A signed-in person asks in their own name; a service asks for whoever uses it.
Result<void> check_subject(const App& app, const Actor& actor, const Evaluation& evaluation) {
  if (actor.service) return {};
  const bool own_id = evaluation.subject_id == actor.id;
  if (evaluation.subject_type == "person" && own_id) return {};
  const auto person = app.reg.directory().person(actor.id);
  if (evaluation.subject_type == "person" && person && person->name == evaluation.subject_id) {
    return {};
  }
  return bad_input("The subject is not the person who is signed in.", "subject.id",
                   "Ask in your own name.");
}

// Decided, on disk, and only then given.
Start asking(App& app, const Actor& actor, const Evaluation& evaluation) {
  return [&app, &actor, &evaluation](record::Done done) {
    if (auto subject = check_subject(app, actor, evaluation); !subject) {
      done(subject.error());
      return;
    }
    app.reg.questions().ask(actor, evaluation.facts, evaluation.district, std::move(done));
  };
}

// AuthZEN's form of a recorded answer; looks the named referral up when it matters.
asio::awaitable<Result<Json>> in_authzen(App& app, const Evaluation& evaluation, Json answer) {
  const auto policy = app.reg.policy_today();
  const bool needed = needs_referral(policy ? &(*policy)->vocabulary() : nullptr, evaluation.facts);
  if (!needed || evaluation.referral.empty() || answer["decision"] != "permit") {
    co_return authzen_decision(std::move(answer), needed, false);
  }
  const std::string recipient = evaluation.facts.value("recipient", std::string{});
  const Block look_up = [&app, &evaluation, &recipient]() -> Result<Json> {
    FB_TRY(const bool released, app.reg.referrals().is_released(evaluation.referral, recipient));
    return Json(released);
  };
  Result<Json> released = co_await app.reads.run(look_up);
  // A referral that does not exist is simply not released; a database that cannot be read is no
  // yes.
  if (!released && released.error().code != ErrorCode::not_found) co_return released.error();
  co_return authzen_decision(std::move(answer), needed, released && released->get<bool>());
}

asio::awaitable<Result<Json>> evaluate(App& app, const Actor& actor, const Evaluation& evaluation) {
  const Start ask = asking(app, actor, evaluation);
  Result<Json> answer = co_await recorded(ask);
  if (!answer) co_return answer.error();
  Result<Json> decision = co_await in_authzen(app, evaluation, *std::move(answer));
  co_return decision;
}

asio::awaitable<Response> evaluate_one(App& app, const Request& request, const Json& body) {
  const Result<Evaluation> evaluation = read_evaluation(body);
  if (!evaluation) co_return problem(evaluation.error());
  Result<Json> decision = co_await evaluate(app, request.caller->actor, *evaluation);
  co_return decision ? json_response(200, *decision) : problem(decision.error());
}

// All at once, so that one commit can hold them.
asio::awaitable<Json> execute_all(App& app, const Actor& actor, const Batch& batch) {
  std::vector<Start> starts;
  for (const auto& item : batch.items)
    if (item) starts.push_back(asking(app, actor, *item));
  std::vector<Result<Json>> answers = co_await recorded_all(std::move(starts));
  Json decisions = Json::array();
  size_t next = 0;
  for (const auto& item : batch.items) {
    Result<Json> decision = item ? std::move(answers[next++]) : Result<Json>(item.error());
    if (decision) decision = co_await in_authzen(app, *item, *std::move(decision));
    decisions.push_back(decision ? *decision : authzen_error(decision.error()));
  }
  co_return decisions;
}

// One after the other, up to the first that settles it; what comes after is neither asked nor
// recorded.
asio::awaitable<Json> execute_until(App& app, const Actor& actor, const Batch& batch,
                                    bool settling) {
  Json decisions = Json::array();
  for (const auto& item : batch.items) {
    Result<Json> decision = item ? Result<Json>(Json()) : Result<Json>(item.error());
    if (item) decision = co_await evaluate(app, actor, *item);
    decisions.push_back(decision ? *decision : authzen_error(decision.error()));
    if (decisions.back()["decision"] == settling) break;
  }
  co_return decisions;
}

asio::awaitable<Response> evaluations(App& app, Request& request) {
  const Result<Json> body = request.json();
  if (!body) co_return problem(body.error());
  const Result<Batch> batch = read_evaluations(*body);
  if (!batch) co_return problem(batch.error());
  if (batch->items.empty()) {
    Response single = co_await evaluate_one(app, request, *body);
    co_return single;
  }
  Json decisions;
  const Actor& actor = request.caller->actor;
  if (batch->semantic == Semantic::execute_all) {
    decisions = co_await execute_all(app, actor, *batch);
  } else {
    const bool settling = batch->semantic == Semantic::permit_on_first_permit;
    decisions = co_await execute_until(app, actor, *batch, settling);
  }
  co_return json_response(200, {{"evaluations", std::move(decisions)}});
}

// The configured origin; without one, the name by which we were asked.
std::string base_url(const App& app, const Request& request) {
  if (!app.reg.config().web.origin.empty()) return app.reg.config().web.origin;
  return (app.secure ? "https://" : "http://") + std::string(request.header("host"));
}

}  // namespace

void add_authzen(Router& router, App& app) {
  router.add(
      {.method = "POST", .path = "/access/v1/evaluation", .right = identity::Right::ask_question},
      [&app](Request& request) -> asio::awaitable<Response> {
        const Result<Json> body = request.json();
        if (!body) co_return problem(body.error());
        Response response = co_await evaluate_one(app, request, *body);
        co_return response;
      });
  router.add(
      {.method = "POST", .path = "/access/v1/evaluations", .right = identity::Right::ask_question},
      [&app](Request& request) -> asio::awaitable<Response> {
        Response response = co_await evaluations(app, request);
        co_return response;
      });
  router.add({.method = "GET", .path = "/.well-known/authzen-configuration", .open = true},
             [&app](Request& request) -> asio::awaitable<Response> {
               co_return json_response(200, authzen_metadata(base_url(app, request)));
             });
}

}  // namespace firebreak::web
