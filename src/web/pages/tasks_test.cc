// SPDX-License-Identifier: Apache-2.0
#include "web/pages/tasks.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace firebreak::web {
namespace {

std::shared_ptr<const policy::Policy> tasks_policy() {
  const std::string file =
      std::string(FIREBREAK_SOURCE_DIR) + "/policies/psni-service-instruction.policy";
  auto loaded = policy::Policy::load(file);
  EXPECT_TRUE(loaded.ok());
  return *std::move(loaded);
}

record::Config tasks_config() {
  record::Config config;
  config.force.districts = {"A", "B"};
  config.destinations = {
      {"desk", "immigration_enforcement", "desk@enforcement.example", "The desk"}};
  return config;
}

Json suspect_facts() {
  return {{"action", "share"},
          {"channel", "email"},
          {"recipient", "immigration_enforcement"},
          {"role", {"suspect"}},
          {"victim_elsewhere", "no"},
          {"suspected_of", "other_offence"},
          {"ground", {"suspected_offence"}},
          {"age_group", "adult"}};
}

class TasksTest : public testing::Test {
 protected:
  [[nodiscard]] Making making(Json draft) const { return {policy.get(), config, std::move(draft)}; }
  [[nodiscard]] Making suspect() const { return making({{"facts", suspect_facts()}}); }
  static TaskStatus status_of(const Making& made, const std::string& link) {
    for (const Task& task : tasks_of(made))
      if (task.link == link) return task.status;
    ADD_FAILURE() << "no task " << link;
    return TaskStatus::waits;
  }
  static bool has_task(const Making& made, const std::string& link) {
    const auto tasks = tasks_of(made);
    return std::any_of(tasks.begin(), tasks.end(),
                       [&](const Task& task) { return task.link == link; });
  }

  std::shared_ptr<const policy::Policy> policy = tasks_policy();
  record::Config config = tasks_config();
};

TEST_F(TasksTest, WithoutFactsTheRestWaitsAndWithThemItIsAskedFor) {
  const Making empty = making(Json::object());
  EXPECT_FALSE(empty.decided());
  EXPECT_FALSE(has_task(empty, "task/fields"));
  EXPECT_FALSE(has_task(empty, "task/indicators"));
  EXPECT_FALSE(is_ready(tasks_of(empty)));
  const Making made = suspect();
  EXPECT_TRUE(made.may_go());
  EXPECT_FALSE(made.sign_off());
  EXPECT_EQ(status_of(made, "task/indicators"), TaskStatus::not_started);
  EXPECT_EQ(status_of(made, "task/role-changes"), TaskStatus::not_started);
  EXPECT_EQ(status_of(made, "task/reason-rationale"), TaskStatus::not_started);
  EXPECT_FALSE(has_task(made, "task/assurance")) << "only where there is a sign-off";
  const Making none(nullptr, config, {{"facts", suspect_facts()}});
  EXPECT_FALSE(none.decided());
  EXPECT_FALSE(is_ready(tasks_of(none)));
}

TEST_F(TasksTest, ASuspectIsReadyWhenEveryPartIsThere) {
  Json draft = {{"facts", suspect_facts()},
                {"occurrence", "OCC-1"},
                {"person", "PER-1"},
                {"destination", "desk"},
                {"role_changes", Json::array()},
                {"reasons", {{"rationale", "Burglary."}}},
                {"fields", {{"name", "Zebedee"}, {"offence", "Burglary"}, {"grounds", "G"}}},
                {"indicators", {{"checked_on", "2026-01-01"}, {"answers", Json::object()}}}};
  for (const char* name : {"controlled", "papers_held", "debt_or_pay", "made_to_offend",
                           "afraid_or_coached", "living_or_working"})
    draft["indicators"]["answers"][name] = "no";
  EXPECT_TRUE(is_ready(tasks_of(making(draft))));
  for (const char* part :
       {"occurrence", "person", "destination", "role_changes", "reasons", "fields", "indicators"}) {
    Json less = draft;
    less.erase(part);
    EXPECT_FALSE(is_ready(tasks_of(making(less)))) << part;
  }
}

TEST_F(TasksTest, AFactLeavesOutThoseThatCannotHoldWithIt) {
  const Making made = suspect();
  const Json facts = with_fact(made, "role", Json::array({"victim"}));
  EXPECT_EQ(facts.at("role"), Json::array({"victim"}));
  EXPECT_FALSE(facts.contains("suspected_of")) << "suspected of an offence means suspect";
  EXPECT_EQ(facts.at("age_group"), "adult");
  EXPECT_FALSE(with_fact(made, "age_group", nullptr).contains("age_group"));
  EXPECT_FALSE(fact_walk(made, "leave")) << "nobody is asked for it";
  EXPECT_FALSE(fact_walk(made, "overseas_offending")) << "it follows from the history";
  EXPECT_FALSE(fact_walk(made, "signers")) << "a setting of the force";
}

TEST_F(TasksTest, WhatIsTypedIsReadBackAsItWas) {
  const Making made = suspect();
  const auto form = task_form(made, "history-1");
  ASSERT_TRUE(form);
  Typed typed = {{"kind", "conviction"},       {"offence", "Murder"},     {"date-year", "2011"},
                 {"date-month", "03"},         {"place", "Elsewhere"},    {"source", "A register"},
                 {"reliability", "1A"},        {"equivalence", "Murder"}, {"class", "high_harm"},
                 {"classed_by", "Sgt Example"}};
  FormErrors errors;
  const Json draft = written(*form, typed, made.draft, errors);
  EXPECT_FALSE(errors.any());
  EXPECT_EQ(draft.at("history")[0].at("date"), "2011-03");
  for (const auto& [name, value] : typed_of(*form, draft)) EXPECT_EQ(value, typed[name]) << name;
  EXPECT_EQ(history_lines(draft).front(),
            "Conviction: Murder, March 2011, Elsewhere; source: A register; reliability 1A; here: "
            "Murder; class: high-harm, classed by Sgt Example");
  typed["place"] = "";
  EXPECT_FALSE(written(*form, typed, draft, errors).at("history")[0].contains("place"));
}

TEST_F(TasksTest, WhatIsWrongIsNamedAndChangesNothing) {
  const Making made = suspect();
  const auto wrong = [&](const char* task, const char* box, const std::string& text) {
    const auto form = task_form(made, task);
    FormErrors errors;
    EXPECT_EQ(written(*form, {{box, text}}, made.draft, errors).value("person", ""), "");
    EXPECT_TRUE(errors.any()) << task << " " << text;
  };
  wrong("person", "person", "Zebedee Quillfeather");
  wrong("person", "person", std::string(65, 'a'));
  wrong("history-1", "date-year", "11");
  wrong("history-1", "date-day", "3");
  wrong("history-1", "kind", "rumour");
  wrong("history-1", "offence", std::string(301, 'a'));
  wrong("role-change-1", "hours_before", "-3");
  wrong("role-change-1", "hours_before", "99999999999");
  wrong("urgent", "needed-time", "09:30");
  wrong("alternative", "less_intrusive", "\xE2\x80\xAEx");
  wrong("alternative", "less_intrusive", "\xFF");
  EXPECT_FALSE(task_form(made, "history-2")) << "entries are added one after the other";
  EXPECT_FALSE(task_form(made, "reason-nothing"));
}

// The draft may name an office that was taken away since: saving the page leaves it out.
TEST_F(TasksTest, AnOfficeThatIsGoneIsLeftOut) {
  const Json draft = {{"facts", suspect_facts()}, {"district", "Gone"}};
  const auto saved = [&](const Making& made) {
    const auto form = task_form(made, "person");
    FormErrors errors;
    return written(*form, {{"district", ""}}, made.draft, errors).value("district", "none");
  };
  EXPECT_EQ(saved(making(draft)), "none");
  config.force.districts.clear();
  EXPECT_EQ(saved(making(draft)), "none") << "even where the force has no office any more";
  EXPECT_EQ(task_form(suspect(), "person")->fields.size(), 2U) << "nobody is asked for one";
}

TEST(Tasks, AnAssuranceIsToldApartAndPutTogether) {
  for (const Json& given : {Json("none_held"), Json{{"code", "A-1"}}}) {
    const Json draft = {{"assurance", given}};
    EXPECT_EQ(folded(spread(draft)), draft);
  }
  EXPECT_EQ(folded({{"assurance", {{"held", "yes"}}}}), Json::object());
  EXPECT_EQ(folded({{"assurance", {{"held", "no"}, {"code", "x"}}}}),
            (Json{{"assurance", "none_held"}}));
}

TEST(Tasks, ARefusedSubmissionNamesItsTask) {
  EXPECT_EQ(task_at("reasons.necessity"), "task/reason-necessity");
  EXPECT_EQ(task_at("facts.age_group"), "fact/age_group");
  EXPECT_EQ(task_at("role_changes"), "task/role-changes");
  EXPECT_EQ(task_at("fields.name"), "task/fields");
  EXPECT_EQ(task_at("something"), "");
}

}  // namespace
}  // namespace firebreak::web
