// SPDX-License-Identifier: Apache-2.0
// The interview: begin, one question, the answer.
#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

// Decides where the person goes after an answer. What is shown as the answer is what was recorded.
PageResponse go_on(Frame& frame, Request& request) {
  const std::string token = request.caller->token;
  Interview interview = frame.interviews().get(token);
  const auto policy = frame.policy_today();
  Json facts = page_facts();
  if (policy) {
    const Walk walk = walk_questions(*policy, interview.answers);
    if (walk.next != nullptr) co_return redirect("/question/" + walk.next->name);
    facts = walk.facts;
  }
  const std::string digest = policy ? policy->digest() : std::string();
  // A form sent twice, or an answer given again as before, is the question already recorded.
  if (interview.recorded && interview.recorded->facts == facts &&
      interview.recorded->policy_digest() == digest) {
    co_return redirect("/answer");
  }
  record::Questions& questions = frame.app().reg.questions();
  const identity::Actor actor = request.caller->actor;
  Start ask = [&questions, actor, facts](record::Done done) {
    questions.ask(actor, facts, "", std::move(done));
  };
  auto answer = co_await recorded(std::move(ask));
  if (!answer) co_return frame.error_page(request, answer.error());
  interview.recorded = RecordedAnswer{facts, *std::move(answer), frame.app().reg.clock().now()};
  frame.interviews().put(token, std::move(interview));
  co_return redirect("/answer");
}

PageResponse begin_questions(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  frame.interviews().put(request.caller->token, {});
  Response response = co_await go_on(frame, request);
  co_return response;
}

PageResponse next_question(Frame& frame, Request& request) {
  const auto policy = frame.policy_today();
  if (!policy) co_return redirect("/");
  const Interview interview = frame.interviews().get(request.caller->token);
  const Walk walk = walk_questions(*policy, interview.answers);
  if (walk.next != nullptr) co_return redirect("/question/" + walk.next->name);
  // Everything is answered but nothing is recorded under this policy: it changed at midnight, or
  // the record could not be written. Sending the last answer again decides again.
  co_return redirect(walk.steps.empty() ? "/" : "/question/" + walk.steps.back().attribute->name);
}

PageResponse question_page(Frame& frame, Request& request) {
  const auto policy = frame.policy_today();
  if (!policy) co_return redirect("/");
  const Interview interview = frame.interviews().get(request.caller->token);
  const std::string attribute(request.parameter("attribute"));
  const auto walk = walk_to(*policy, interview.answers, attribute);
  if (!walk) co_return redirect("/question");
  const auto given = interview.answers.find(attribute);
  Json model = question_view(
      *policy, *walk,
      given == interview.answers.end() ? std::vector<std::string>{} : chosen_values(given->second),
      "");
  if (interview.recorded && interview.recorded->policy_digest() != policy->digest()) {
    model["NOTICE"] = {
        {"TEXT", "The policy changed since your last answer. Check what you chose."}};
  }
  co_return frame.show(request, 200, "question.html", std::move(model));
}

PageResponse take_answer(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const auto policy = frame.policy_today();
  if (!policy) co_return redirect("/");
  Interview interview = frame.interviews().get(request.caller->token);
  const std::string attribute(request.parameter("attribute"));
  const auto walk = walk_to(*policy, interview.answers, attribute);
  if (!walk) co_return redirect("/question");
  const std::vector<std::string> chosen = sent->values("answer");
  auto value = read_answer(*policy, *walk, chosen);
  if (!value) {
    co_return frame.show(request, 400, "question.html",
                         question_view(*policy, *walk, chosen, value.error().message));
  }
  interview.answers[attribute] = *std::move(value);
  frame.interviews().put(request.caller->token, std::move(interview));
  Response response = co_await go_on(frame, request);
  co_return response;
}

PageResponse answer_page(Frame& frame, Request& request) {
  const Interview interview = frame.interviews().get(request.caller->token);
  const auto policy = frame.policy_today();
  Walk walk;
  walk.facts = page_facts();
  if (policy) walk = walk_questions(*policy, interview.answers);
  // Shown only while it answers what is asked, under the policy in force now.
  if (!interview.recorded || walk.next != nullptr || interview.recorded->facts != walk.facts ||
      interview.recorded->policy_digest() != (policy ? policy->digest() : std::string())) {
    co_return redirect("/question");
  }
  Json model = answer_view(policy.get(), walk, interview.recorded->answer);
  model["TITLE"] = model["ANSWER"];
  model["WHEN"] = say_time(interview.recorded->at);
  model["QUOTE"] = {{"REFERENCE", interview.recorded->answer.value("reference", "")}};
  const std::string decision = interview.recorded->answer.value("decision", "");
  const bool referred =
      policy && policy->vocabulary().is_enforcement(walk.facts.value("recipient", ""));
  if (referred && (decision == "sign_off" || decision == "permit") &&
      identity::may(request.caller->actor, identity::Right::draft_referral)) {
    model["BEGIN"] = {{"TOKEN", frame.new_token()}};
  }
  if (!walk.steps.empty()) {
    model["BACK"] = {{"LINK", "/question/" + walk.steps.back().attribute->name}};
  }
  co_return frame.show(request, 200, "answer.html", std::move(model));
}

}  // namespace

void add_question_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  using identity::Right;
  frame->add_navigation({"Ask a question", "/", Right::ask_question});
  add_page_routes(router, frame,
                  {{"GET", "/question", next_question, Right::ask_question},
                   {"POST", "/question/start", begin_questions, Right::ask_question},
                   {"GET", "/question/{attribute}", question_page, Right::ask_question},
                   {"POST", "/question/{attribute}", take_answer, Right::ask_question},
                   {"GET", "/answer", answer_page, Right::ask_question}});
}

}  // namespace firebreak::web
