// SPDX-License-Identifier: Apache-2.0
// The interview: begin, one question, the answer.
#include "web/pages/frame.h"
#include "web/pages/views.h"

namespace firebreak::web {

Pages::Answer Pages::begin(Request& request) {
  const auto sent = form(request);
  if (!sent) co_return error_page(request, sent.error());
  interviews_.put(request.caller->token, {});
  Response response = co_await go_on(request);
  co_return response;
}

// Decides where the person goes after an answer. What is shown as the answer is what was recorded.
Pages::Answer Pages::go_on(Request& request) {
  const std::string token = request.caller->token;
  Interview interview = interviews_.get(token);
  const auto policy = policy_today();
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
  record::Questions& questions = app_.reg.questions();
  const identity::Actor actor = request.caller->actor;
  Start ask = [&questions, actor, facts](record::Done done) {
    questions.ask(actor, facts, "", std::move(done));
  };
  auto answer = co_await recorded(std::move(ask));
  if (!answer) co_return error_page(request, answer.error());
  interview.recorded = RecordedAnswer{facts, *std::move(answer), app_.reg.clock().now()};
  interviews_.put(token, std::move(interview));
  co_return redirect("/answer");
}

Pages::Answer Pages::next_question(Request& request) {
  const auto policy = policy_today();
  if (!policy) co_return redirect("/");
  const Interview interview = interviews_.get(request.caller->token);
  const Walk walk = walk_questions(*policy, interview.answers);
  if (walk.next != nullptr) co_return redirect("/question/" + walk.next->name);
  // Everything is answered but nothing is recorded under this policy: it changed at midnight, or
  // the record could not be written. Sending the last answer again decides again.
  co_return redirect(walk.steps.empty() ? "/" : "/question/" + walk.steps.back().attribute->name);
}

Pages::Answer Pages::question(Request& request) {
  const auto policy = policy_today();
  if (!policy) co_return redirect("/");
  const Interview interview = interviews_.get(request.caller->token);
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
  co_return show(request, 200, "question.html", std::move(model));
}

Pages::Answer Pages::take_answer(Request& request) {
  const auto sent = form(request);
  if (!sent) co_return error_page(request, sent.error());
  const auto policy = policy_today();
  if (!policy) co_return redirect("/");
  Interview interview = interviews_.get(request.caller->token);
  const std::string attribute(request.parameter("attribute"));
  const auto walk = walk_to(*policy, interview.answers, attribute);
  if (!walk) co_return redirect("/question");
  const std::vector<std::string> chosen = sent->values("answer");
  auto value = read_answer(*policy, *walk, chosen);
  if (!value) {
    co_return show(request, 400, "question.html",
                   question_view(*policy, *walk, chosen, value.error().message));
  }
  interview.answers[attribute] = *std::move(value);
  interviews_.put(request.caller->token, std::move(interview));
  Response response = co_await go_on(request);
  co_return response;
}

Pages::Answer Pages::answer(Request& request) {
  const Interview interview = interviews_.get(request.caller->token);
  const auto policy = policy_today();
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
  if (!walk.steps.empty()) {
    model["BACK"] = {{"LINK", "/question/" + walk.steps.back().attribute->name}};
  }
  co_return show(request, 200, "answer.html", std::move(model));
}

}  // namespace firebreak::web
