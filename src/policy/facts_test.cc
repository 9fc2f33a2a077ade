// SPDX-License-Identifier: Apache-2.0
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

constexpr const char* kRule = "rule r when necessary and age at least 18\n  permit under C1\n";

std::string refused(const std::string& json, ReadOptions options = {}) {
  const auto facts = policy_of(kRule)->read_facts(*parse_json(json), options);
  return facts ? "taken" : facts.error().text();
}

TEST(Facts, AreReadAndWrittenBack) {
  const auto policy = policy_of(kRule);
  const std::string json =
      R"({"action":"share","age":17,"ground":[],"leave":"held","necessary":true,)"
      R"("role":["victim","witness"]})";
  EXPECT_EQ(policy->facts_json(facts_of(*policy, json)).dump(), json);
  const std::string members = R"({"role":{"suspect":false,"victim":true}})";
  EXPECT_EQ(policy->facts_json(facts_of(*policy, members)).dump(), members);
  EXPECT_EQ(facts_of(*policy, R"({"necessary":"yes"})"),
            facts_of(*policy, R"({"necessary":true})"));
  EXPECT_EQ(facts_of(*policy, "{}"), Facts(policy->vocabulary()));
  EXPECT_FALSE(facts_of(*policy, json).complete());
}

TEST(Facts, UnknownWordsAreNamedWithTheNearest) {
  EXPECT_EQ(refused(R"({"rol":"victim"})"),
            "facts: There is no attribute `rol`. Did you mean `role`?");
  EXPECT_EQ(refused(R"({"role":["victm"]})"),
            "facts.role: `role` has no value `victm`. Did you mean `victim`?");
  EXPECT_EQ(refused(R"({"action":"enforce"})"),
            "facts.action: `action` has no value `enforce`. Known: share, call.");
  EXPECT_EQ(refused(R"({"role":{"bystander":true}})"),
            "facts.role: `role` has no value `bystander`. Known: victim, witness, suspect.");
}

TEST(Facts, WrongKindsAreRefused) {
  EXPECT_EQ(refused("[]"), "facts: The facts must be an object with a member for each fact.");
  EXPECT_EQ(refused(R"({"action":["share"]})"),
            "facts.action: `action` takes one of its values, as a text.");
  EXPECT_EQ(refused(R"({"necessary":1})"),
            "facts.necessary: `necessary` takes true or false, \"yes\" or \"no\".");
  EXPECT_EQ(refused(R"({"role":"victim"})"),
            "facts.role: `role` takes a list of its values, or an object of values to true or "
            "false.");
  EXPECT_EQ(refused(R"({"role":["victim","victim"]})"), "facts.role: `role` names `victim` twice.");
  EXPECT_EQ(refused(R"({"leave":null})"),
            "facts.leave: `leave` has no value; leave out what is not known.");
  for (const char* age : {"121", "-1", "1.5", "18446744073709551615", "\"18\"", "true"}) {
    EXPECT_EQ(refused(std::string(R"({"age":)") + age + "}"),
              "facts.age: `age` takes a whole number from 0 to 120.");
  }
}

TEST(Facts, ASetThatIsNeverEmptyIsNotTakenEmpty) {
  const char* const message =
      "facts.role: `role` is never empty; leave it out when it is not known.";
  EXPECT_EQ(refused(R"({"role":[]})"), message);
  EXPECT_EQ(refused(R"({"role":{"victim":false,"witness":false,"suspect":false}})"), message);
  EXPECT_EQ(refused(R"({"role":{}})"), "taken");
  EXPECT_EQ(refused(R"({"ground":[]})"), "taken");
}

TEST(Facts, TheImpossibleIsRefusedWithItsReason) {
  const char* const message =
      "facts: These facts cannot stand together. A person suspected of an offence has the role of "
      "suspect.";
  EXPECT_EQ(refused(R"({"role":["victim"],"ground":["offence"]})"), message);
  EXPECT_EQ(refused(R"({"role":{"suspect":false},"ground":{"offence":true}})"), message);
  EXPECT_EQ(refused(R"({"role":{"victim":true},"ground":["offence"]})"), "taken");
}

TEST(Facts, ProtectedFactsAreRefusedLive) {
  EXPECT_EQ(refused(R"({"leave":"held"})"), "taken");
  EXPECT_EQ(refused(R"({"leave":"held"})", {.live = true}),
            "facts.leave: `leave` is not taken here. Police do not ask for immigration status.");
  EXPECT_EQ(refused(R"({"ground":["nationality"]})", {.live = true}), "taken");
}

}  // namespace
}  // namespace firebreak::policy::testing
