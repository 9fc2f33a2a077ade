// SPDX-License-Identifier: Apache-2.0
// /v1/referrals/{ref}/hold… and /v1/tasks: what the referral desk records besides release. As in
// referral_api.cc the register decides who may, and records a refused attempt.
#include "web/api.h"
#include "web/app.h"
#include "web/body.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using identity::Actor;
using record::AftercareSteps;
using record::Done;

// What a body asks for: a step to be begun.
using Begin = std::function<void(AftercareSteps&, const Actor&, const std::string& ref, Done)>;
using ReadStep = Result<Begin> (*)(const Request&);

asio::awaitable<Response> take_aftercare_step(App& app, Request& request, ReadStep read) {
  const Result<Begin> begin = read(request);
  if (!begin) co_return problem(begin.error());
  const std::string ref(request.parameter("ref"));
  const Start start = [&](Done done) {
    (*begin)(app.reg.aftercare(), request.caller->actor, ref, std::move(done));
  };
  const Result<Json> result = co_await recorded(start);
  co_return result ? json_response(200, *result) : problem(result.error());
}

using Said = void (AftercareSteps::*)(const Actor&, std::string, record::Answer, Done);

// A fixed word under `member`, and a note.
Result<Begin> read_word(const Request& request, const char* member, Said said) {
  FB_TRY(const Json body, read_object(request, {member, "note"}));
  record::Answer answer;
  FB_TRY(answer.reason, text_of(body, member));
  FB_TRY(answer.note, optional_text_of(body, "note"));
  return Begin([answer, said](AftercareSteps& steps, const Actor& actor, const std::string& ref,
                              Done done) { (steps.*said)(actor, ref, answer, std::move(done)); });
}

Result<Begin> read_hold(const Request& request) {
  return read_word(request, "reason", &AftercareSteps::hold);
}

Result<Begin> read_consent(const Request& request) {
  return read_word(request, "said_by", &AftercareSteps::withdraw_consent);
}

Result<Begin> read_recall(const Request& request) {
  return read_word(request, "answer", &AftercareSteps::answer_recall);
}

Result<Begin> read_end_hold(const Request& request) {
  FB_TRY(const Json body, read_optional_object(request, {"note"}));
  FB_TRY(const std::string note, optional_text_of(body, "note"));
  return Begin([note](AftercareSteps& steps, const Actor& actor, const std::string& ref,
                      Done done) { steps.end_hold(actor, ref, note, std::move(done)); });
}

Result<Begin> read_acknowledgement(const Request& request) {
  FB_TRY(const Json body, read_object(request, {"reference", "received"}));
  record::Acknowledgement got;
  FB_TRY(got.reference, optional_text_of(body, "reference"));
  FB_TRY(got.received, text_of(body, "received"));
  return Begin([got](AftercareSteps& steps, const Actor& actor, const std::string& ref, Done done) {
    steps.acknowledge(actor, ref, got, std::move(done));
  });
}

Result<Begin> read_outcome(const Request& request) {
  FB_TRY(const Json body, read_object(request, {"outcome", "source", "learnt", "note"}));
  record::OutcomeReport said;
  FB_TRY(said.outcome, text_of(body, "outcome"));
  FB_TRY(said.source, text_of(body, "source"));
  FB_TRY(said.learnt, text_of(body, "learnt"));
  FB_TRY(said.note, optional_text_of(body, "note"));
  return Begin([said](AftercareSteps& steps, const Actor& actor, const std::string& ref,
                      Done done) { steps.record_outcome(actor, ref, said, std::move(done)); });
}

Result<Begin> read_ask(const Request& request) {
  FB_TRY([[maybe_unused]] const Json body, read_optional_object(request, {}));
  return Begin([](AftercareSteps& steps, const Actor& actor, const std::string& ref, Done done) {
    steps.ask_outcome(actor, ref, std::move(done));
  });
}

Result<Begin> read_close(const Request& request) {
  FB_TRY([[maybe_unused]] const Json body, read_optional_object(request, {}));
  return Begin([](AftercareSteps& steps, const Actor& actor, const std::string& ref, Done done) {
    steps.close(actor, ref, std::move(done));
  });
}

asio::awaitable<Response> show_tasks(App& app, Request& request) {
  const Block read = [&] { return app.reg.aftercare().tasks(request.caller->actor); };
  const Result<Json> found = co_await app.reads.run(read);
  co_return found ? json_response(200, *found) : problem(found.error());
}

}  // namespace

void add_aftercare_api(Router& router, App& app) {
  router.add({.method = "GET", .path = "/v1/tasks"},
             [&app](Request& request) { return show_tasks(app, request); });
  const std::pair<const char*, ReadStep> steps[] = {{"hold", read_hold},
                                                    {"end-hold", read_end_hold},
                                                    {"consent-withdrawn", read_consent},
                                                    {"recall", read_recall},
                                                    {"acknowledge", read_acknowledgement},
                                                    {"ask-outcome", read_ask},
                                                    {"outcome", read_outcome},
                                                    {"close", read_close}};
  for (const auto& [name, read] : steps) {
    router.add(
        {.method = "POST",
         .path = std::string("/v1/referrals/{ref}/") + name,
         .before_new_password = true},
        [&app, step = read](Request& request) { return take_aftercare_step(app, request, step); });
  }
}

}  // namespace firebreak::web
