// SPDX-License-Identifier: Apache-2.0
#include "web/pages/views.h"

#include <gtest/gtest.h>

#include <memory>

#include "web/pages/desk_view.h"
#include "web/pages/referral_list.h"

namespace firebreak::web {
namespace {

using policy::Policy;

const Policy& service_instruction() {
  static const std::shared_ptr<const Policy> policy = *Policy::load(
      std::string(FIREBREAK_SOURCE_DIR) + "/policies/psni-service-instruction.policy");
  return *policy;
}

struct Shown {
  Walk walk;
  Json answer;
  Json view;
};

Shown show(const Answers& answers) {
  Walk walk = walk_questions(service_instruction(), answers);
  Json answer = policy::answer(service_instruction(), walk.decision);
  Json view = answer_view(&service_instruction(), walk, answer);
  return {std::move(walk), std::move(answer), std::move(view)};
}

Answers suspect() {
  return {{"recipient", "immigration_enforcement"},
          {"role", {"suspect"}},
          {"victim_elsewhere", "no"},
          {"suspected_of", "other_offence"},
          {"ground", {"suspected_offence"}},
          {"purpose", {"investigation"}},
          {"age_group", "adult"}};
}

Answers exceptional() {
  Answers answers = suspect();
  answers["role"] = {"victim"};
  answers["suspected_of"] = "nothing";
  answers["ground"] = {"overseas_offending"};
  answers["overseas_offending"] = "high_harm";
  for (const char* limb : {"necessary", "proportionate", "prevents_further_offending"}) {
    answers[limb] = true;
  }
  return answers;
}

TEST(AnswerView, SaysEachOutcomeInOneSentence) {
  Answers refused = exceptional();
  refused["overseas_offending"] = "none";
  EXPECT_EQ(show(refused).view["ANSWER"], "Do not share this person’s information");
  EXPECT_EQ(show(exceptional()).view["ANSWER"],
            "Only after a chief officer’s sign-off, by email only");
  EXPECT_EQ(show(suspect()).view["ANSWER"],
            "You may share this person’s information, by email only, through a referral");
  Answers unknown = exceptional();
  unknown["necessary"] = nullptr;
  const Shown undetermined = show(unknown);
  EXPECT_EQ(undetermined.view["ANSWER"], "More facts are needed: do not share yet");
  EXPECT_EQ(undetermined.view["MISSING"]["FACT"][0]["ASK"]["LINK"], "/question/necessary");
}

TEST(AnswerView, GivesReasonClauseSupportAndWhatToDoNext) {
  Answers refused = exceptional();
  refused["overseas_offending"] = "none";
  const Shown shown = show(refused);
  EXPECT_EQ(shown.view["BECAUSE"], shown.answer["because"]);
  EXPECT_EQ(shown.view["CLAUSES"]["CLAUSE"][0]["ID"], shown.answer["clauses"][0]["id"]);
  EXPECT_EQ(shown.view["CLAUSES"]["CLAUSE"][0]["BASIS"], "Reported");
  EXPECT_FALSE(shown.view["SUPPORT"]["OFFER"].empty());
  EXPECT_EQ(shown.view["POLICY"]["POLICY_DIGEST"], service_instruction().digest());
  EXPECT_FALSE(shown.view.contains("CONDITIONS"));
  ASSERT_EQ(shown.view["ANSWERS"]["ROW"].size(), shown.walk.steps.size());
  EXPECT_EQ(shown.view["ANSWERS"]["ROW"][0]["LINK"],
            "/question/" + shown.walk.steps[0].attribute->name);
}

TEST(AnswerView, NamesEveryConditionOfASignOff) {
  const std::string conditions = show(exceptional()).view["CONDITIONS"].dump();
  for (const char* part : {"chief officer or above", "only by email", "full name", "date of birth",
                           "why it is proportionate", "Policing Board", "72 hours"}) {
    EXPECT_NE(conditions.find(part), std::string::npos) << part << " in " << conditions;
  }
  // The text says which fields, so the address must not be among them.
  EXPECT_EQ(conditions.find("address"), std::string::npos);
}

TEST(AnswerView, TellsWhoMustBeToldOfARefusal) {
  Answers answers = exceptional();
  answers["ground"] = {"legal_compulsion"};
  const std::string steps = show(answers).view["NEXT_STEPS"].dump();
  EXPECT_NE(steps.find("Tell the data protection officer."), std::string::npos) << steps;
}

TEST(AnswerView, WithoutAPolicyEverythingIsRefused) {
  const Json answer = {{"decision", "refuse"},
                       {"covered", true},
                       {"discretion", false},
                       {"rule", "no-policy-in-force"},
                       {"because", "No policy is in force."},
                       {"clauses", Json::array()},
                       {"support", Json::array()},
                       {"conditions", {{"notify", Json::array()}}},
                       {"policy", nullptr}};
  Walk walk;
  walk.facts = page_facts();
  const Json view = answer_view(nullptr, walk, answer);
  EXPECT_EQ(view["ANSWER"], "Do not share this person’s information");
  EXPECT_FALSE(view.contains("POLICY"));
}

TEST(QuestionView, LinksTheErrorToTheFirstChoiceAndTheWayBack) {
  const auto walk = walk_to(service_instruction(), exceptional(), "ground");
  ASSERT_TRUE(walk);
  const Json view =
      question_view(service_instruction(), *walk, {"nationality"}, "Select at least one answer");
  EXPECT_EQ(view["ERRORS"][0]["PLACE"]["ID"], "answer");
  const Json& items = view["ANY_OF"]["OPTION"];
  EXPECT_EQ(items[0]["ID"], "answer");
  EXPECT_TRUE(items[0].contains("CHOSEN"));
  EXPECT_FALSE(items[1].contains("CHOSEN"));
  EXPECT_EQ(items[items.size() - 2]["VALUE"], kNone);
  EXPECT_TRUE(items[items.size() - 2].contains("DIVIDER"));
  EXPECT_FALSE(items[items.size() - 1].contains("DIVIDER"));
  EXPECT_EQ(view["BACK"]["LINK"], "/question/" + walk->steps.back().attribute->name);
  const Json first =
      question_view(service_instruction(), walk_questions(service_instruction(), {}), {}, "");
  EXPECT_EQ(first["BACK"]["LINK"], "/");
}

TEST(QuestionView, AnAnswerGivenBeforeIsTickedAgain) {
  EXPECT_EQ(chosen_values(Json()), std::vector<std::string>{kNotKnown});
  EXPECT_EQ(chosen_values(Json::array()), std::vector<std::string>{kNone});
  EXPECT_EQ(chosen_values(true), std::vector<std::string>{"yes"});
  EXPECT_EQ(chosen_values("adult"), std::vector<std::string>{"adult"});
  EXPECT_EQ(chosen_values({"victim", "witness"}), (std::vector<std::string>{"victim", "witness"}));
}

TEST(DeskView, HasWordsForEveryStateAndShowsNothingAboutAnybody) {
  for (const record::State state : record::all_states()) {
    const std::string name(record::state_name(state));
    EXPECT_NE(state_words(name), name);
    const ListRow row = desk_row({{"referral", "ref_a"},
                                  {"state", name},
                                  {"created", "2026-11-22T05:31:00.000000Z"},
                                  {"changed", "2026-11-22T05:32:00.000000Z"},
                                  {"requester", "person_x"},
                                  {"content", {{"name", "Someone"}}}});
    ASSERT_EQ(row.cells.size(), desk_shape().columns.size());
    EXPECT_EQ(row.cells[0].text, "ref_a");
    EXPECT_EQ(row.cells[1].text, state_words(name));
    EXPECT_EQ(row.cells[2].text, "22 Nov 2026, 5:31am");
    EXPECT_EQ(row.cells[3].text, "22 Nov 2026, 5:32am");
  }
  EXPECT_EQ(desk_shape().filters[0].values.size(), record::all_states().size());
  EXPECT_FALSE(desk_view(0).contains("IN_DOUBT"));
  EXPECT_EQ(desk_view(2)["IN_DOUBT"]["COUNT"], "2");
}

TEST(ReferralList, AsksTheRegisterForWhatWasChosen) {
  ListQuery asked;
  asked.search = "ref_7k2m9q4x";
  asked.chosen["state"] = {"in_doubt", "failed"};
  asked.descending = true;
  const record::ReferralQuery query = asked_of_register(asked);
  EXPECT_EQ(query.states,
            (std::vector<record::State>{record::State::in_doubt, record::State::failed}));
  EXPECT_EQ(query.reference, "ref_7k2m9q4x");
  EXPECT_FALSE(query.oldest_first);
}

TEST(SayTime, KeepsLondonsClock) {
  const auto said = [](const char* utc) { return say_time(*parse_instant(utc)); };
  EXPECT_EQ(said("2026-11-22T00:05:00Z"), "22 Nov 2026, 12:05am");
  EXPECT_EQ(said("2026-11-22T12:00:59Z"), "22 Nov 2026, 12:00pm");
  EXPECT_EQ(said("2026-07-01T23:30:00Z"), "2 Jul 2026, 12:30am");
  // The clocks go forward on 29 March 2026 and back on 25 October, both at 01:00 UTC.
  EXPECT_EQ(said("2026-03-29T00:59:00Z"), "29 Mar 2026, 12:59am");
  EXPECT_EQ(said("2026-03-29T01:00:00Z"), "29 Mar 2026, 2:00am");
  EXPECT_EQ(said("2026-10-25T00:59:00Z"), "25 Oct 2026, 1:59am");
  EXPECT_EQ(said("2026-10-25T01:00:00Z"), "25 Oct 2026, 1:00am");
  EXPECT_EQ(said("2026-10-25T23:30:00Z"), "25 Oct 2026, 11:30pm");
}

}  // namespace
}  // namespace firebreak::web
