// SPDX-License-Identifier: Apache-2.0
#include "web/pages/interview.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "web/pages/interviews.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using policy::AttributeKind;
using policy::Outcome;
using policy::Policy;

std::shared_ptr<const Policy> load(const std::string& name) {
  auto policy = Policy::load(std::string(FIREBREAK_SOURCE_DIR) + "/policies/" + name + ".policy");
  EXPECT_TRUE(policy) << policy.error().text();
  return *policy;
}

const Policy& psni() {
  static const auto policy = load("psni-service-instruction");
  return *policy;
}

const std::vector<std::shared_ptr<const Policy>>& packs() {
  static const std::vector<std::shared_ptr<const Policy>> loaded = {
      load("psni-service-instruction"), load("npcc-2018"), load("full-firewall"),
      load("psni-legacy")};
  return loaded;
}

std::vector<std::string> asked(const Walk& walk) {
  std::vector<std::string> names;
  names.reserve(walk.steps.size());
  for (const Step& step : walk.steps) names.push_back(step.attribute->name);
  return names;
}

// Answers every question with what is given for it, and else with "I do not know".
Walk answer_all(const Policy& policy, const Answers& given) {
  Answers answers;
  Walk walk = walk_questions(policy, answers);
  while (walk.next != nullptr) {
    const auto found = given.find(walk.next->name);
    answers[walk.next->name] = found == given.end() ? Json() : found->second;
    walk = walk_questions(policy, answers);
  }
  return walk;
}

// NOLINTNEXTLINE(readability-identifier-naming): a constant, though a map is not constexpr
const Answers kExceptional = {{"recipient", "immigration_enforcement"},
                              {"role", {"victim"}},
                              {"victim_elsewhere", "no"},
                              {"suspected_of", "nothing"},
                              {"crime_type", Json::array()},
                              {"ground", {"overseas_offending"}},
                              {"overseas_offending", "high_harm"},
                              {"necessary", true},
                              {"proportionate", true},
                              {"prevents_further_offending", true},
                              {"purpose", Json::array()},
                              {"consent", "not_sought"},
                              {"age_group", "adult"}};

TEST(Interview, AVictimWithoutAnythingElseIsRefusedAfterFewQuestions) {
  Answers given = kExceptional;
  given["overseas_offending"] = "none";
  const Walk walk = answer_all(psni(), given);
  EXPECT_EQ(walk.decision.decision, Outcome::refuse);
  EXPECT_LE(walk.steps.size(), 5U);
}

TEST(Interview, TheExceptionalCaseNeedsASignOff) {
  const Walk walk = answer_all(psni(), kExceptional);
  EXPECT_EQ(walk.decision.decision, Outcome::sign_off);
  for (const char* limb : {"necessary", "proportionate", "prevents_further_offending"}) {
    EXPECT_TRUE(walk.facts.contains(limb)) << limb;
  }
}

TEST(Interview, WhatIsNotKnownNeverEndsInAPermission) {
  for (const auto& limb : {"overseas_offending", "necessary", "age_group"}) {
    Answers given = kExceptional;
    given.erase(limb);
    const Walk walk = answer_all(psni(), given);
    EXPECT_EQ(walk.decision.decision, Outcome::undetermined) << limb;
    EXPECT_EQ(walk.decision.missing, std::vector<std::string>{limb});
  }
}

TEST(Interview, AChangedAnswerPassesOverWhatNoLongerMatters) {
  Answers answers = kExceptional;
  answers["overseas_offending"] = "lower_level";
  const Walk walk = walk_questions(psni(), answers);
  EXPECT_EQ(walk.next, nullptr);
  EXPECT_EQ(walk.decision.decision, Outcome::refuse);
  EXPECT_FALSE(walk.facts.contains("necessary") && walk.facts.contains("proportionate"));
}

TEST(Interview, AnAnswerThatAnotherNowRulesOutIsAskedAgain) {
  Answers answers = kExceptional;
  answers["role"] = {"suspect"};
  answers["suspected_of"] = "other_offence";
  answers["ground"] = {"suspected_offence"};
  const Walk suspect = walk_questions(psni(), answers);
  EXPECT_EQ(suspect.decision.decision, Outcome::permit);
  answers["role"] = {"victim"};
  // Suspected of an offence and not a suspect cannot be: were that answer counted, reading would
  // fail.
  const Walk victim = walk_questions(psni(), answers);
  EXPECT_NE(victim.decision.decision, Outcome::permit);
  EXPECT_EQ(victim.facts.value("suspected_of", ""), "");
}

TEST(Interview, APageIsReachedOnlyWhereItsQuestionComesUp) {
  const auto role = walk_to(psni(), kExceptional, "role");
  ASSERT_TRUE(role);
  EXPECT_EQ(role->next->name, "role");
  const std::vector<std::string> before = asked(*role);
  EXPECT_EQ(std::find(before.begin(), before.end(), "role"), before.end());
  EXPECT_FALSE(walk_to(psni(), kExceptional, "leave"));
  EXPECT_FALSE(walk_to(psni(), kExceptional, "channel"));
  EXPECT_FALSE(walk_to(psni(), kExceptional, "no_such_thing"));
  EXPECT_FALSE(walk_to(psni(), {}, "consent"));
}

// A policy whose answer turns on a protected fact: the page gives no answer sooner than ask for it.
TEST(Interview, AProtectedFactIsNeverAskedFor) {
  const std::string folder = std::string(FIREBREAK_SOURCE_DIR) + "/policies/";
  const auto policy =
      Policy::parse("asks-status.policy",
                    R"(policy asks-status version 1
  title "A policy that should not be"
  issued by "Nobody"
  uses vocabulary disclosure 1
  review by 2099-01-01
  default refuse "No."   under A

clause A "Status decides."
  source "Invented for a test"
  basis known

rule status
  when leave is held
  permit "Yes."   under A
)",
                    "disclosure-1.vocabulary", *read_file(folder + "disclosure-1.vocabulary"));
  ASSERT_TRUE(policy) << policy.error().text();
  const Walk walk = walk_questions(**policy, {});
  EXPECT_EQ(walk.next, nullptr);
  EXPECT_EQ(walk.decision.decision, Outcome::undetermined);
  EXPECT_FALSE(walk_to(**policy, {}, "leave"));
  EXPECT_EQ(walk_questions(**policy, {{"leave", "held"}}).decision.decision, Outcome::undetermined);
  const Json view = answer_view(policy->get(), walk, answer(**policy, walk.decision));
  EXPECT_TRUE(view["MISSING"]["FACT"][0].contains("NO_ASK"));
}

TEST(Interview, TheFormIsReadStrictly) {
  const auto role = walk_to(psni(), kExceptional, "role");
  ASSERT_TRUE(role);
  EXPECT_FALSE(read_answer(psni(), *role, {}));
  EXPECT_FALSE(read_answer(psni(), *role, {kNone}));  // a person has some part
  EXPECT_FALSE(read_answer(psni(), *role, {"victim", kNotKnown}));
  EXPECT_FALSE(read_answer(psni(), *role, {"victim", "visitor"}));
  EXPECT_EQ(*read_answer(psni(), *role, {"victim", "witness"}), Json({"victim", "witness"}));
  EXPECT_EQ(*read_answer(psni(), *role, {"victim", "victim"}), Json::array({"victim"}));
  EXPECT_EQ(*read_answer(psni(), *role, {kNotKnown}), Json());

  const auto necessary = walk_to(psni(), kExceptional, "necessary");
  ASSERT_TRUE(necessary);
  EXPECT_FALSE(read_answer(psni(), *necessary, {}));
  EXPECT_FALSE(read_answer(psni(), *necessary, {"yes", "no"}));
  EXPECT_FALSE(read_answer(psni(), *necessary, {"true"}));
  EXPECT_EQ(*read_answer(psni(), *necessary, {"yes"}), Json(true));
  const std::vector<Option> choices = options(psni(), *necessary);
  ASSERT_EQ(choices.size(), 3U);
  EXPECT_EQ(choices[0].value, "yes");
  EXPECT_EQ(choices[2].value, kNotKnown);

  const Walk recipient = walk_questions(psni(), {});
  ASSERT_EQ(recipient.next->name, "recipient");
  EXPECT_FALSE(read_answer(psni(), recipient, {kNotKnown}));
}

TEST(Interview, AnswersAreSaidInTheVocabularysWords) {
  const auto& words = psni().vocabulary();
  EXPECT_EQ(say_answer({words.find("role"), {"witness", "victim"}}), "Victim; Witness");
  EXPECT_EQ(say_answer({words.find("ground"), Json::array()}), "None of these");
  EXPECT_EQ(say_answer({words.find("necessary"), false}), "No");
  EXPECT_EQ(say_answer({words.find("necessary"), Json()}), "I do not know");
}

// Whatever is answered, under every pack: it ends, asks nothing it must not, and its decision is
// the policy's own.
RC_GTEST_PROP(Interview, EndsAndAsksOnlyWhatItMay, ()) {
  const Policy& policy = *packs()[*rc::gen::inRange<size_t>(0, packs().size())];
  Answers answers;
  Walk walk = walk_questions(policy, answers);
  size_t questions = 0;
  while (walk.next != nullptr) {
    RC_ASSERT(++questions <= policy.vocabulary().attributes.size());
    RC_ASSERT(!walk.next->protected_reason);
    RC_ASSERT(!page_facts().contains(walk.next->name));
    const auto choices = options(policy, walk);
    const auto first = *rc::gen::elementOf(choices);
    std::vector<std::string> chosen = {first.value};
    if (walk.next->kind == AttributeKind::any_of && !first.exclusive) {
      const auto second = *rc::gen::elementOf(choices);
      if (!second.exclusive) chosen.push_back(second.value);
    }
    const auto value = read_answer(policy, walk, chosen);
    RC_ASSERT(value.ok());
    answers[walk.next->name] = *value;
    // Between pages the answers live in memory only; the walk must find them all again.
    walk = walk_questions(policy, answers);
    RC_ASSERT(walk.steps.size() == answers.size());
  }
  const auto facts = policy.read_facts(walk.facts, {.live = true});
  RC_ASSERT(facts.ok());
  RC_ASSERT(answer(policy, policy.decide(*facts)) == answer(policy, walk.decision));
  if (walk.decision.decision == Outcome::undetermined) {
    RC_ASSERT(std::any_of(walk.steps.begin(), walk.steps.end(),
                          [](const Step& step) { return step.value.is_null(); }));
  }
}

TEST(Interviews, EachSessionHasItsOwnAndAnIdleOneIsForgotten) {
  ManualClock clock{Instant{}};
  Interviews interviews(clock, std::chrono::minutes{30});
  interviews.put("fbp_one", {{{"role", {"victim"}}}, std::nullopt});
  EXPECT_EQ(interviews.get("fbp_one").answers.size(), 1U);
  EXPECT_TRUE(interviews.get("fbp_two").answers.empty());
  clock.advance(std::chrono::minutes(29));
  EXPECT_EQ(interviews.get("fbp_one").answers.size(), 1U);
  clock.advance(std::chrono::minutes(29));
  EXPECT_EQ(interviews.get("fbp_one").answers.size(), 1U);
  clock.advance(std::chrono::minutes(31));
  EXPECT_TRUE(interviews.get("fbp_one").answers.empty());
  interviews.put("fbp_two", {{{"role", {"victim"}}}, std::nullopt});
  interviews.move("fbp_two", "fbp_three");
  interviews.move("fbp_unknown", "fbp_four");
  EXPECT_TRUE(interviews.get("fbp_two").answers.empty());
  EXPECT_EQ(interviews.get("fbp_three").answers.size(), 1U);
  interviews.move("fbp_three", "fbp_two");
  interviews.forget("fbp_two");
  EXPECT_TRUE(interviews.get("fbp_two").answers.empty());
}

}  // namespace
}  // namespace firebreak::web
