// SPDX-License-Identifier: Apache-2.0
#include "web/access_request_api.h"

#include "identity/rights.h"
#include "web/authzen_answer.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using identity::Actor;

// What a request was read as: the question that was denied, and the referral it names or begins.
struct Submission {
  Evaluation evaluation;
  Json denial;
  Json draft;  // null: it names a referral
};

Result<Submission> read_submission(const Json& body) {
  if (!body.is_object()) return bad_input("The body is not a JSON object.");
  for (const char* name : {"items", "callback"}) {
    if (!body.contains(name)) continue;
    return bad_input("This member is not taken here.", name,
                     "Send one request for each denial, and ask for its task's status.");
  }
  Submission sent;
  FB_TRY(sent.evaluation, read_evaluation(body));
  sent.denial = body.value("denial", Json());
  if (body.contains("context")) sent.draft = body["context"].value("draft", Json());
  if (sent.draft.is_null() == sent.evaluation.referral.empty()) {
    return bad_input("The request names no referral, or two.", "context",
                     "Give context.referral, the reference of a referral that a person has begun, "
                     "or context.draft, a draft of your own.");
  }
  if (sent.draft.is_null()) return sent;
  if (!sent.draft.is_object()) return bad_input("This member is not an object.", "context.draft");
  // A draft is about what was denied and nothing else.
  Json& facts = sent.draft["facts"];
  if (facts.is_null()) facts = sent.evaluation.facts;
  if (facts != sent.evaluation.facts) {
    return bad_input("The draft's facts are not those that were asked about.",
                     "context.draft.facts", "Leave them out.");
  }
  return sent;
}

// The referral's state as the register shows it to this caller: a service may follow a referral
// about what it asked, a person only one that they may see. A person's guess is recorded.
Result<record::ReferralState> shown_to(App& app, const Actor& actor, const std::string& ref,
                                       const Json* facts) {
  record::Referrals& referrals = app.reg.referrals();
  if (!actor.service) {
    FB_TRY([[maybe_unused]] const record::ReferralState shown, referrals.state(actor, ref));
  }
  return facts == nullptr ? app.reg.reader().referral(ref) : referrals.about(ref, *facts);
}

Result<Json> as_json(const Result<record::ReferralState>& state) {
  if (!state) return state.error();
  return to_json(*state);
}

Response task_response(int status, const std::string& task, const record::ReferralState& state,
                       const std::string& base) {
  Response response = json_response(status, task_answer(task, state, base));
  response.headers.push_back({"Location", base + "/access/v1/requests/" + task});
  return response;
}

asio::awaitable<Result<Json>> begin_referral(App& app, const Actor& actor, Json draft) {
  const Start start = [&](record::Done done) {
    app.reg.referrals().draft(actor, std::move(draft), std::move(done));
  };
  Result<Json> made = co_await recorded(start);
  co_return made;
}

asio::awaitable<Response> submit(App& app, const Denials& denials, Request& request) {
  const Result<Json> body = request.json();
  if (!body) co_return problem(body.error());
  const Actor& actor = request.caller->actor;
  Result<Submission> sent = read_submission(*body);
  if (!sent) co_return problem(sent.error());
  const Result<void> subject = check_subject(app, actor, sent->evaluation);
  if (!subject) co_return problem(subject.error());
  const Asked asked = asked_by(actor, sent->evaluation);
  const auto refusal = denials.check(sent->denial, asked, app.reg.clock().now());
  if (refusal) co_return *refusal;
  std::string ref = sent->evaluation.referral;
  if (!sent->draft.is_null()) {
    const Result<Json> made = co_await begin_referral(app, actor, std::move(sent->draft));
    if (!made) co_return problem(made.error());
    ref = made->value("referral", std::string());
  }
  const Block look_up = [&]() {
    return as_json(shown_to(app, actor, ref, &sent->evaluation.facts));
  };
  const Result<Json> found = co_await app.reads.run(look_up);
  if (!found && found.error().code == ErrorCode::not_found) {
    co_return invalid_denial_binding("There is no such referral about what was asked.");
  }
  if (!found) co_return problem(found.error());
  const auto state = record::read_referral_state(*found);
  if (!state) co_return problem(state.error());
  co_return task_response(covers(*state, {{"decision", "permit"}}) ? 201 : 202, task_id(ref, asked),
                          *state, base_url(app, request));
}

asio::awaitable<Response> status(App& app, Request& request) {
  const std::string task(request.parameter("task"));
  const auto name = task_named(task);
  const Actor& actor = request.caller->actor;
  const bool known =
      name && task.starts_with("arq_") && (!actor.service || is_callers(*name, actor.id));
  if (!known) co_return unknown_task();
  const Block look_up = [&]() { return as_json(shown_to(app, actor, name->ref, nullptr)); };
  const Result<Json> found = co_await app.reads.run(look_up);
  if (!found && found.error().code == ErrorCode::not_found) co_return unknown_task();
  if (!found) co_return problem(found.error());
  const auto state = record::read_referral_state(*found);
  if (!state) co_return problem(state.error());
  if (state->state == record::State::erased) co_return task_expired();
  co_return json_response(200, task_answer(task, *state, base_url(app, request)));
}

}  // namespace

Asked asked_by(const Actor& actor, const Evaluation& evaluation) {
  return {actor.id, evaluation.asked};
}

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

std::string base_url(const App& app, const Request& request) {
  if (!app.reg.config().web.origin.empty()) return app.reg.config().web.origin;
  return (app.secure ? "https://" : "http://") + std::string(request.header("host"));
}

void add_access_requests(Router& router, App& app, std::shared_ptr<const Denials> denials) {
  using identity::Right;
  router.add({.method = "POST", .path = "/access/v1/requests", .right = Right::ask_question},
             [&app, denials](Request& request) -> asio::awaitable<Response> {
               Response response = co_await submit(app, *denials, request);
               co_return response;
             });
  router.add({.method = "GET", .path = "/access/v1/requests/{task}", .right = Right::ask_question},
             [&app](Request& request) { return status(app, request); });
}

}  // namespace firebreak::web
