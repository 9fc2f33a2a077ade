// SPDX-License-Identifier: Apache-2.0
// The request side of AuthZEN's certification scenario, and docs/api.md.
#include "web/authzen_request.h"

#include <gtest/gtest.h>

#include "web/authzen_answer.h"

namespace firebreak::web {
namespace {

Json good() {
  return Json::parse(R"({
    "subject": {"type": "person", "id": "officer-1"},
    "action": {"name": "share"},
    "resource": {"type": "person_in_occurrence", "id": "OCC-1/PER-1",
                 "properties": {"role": ["victim"], "channel": "email"}},
    "context": {"facts": {"recipient": "immigration_enforcement"}, "district": "B"}})");
}

std::string wrong_at(const Json& body) {
  const auto evaluation = read_evaluation(body);
  return evaluation ? "" : evaluation.error().where;
}

TEST(AuthzenEvaluation, ReadsWhoAsksAndTheFacts) {
  const auto evaluation = read_evaluation(good());
  ASSERT_TRUE(evaluation.ok()) << evaluation.error().text();
  EXPECT_EQ(evaluation->subject_type, "person");
  EXPECT_EQ(evaluation->district, "B");
  EXPECT_EQ(evaluation->referral, "");
  EXPECT_EQ(evaluation->facts, Json::parse(R"({"action": "share", "role": ["victim"],
      "channel": "email", "recipient": "immigration_enforcement"})"));
}

TEST(AuthzenEvaluation, NamesWhatIsMissing) {
  for (const char* name : {"subject", "action", "resource"}) {
    Json body = good();
    body.erase(name);
    EXPECT_EQ(wrong_at(body), name);
  }
  for (const auto& [entity, member] :
       std::vector<std::pair<std::string, std::string>>{{"subject", "type"},
                                                        {"subject", "id"},
                                                        {"action", "name"},
                                                        {"resource", "type"},
                                                        {"resource", "id"}}) {
    Json body = good();
    const std::string place = std::string(entity).append(".").append(member);
    body[entity].erase(member);
    EXPECT_EQ(wrong_at(body), place);
    body[entity][member] = 123;
    EXPECT_EQ(wrong_at(body), place);
    body[entity][member] = "";
    EXPECT_EQ(wrong_at(body), place);
  }
}

TEST(AuthzenEvaluation, NamesWhatHasAnotherType) {
  for (const char* name : {"subject", "action", "resource", "context"}) {
    for (const Json& value : {Json("alice"), Json(1), Json::array(), Json(nullptr), Json(true)}) {
      Json body = good();
      body[name] = value;
      EXPECT_EQ(wrong_at(body), name);
    }
  }
  for (const char* name : {"subject", "action", "resource"}) {
    Json body = good();
    body[name]["properties"] = "text";
    EXPECT_EQ(wrong_at(body), std::string(name) + ".properties");
  }
  for (const char* name : {"facts", "district", "referral"}) {
    Json body = good();
    body["context"][name] = 7;
    EXPECT_EQ(wrong_at(body), std::string("context.") + name);
  }
  EXPECT_FALSE(read_evaluation(Json::array()).ok());
}

TEST(AuthzenEvaluation, IgnoresWhatTheStandardMayYetAdd) {
  Json body = good();
  body["foo"] = "bar";
  body["futureField"] = {{"nested", true}};
  body["context"]["time"] = "2025-06-27T18:03-07:00";
  body["subject"]["properties"] = {{"department", "CID"}};
  body["action"]["properties"] = {{"method", "GET"}};
  const auto evaluation = read_evaluation(body);
  ASSERT_TRUE(evaluation.ok());
  EXPECT_EQ(evaluation->facts, read_evaluation(good())->facts);
}

TEST(AuthzenEvaluation, KnowsItsTypes) {
  Json body = good();
  body["subject"]["type"] = "user";
  EXPECT_EQ(wrong_at(body), "subject.type");
  body = good();
  body["resource"]["type"] = "record";
  EXPECT_EQ(wrong_at(body), "resource.type");
}

TEST(AuthzenEvaluation, AFactGivenTwiceMustAgree) {
  Json body = good();
  body["context"]["facts"]["channel"] = "email";
  body["resource"]["properties"]["role"] = {"victim", "witness"};
  body["context"]["facts"]["role"] = {"witness", "victim"};
  EXPECT_EQ(wrong_at(body), "");
  body["context"]["facts"]["channel"] = "telephone";
  EXPECT_EQ(wrong_at(body), "context.facts.channel");
  body = good();
  body["resource"]["properties"]["action"] = "check";
  EXPECT_EQ(wrong_at(body), "resource.properties.action");
}

TEST(AuthzenBatch, WithoutItemsIsASingleEvaluation) {
  EXPECT_TRUE(read_evaluations(good())->items.empty());
  Json body = good();
  body["evaluations"] = Json::array();
  EXPECT_TRUE(read_evaluations(body)->items.empty());
}

TEST(AuthzenBatch, AnItemInheritsWholeEntities) {
  Json body = good();
  const Json other = {{"type", "person_in_occurrence"}, {"id", "OCC-2/PER-2"}};
  body["evaluations"] = {Json::object(),
                         {{"resource", other}},
                         {{"context", {{"time", "now"}}}},
                         {{"action", {{"name", "check"}}}}};
  const auto batch = read_evaluations(body);
  ASSERT_TRUE(batch.ok());
  ASSERT_EQ(batch->items.size(), 4U);
  EXPECT_EQ(batch->items[0]->facts, read_evaluation(good())->facts);
  EXPECT_EQ(batch->items[1]->resource_id, "OCC-2/PER-2");
  EXPECT_FALSE(batch->items[1]->facts.contains("role")) << "properties were merged";
  EXPECT_FALSE(batch->items[2]->facts.contains("recipient")) << "contexts were merged";
  EXPECT_EQ(batch->items[2]->district, "");
  EXPECT_EQ(batch->items[3]->facts["action"], "check");
}

TEST(AuthzenBatch, ABadItemIsAnErrorInItsPlace) {
  Json body = good();
  body.erase("resource");
  body["evaluations"] = {{{"resource", good()["resource"]}}, Json::object(), "text"};
  const auto batch = read_evaluations(body);
  ASSERT_TRUE(batch.ok());
  EXPECT_TRUE(batch->items[0].ok());
  EXPECT_EQ(batch->items[1].error().where, "resource");
  EXPECT_FALSE(batch->items[2].ok());
}

TEST(AuthzenBatch, APayloadThatIsWrongAsAWholeIsRefused) {
  for (const char* patch :
       {R"({"evaluations": {}})", R"({"evaluations": "all"})", R"({"subject": "alice"})",
        R"({"options": "fast"})", R"({"options": {"evaluations_semantic": "some"}})",
        R"({"options": {"evaluations_semantic": 1}})", R"({"context": []})"}) {
    Json body = good();
    body["evaluations"] = {Json::object()};
    body.update(Json::parse(patch));
    EXPECT_FALSE(read_evaluations(body).ok()) << patch;
  }
  Json body = good();
  body["evaluations"] = Json::array();
  for (size_t i = 0; i <= kMaxItems; ++i) body["evaluations"].push_back(Json::object());
  EXPECT_EQ(read_evaluations(body).error().where, "evaluations");
  body["evaluations"].erase(0);
  EXPECT_EQ(read_evaluations(body)->items.size(), kMaxItems);
}

TEST(AuthzenBatch, KnowsTheThreeSemantics) {
  Json body = good();
  body["evaluations"] = {Json::object()};
  EXPECT_EQ(read_evaluations(body)->semantic, Semantic::execute_all);
  for (const auto& [name, semantic] : std::vector<std::pair<std::string, Semantic>>{
           {"execute_all", Semantic::execute_all},
           {"deny_on_first_deny", Semantic::deny_on_first_deny},
           {"permit_on_first_permit", Semantic::permit_on_first_permit}}) {
    body["options"] = {{"evaluations_semantic", name}, {"another_option", "value"}};
    EXPECT_EQ(read_evaluations(body)->semantic, semantic);
  }
}

TEST(AuthzenDecision, IsTrueForAPermitAndToEnforcementOnlyWithAReferral) {
  const auto decision = [](const char* outcome, bool needed, bool covered) {
    return authzen_decision({{"decision", outcome}}, {needed, covered});
  };
  EXPECT_EQ(decision("permit", false, false)["decision"], true);
  for (const char* outcome : {"permit", "sign_off"}) {
    EXPECT_EQ(decision(outcome, true, true)["decision"], true);
    EXPECT_EQ(decision(outcome, true, false)["decision"], false);
    EXPECT_EQ(decision(outcome, true, false)["context"]["obligations"][0]["id"], "use-referral");
    EXPECT_EQ(decision(outcome, true, true)["context"]["obligations"][0]["id"], "sent-by-referral");
  }
  EXPECT_EQ(decision("sign_off", false, true)["decision"], false);
  for (const char* outcome : {"refuse", "undetermined", "nonsense"}) {
    for (const bool needed : {false, true}) {
      EXPECT_EQ(decision(outcome, needed, true)["decision"], false) << outcome;
      EXPECT_FALSE(decision(outcome, needed, false)["context"].contains("obligations"));
    }
  }
  EXPECT_EQ(decision("refuse", false, false)["context"]["decision"], "refuse");
}

TEST(AuthzenDecision, NamesWhatTheConditionsOblige) {
  const Json answer = {{"decision", "permit"},
                       {"rule", "a-rule"},
                       {"conditions",
                        {{"channel", {"email"}},
                         {"disclose", {"name"}},
                         {"report_to", {"policing_board"}},
                         {"notify", Json::array()}}}};
  Json decision = authzen_decision(answer, {});
  std::vector<std::string> ids;
  for (const Json& one : decision["context"]["obligations"]) ids.push_back(one["id"]);
  EXPECT_EQ(ids, (std::vector<std::string>{"only-by", "disclose-only", "tell-policing_board"}));
  Json same = decision;
  fulfil_or_deny(same, std::nullopt);
  fulfil_or_deny(same, std::vector<std::string>{"notification", "custom"});
  EXPECT_EQ(same, decision);
  fulfil_or_deny(same, std::vector<std::string>{"custom"});
  EXPECT_EQ(same["decision"], false);
  EXPECT_EQ(same["context"]["reason"], "obligations_not_supported");
}

TEST(AuthzenDecision, AReferralCoversWhatItWasLetGoFor) {
  record::ReferralState referral;
  referral.terms = {"sign_off", "a-rule", "chief_officer", 1, {}, {}};
  const Json one = {{"decision", "sign_off"},
                    {"sign_off", {{"rank", "chief_officer"}, {"count", 1}}}};
  Json two = one;
  two["sign_off"]["count"] = 2;
  Json other = one;
  other["sign_off"]["rank"] = "chief_constable";
  for (const record::State state : record::all_states()) {
    referral.state = state;
    const std::string_view name = record::state_name(state);
    const bool let_go =
        name == "released" || name == "handing" || name == "handed" || name == "in_doubt";
    EXPECT_EQ(covers(referral, one), let_go) << name;
    EXPECT_EQ(covers(referral, {{"decision", "permit"}, {"sign_off", nullptr}}), let_go) << name;
    EXPECT_FALSE(covers(referral, two)) << "today's policy asks for more than it had";
    EXPECT_FALSE(covers(referral, other));
    EXPECT_FALSE(covers(referral, {{"decision", "refuse"}}));
    record::ReferralState held = referral;
    held.after.hold.emplace();
    EXPECT_FALSE(covers(held, one));
  }
}

TEST(AuthzenDecision, TheVocabularySaysWhoIsEnforcement) {
  policy::Vocabulary vocabulary;
  vocabulary.enforcement = {"immigration_enforcement"};
  const auto needed = [&](const char* facts) {
    return needs_referral(&vocabulary, Json::parse(facts));
  };
  EXPECT_TRUE(needed(R"({"action": "share", "recipient": "immigration_enforcement"})"));
  EXPECT_TRUE(needed(R"({"action": "call", "recipient": "immigration_enforcement"})"));
  EXPECT_TRUE(needed(R"({"action": "share"})")) << "it may be one";
  EXPECT_FALSE(needed(R"({"action": "share", "recipient": "support_service"})"));
  EXPECT_FALSE(needed(R"({"action": "check", "recipient": "immigration_enforcement"})"));
  EXPECT_TRUE(needs_referral(nullptr, {{"action", "share"}, {"recipient", "support_service"}}));
}

TEST(AuthzenMetadata, NamesBothEndpoints) {
  EXPECT_EQ(authzen_metadata("https://pdp.example"),
            Json::parse(R"({"policy_decision_point": "https://pdp.example",
      "access_evaluation_endpoint": "https://pdp.example/access/v1/evaluation",
      "access_evaluations_endpoint": "https://pdp.example/access/v1/evaluations",
      "access_request_endpoint": "https://pdp.example/access/v1/requests",
      "capabilities": ["urn:openid:authzen:capability:access-request"],
      "supported_obligations": ["custom", "notification"]})"));
}

}  // namespace
}  // namespace firebreak::web
