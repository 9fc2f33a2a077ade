// SPDX-License-Identifier: Apache-2.0
// For anyone: test a case against the policy in force, and what that policy means for a victim or a
// witness. Nothing is stored or recorded, and nothing is known of who asks: the answers so far
// travel in the form, never in an address, and are gone when the page is closed. So a form is here
// answered by a page, not by a redirect.
//
// All words of these pages that are not the policy's own stand in their templates, where
// translators find them (docs/translating.md).
#include <algorithm>
#include <set>

#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using policy::Policy;

std::string fact_field(const std::string& attribute) { return "fact." + attribute; }

// The answers so far, as the form carries them, and the one just given.
struct TestedCase {
  Answers answers;
  Walk walk;
  std::vector<std::string> chosen;  // what was chosen for the question that comes now
  bool wrong = false;               // and why it comes again: it cannot be taken
};

// Takes the form's answers in the order of asking, up to the first that is not there or does not
// fit. What a form from elsewhere holds besides is not looked at.
TestedCase read_case(const Policy& policy, const Form& sent) {
  TestedCase tested;
  const std::string asked = sent.value("asked");
  const bool back = !sent.value("back").empty();
  tested.walk = walk_questions(policy, {});
  std::string last;
  while (tested.walk.next != nullptr) {
    const std::string name = tested.walk.next->name;
    const bool now = name == asked && !back;
    tested.chosen = sent.values(now ? std::string("answer") : fact_field(name));
    if (tested.chosen.empty() && !now) break;
    const auto value = read_answer(policy, tested.walk, tested.chosen);
    if (!value) {
      tested.wrong = now;
      break;
    }
    tested.answers[name] = *value;
    last = name;
    tested.walk = walk_questions(policy, tested.answers);
  }
  if (!back || last.empty()) return tested;
  tested.chosen = chosen_values(tested.answers[last]);
  tested.answers.erase(last);
  tested.walk = walk_questions(policy, tested.answers);
  return tested;
}

// A choice: one that every question may have is said by the template, the others by the policy.
Json choice_label(const std::string& value, const std::string& label) {
  if (value == kNone) return {{"IS_NONE", true}};
  if (value == kNotKnown) return {{"IS_NOT_KNOWN", true}};
  if (value == "yes") return {{"IS_YES", true}};
  if (value == "no") return {{"IS_NO", true}};
  return {{"IS_WORD", {{"LABEL", label}}}};
}

Json carried_answers(const Walk& walk) {
  Json fields = Json::array();
  for (const Step& step : walk.steps)
    for (const std::string& value : chosen_values(step.value))
      fields.push_back({{"FIELD", fact_field(step.attribute->name)}, {"FIELD_VALUE", value}});
  return fields;
}

Json question_model(const Policy& policy, const TestedCase& tested) {
  const policy::Attribute& attribute = *tested.walk.next;
  const bool set = attribute.kind == policy::AttributeKind::any_of;
  Json model = {{"QUESTION", attribute.question},
                {"ASKED", attribute.name},
                {"CARRIED", carried_answers(tested.walk)}};
  if (!attribute.hint.empty()) model["QUESTION_HINT"] = {{"HINT", attribute.hint}};
  if (set) model["SELECT_ALL"] = true;
  if (!tested.walk.steps.empty()) model["GO_BACK"] = true;
  if (tested.wrong) model["WRONG"] = true;
  Json items = Json::array();
  for (const Option& option : options(policy, tested.walk)) {
    Json item = choice_label(option.value, option.label);
    item["ID"] = items.empty() ? "answer" : "answer-" + std::to_string(items.size() + 1);
    item["VALUE"] = option.value;
    if (option.exclusive && set) item["EXCLUSIVE"] = true;
    if (std::ranges::count(tested.chosen, option.value) > 0) item["CHOSEN"] = true;
    items.push_back(std::move(item));
  }
  model[set ? "ANY_OF" : "ONE_OF"] = {{"OPTION", std::move(items)}};
  return model;
}

const char* decision_section(const policy::Decision& decision) {
  switch (decision.decision) {
    case policy::Outcome::permit:
      return decision.discretion ? "DISCRETION" : "PERMIT";
    case policy::Outcome::sign_off:
      return "SIGN_OFF";
    case policy::Outcome::undetermined:
      return "UNDETERMINED";
    case policy::Outcome::refuse:
      break;
  }
  return "REFUSE";
}

// A step's answer as the template says it.
Json given_answers(const Walk& walk) {
  Json rows = Json::array();
  for (const Step& step : walk.steps) {
    const auto values = chosen_values(step.value);
    Json row = choice_label(values.size() == 1 ? values.front() : "", say_answer(step));
    row["QUESTION"] = step.attribute->question;
    rows.push_back(std::move(row));
  }
  return rows;
}

Json clause_rows(const std::vector<policy::Clause>& clauses) {
  Json rows = Json::array();
  for (const policy::Clause& clause : clauses) {
    Json row = {{"CLAUSE_ID", clause.id}, {"CLAUSE_TEXT", clause.text}};
    if (clause.basis == "reported") row["REPORTED"] = true;
    if (clause.basis == "inferred") row["INFERRED"] = true;
    rows.push_back(std::move(row));
  }
  return rows;
}

void add_policy(const Policy& policy, Json& model) {
  model["POLICY"] = {{"POLICY_TITLE", policy.title()},
                     {"POLICY_VERSION", policy.version()},
                     {"POLICY_ISSUER", policy.issued_by()}};
}

Json answer_model(const Policy& policy, const TestedCase& tested) {
  const policy::Decision& decision = tested.walk.decision;
  Json model = {{"KIND", policy::name(decision.decision)},
                {"BECAUSE", decision.because},
                {"ROW", given_answers(tested.walk)},
                {"CARRIED", carried_answers(tested.walk)}};
  model[decision_section(decision)] = true;
  if (!decision.clauses.empty()) model["CLAUSES"] = {{"CLAUSE", clause_rows(decision.clauses)}};
  Json offers = Json::array();
  for (const std::string& offer : decision.support) offers.push_back({{"OFFER_TEXT", offer}});
  if (!offers.empty()) model["SUPPORT"] = {{"OFFER", std::move(offers)}};
  add_policy(policy, model);
  return model;
}

Response show_case(Frame& frame, const Request& request, const Policy& policy,
                   const TestedCase& tested) {
  if (tested.walk.next == nullptr) {
    Json model = answer_model(policy, tested);
    model["TITLE_TEST_ANSWER"] = true;
    return frame.show(request, 200, "test_case_answer.html", std::move(model));
  }
  Json model = question_model(policy, tested);
  model["TITLE_TEST_CASE"] = true;
  if (tested.wrong) model["TITLE_WRONG"] = true;
  return frame.show(request, tested.wrong ? 400 : 200, "test_case_question.html", std::move(model));
}

PageResponse test_case_page(Frame& frame, Request& request) {
  Json model = {{"TITLE_TEST_CASE", true}, {"FORCE", frame.app().reg.config().force.name}};
  if (const auto policy = frame.policy_today()) {
    add_policy(*policy, model);
    model["BEGIN"] = true;
  } else {
    model["NO_POLICY"] = true;
  }
  co_return frame.show(request, 200, "test_case.html", std::move(model));
}

PageResponse take_test_case(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const auto policy = frame.policy_today();
  if (!policy) co_return redirect("/test-a-case");
  co_return show_case(frame, request, *policy, read_case(*policy, *sent));
}

// What the policy says when nothing is known but that the person is a victim or a witness: whether
// it can come to anything but a refusal.
bool always_refused(const Policy& policy, const char* role) {
  Json facts = page_facts();
  facts["recipient"] = "immigration_enforcement";
  facts["role"] = {role};
  const auto known = policy.read_facts(facts, {.live = true});
  return known && policy.decide(*known).decision == policy::Outcome::refuse;
}

// Each support that the policy names for victims and witnesses, once.
Json support_for_people(const Policy& policy) {
  std::set<std::string> seen;
  Json offers = Json::array();
  for (const char* role : {"victim", "witness"}) {
    Json facts = page_facts();
    facts["recipient"] = "immigration_enforcement";
    facts["role"] = {role};
    facts["ground"] = {"nationality"};
    const auto known = policy.read_facts(facts, {.live = true});
    if (!known) continue;
    for (const std::string& offer : policy.decide(*known).support)
      if (seen.insert(offer).second) offers.push_back({{"OFFER_TEXT", offer}});
  }
  return offers;
}

PageResponse about_page(Frame& frame, Request& request) {
  Json model = {{"TITLE_ABOUT", true}, {"FORCE", frame.app().reg.config().force.name}};
  const auto policy = frame.policy_today();
  if (!policy) {
    model["NO_POLICY"] = true;
    co_return frame.show(request, 200, "about_information.html", std::move(model));
  }
  add_policy(*policy, model);
  const bool never = always_refused(*policy, "victim") && always_refused(*policy, "witness");
  model[never ? "NEVER" : "EXCEPTIONS"] = true;
  model["CLAUSES"] = {{"CLAUSE", clause_rows(policy->clauses())}};
  Json offers = support_for_people(*policy);
  if (!offers.empty()) model["SUPPORT"] = {{"OFFER", std::move(offers)}};
  co_return frame.show(request, 200, "about_information.html", std::move(model));
}

}  // namespace

void add_test_case_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  add_page_routes(router, frame,
                  {{"GET", "/test-a-case", test_case_page, {}, Access::anyone},
                   {"POST", "/test-a-case", take_test_case, {}, Access::anyone},
                   {"GET", "/about-your-information", about_page, {}, Access::anyone}});
}

}  // namespace firebreak::web
