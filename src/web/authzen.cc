// SPDX-License-Identifier: Apache-2.0
#include "web/authzen.h"

#include "identity/rights.h"
#include "web/access_request_api.h"
#include "web/authzen_answer.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using identity::Actor;

// What every evaluation of one server needs.
struct Server {
  App& app;
  std::shared_ptr<const Denials> denials;
};

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

// The referral that the question names, itself or by an approval; empty: none, or an approval of
// something else.
std::string named_referral(const Evaluation& evaluation, const Asked& asked) {
  if (evaluation.approval.empty()) return evaluation.referral;
  const auto name = task_named(evaluation.approval);
  return name && evaluation.approval.starts_with("apr_") && is_about(*name, asked) ? name->ref
                                                                                   : std::string();
}

// Why an approval that was presented does not allow what is asked (section Completion Semantics).
void say_why_not(Json& context, const Evaluation& evaluation, const std::string& ref) {
  if (evaluation.approval.empty()) return;
  if (!context.contains("access_request")) {
    context["reason"] = "policy_denied";
    context["next_action"] = "none";
    return;
  }
  context["reason"] = ref.empty() ? "out_of_scope" : "approval_expired";
  context["next_action"] = "request";
}

// Where the named referral stands, when it was let go for what is asked and the approval, if it was
// named by one, has not run out.
asio::awaitable<Result<Json>> covering(App& app, const Evaluation& evaluation,
                                       const std::string& ref, const Json& answer) {
  const Instant now = app.reg.clock().now();
  const Block look_up = [&]() -> Result<Json> {
    FB_TRY(const record::ReferralState state, app.reg.referrals().about(ref, evaluation.facts));
    const bool lasts = evaluation.approval.empty() || now <= approved_until(state);
    if (!lasts || !covers(state, answer)) return Json();
    return Json{{"id", evaluation.approval},
                {"approved_until", format_instant(approved_until(state))}};
  };
  Result<Json> found = co_await app.reads.run(look_up);
  // A referral that does not exist is simply not released; a database that cannot be read is no
  // yes.
  if (!found && found.error().code == ErrorCode::not_found) co_return Json();
  co_return found;
}

// AuthZEN's form of a recorded answer; looks the named referral up when it matters.
asio::awaitable<Result<Json>> in_authzen(const Server& server, const Actor& actor,
                                         const std::string& base, const Evaluation& evaluation,
                                         Json answer) {
  App& app = server.app;
  const auto policy = app.reg.policy_today();
  Standing standing{needs_referral(policy ? &(*policy)->vocabulary() : nullptr, evaluation.facts)};
  const bool referable = standing.needs_referral && may_be_referred(answer);
  const Asked asked = asked_by(actor, evaluation);
  const std::string ref = named_referral(evaluation, asked);
  Json approval;
  if (referable && !ref.empty()) {
    Result<Json> found = co_await covering(app, evaluation, ref, answer);
    if (!found) co_return found.error();
    approval = *std::move(found);
    standing.covered = !approval.is_null();
  }
  Json decision = authzen_decision(std::move(answer), standing);
  Json& context = decision["context"];
  if (standing.covered && !evaluation.approval.empty()) context["approval"] = std::move(approval);
  if (!standing.covered) {
    if (referable) server.denials->offer(context, asked, app.reg.clock().now(), base);
    say_why_not(context, evaluation, ref);
  }
  fulfil_or_deny(decision, evaluation.can_fulfil);
  co_return decision;
}

asio::awaitable<Result<Json>> evaluate(const Server& server, const Actor& actor,
                                       const std::string& base, const Evaluation& evaluation) {
  const Start ask = asking(server.app, actor, evaluation);
  Result<Json> answer = co_await recorded(ask);
  if (!answer) co_return answer.error();
  Result<Json> decision = co_await in_authzen(server, actor, base, evaluation, *std::move(answer));
  co_return decision;
}

asio::awaitable<Response> evaluate_one(const Server& server, const Request& request,
                                       const Json& body) {
  const Result<Evaluation> evaluation = read_evaluation(body);
  if (!evaluation) co_return problem(evaluation.error());
  const std::string base = base_url(server.app, request);
  Result<Json> decision = co_await evaluate(server, request.caller->actor, base, *evaluation);
  co_return decision ? json_response(200, *decision) : problem(decision.error());
}

// All at once, so that one commit can hold them.
asio::awaitable<Json> execute_all(const Server& server, const Actor& actor, const std::string& base,
                                  const Batch& batch) {
  std::vector<Start> starts;
  for (const auto& item : batch.items)
    if (item) starts.push_back(asking(server.app, actor, *item));
  std::vector<Result<Json>> answers = co_await recorded_all(std::move(starts));
  Json decisions = Json::array();
  size_t next = 0;
  for (const auto& item : batch.items) {
    Result<Json> decision = item ? std::move(answers[next++]) : Result<Json>(item.error());
    if (decision) decision = co_await in_authzen(server, actor, base, *item, *std::move(decision));
    decisions.push_back(decision ? *decision : authzen_error(decision.error()));
  }
  co_return decisions;
}

// One after the other, up to the first that settles it; what comes after is neither asked nor
// recorded.
asio::awaitable<Json> execute_until(const Server& server, const Actor& actor,
                                    const std::string& base, const Batch& batch, bool settling) {
  Json decisions = Json::array();
  for (const auto& item : batch.items) {
    Result<Json> decision = item ? Result<Json>(Json()) : Result<Json>(item.error());
    if (item) decision = co_await evaluate(server, actor, base, *item);
    decisions.push_back(decision ? *decision : authzen_error(decision.error()));
    if (decisions.back()["decision"] == settling) break;
  }
  co_return decisions;
}

asio::awaitable<Response> evaluations(const Server& server, Request& request) {
  const Result<Json> body = request.json();
  if (!body) co_return problem(body.error());
  const Result<Batch> batch = read_evaluations(*body);
  if (!batch) co_return problem(batch.error());
  if (batch->items.empty()) {
    Response single = co_await evaluate_one(server, request, *body);
    co_return single;
  }
  Json decisions;
  const Actor& actor = request.caller->actor;
  const std::string base = base_url(server.app, request);
  if (batch->semantic == Semantic::execute_all) {
    decisions = co_await execute_all(server, actor, base, *batch);
  } else {
    const bool settling = batch->semantic == Semantic::permit_on_first_permit;
    decisions = co_await execute_until(server, actor, base, *batch, settling);
  }
  co_return json_response(200, {{"evaluations", std::move(decisions)}});
}

}  // namespace

void add_authzen(Router& router, App& app) {
  const Server server{app, std::make_shared<const Denials>()};
  router.add(
      {.method = "POST", .path = "/access/v1/evaluation", .right = identity::Right::ask_question},
      [server](Request& request) -> asio::awaitable<Response> {
        const Result<Json> body = request.json();
        if (!body) co_return problem(body.error());
        Response response = co_await evaluate_one(server, request, *body);
        co_return response;
      });
  router.add(
      {.method = "POST", .path = "/access/v1/evaluations", .right = identity::Right::ask_question},
      [server](Request& request) -> asio::awaitable<Response> {
        Response response = co_await evaluations(server, request);
        co_return response;
      });
  router.add({.method = "GET", .path = "/.well-known/authzen-configuration", .open = true},
             [&app](Request& request) -> asio::awaitable<Response> {
               co_return json_response(200, authzen_metadata(base_url(app, request)));
             });
  add_access_requests(router, app, server.denials);
}

}  // namespace firebreak::web
