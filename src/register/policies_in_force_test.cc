// SPDX-License-Identifier: Apache-2.0
#include "register/policies_in_force.h"

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class PoliciesInForceTest : public RegisterTest {
 protected:
  // What the register says to a force.toml whose policy from tomorrow has this text.
  std::string refusal_of(const std::string& text) {
    close();
    const std::string was = *read_file(folder / "force.toml");
    EXPECT_TRUE(write_file_durably(folder / "policies" / "next.policy", text).ok());
    EXPECT_TRUE(write_file_durably(folder / "force.toml",
                                   was + "until = \"2026-11-22\"\n[[policy]]\nfile = "
                                         "\"next.policy\"\nfrom = \"2026-11-23\"\n")
                    .ok());
    const auto opened = Register::open({.folder = folder, .renderer = nullptr}, clock, random);
    EXPECT_TRUE(write_file_durably(folder / "force.toml", was).ok());
    return opened.ok() ? std::string() : opened.error().text();
  }

  static std::string pack(const std::string& name) {
    return *read_file(policies_of_the_repository() / (name + ".policy"));
  }
};

TEST_F(PoliciesInForceTest, ASoundOneIsPutInForceForTomorrow) {
  EXPECT_EQ(refusal_of(replaced(pack("psni-service-instruction"), "version 1", "version 2")), "");
}

TEST_F(PoliciesInForceTest, NoneBelowTheFloor) {
  const std::string telephone = refusal_of(pack("full-firewall"));
  EXPECT_NE(telephone.find("cannot be put in force"), std::string::npos) << telephone;
  EXPECT_NE(telephone.find("nothing by telephone"), std::string::npos) << telephone;
  EXPECT_NE(telephone.find("`telephone-about-suspects`"), std::string::npos) << telephone;
  // Without the sign-off the exception is below the floor, whatever else the policy asserts.
  std::string unsigned_exception = pack("psni-service-instruction");
  unsigned_exception = replaced(unsigned_exception,
                                "permit after sign_off by signers of signing_rank\n", "permit\n");
  EXPECT_NE(refusal_of(unsigned_exception).find("cannot be put in force"), std::string::npos);
}

TEST_F(PoliciesInForceTest, WhatTheForceDecidesIsInForceWithThePolicy) {
  close();
  const std::string was = *read_file(folder / "force.toml");
  const auto opened_with = [&](const std::string& settings) {
    EXPECT_TRUE(
        write_file_durably(folder / "force.toml", was +
                                                      "until = \"2026-11-22\"\n[[policy]]\nfile = "
                                                      "\"psni-service-instruction.policy\"\nfrom = "
                                                      "\"2026-11-23\"\n[policy.settings]\n" +
                                                      settings)
            .ok());
    return Register::open({.folder = folder, .renderer = nullptr}, clock, random);
  };
  EXPECT_NE(opened_with("signer = 2\n").error().text().find("Did you mean `signers`?"),
            std::string::npos);
  EXPECT_NE(opened_with("signers = 9\n").error().text().find("from 1 to 3"), std::string::npos);
  ASSERT_TRUE(opened_with("signers = 2\n").ok());
  clock.advance(std::chrono::days{1});
  {
    const auto opened = opened_with("signers = 2\n");
    ASSERT_TRUE(opened.ok());
    const auto policy = (*opened)->policy_today();
    ASSERT_TRUE(policy.ok());
    const auto facts = (*policy)->read_facts(exceptional_facts());
    ASSERT_TRUE(facts.ok());
    EXPECT_EQ((*policy)->decide(*facts).sign_off->count, 2);
  }
  // A decision is dated like a text: another one needs another period.
  EXPECT_NE(opened_with("signers = 1\n").error().text().find("what the force decides of it"),
            std::string::npos);
}

TEST_F(PoliciesInForceTest, NoneThatIsHistorical) {
  EXPECT_NE(refusal_of(pack("psni-legacy")).find("historical"), std::string::npos);
}

TEST_F(PoliciesInForceTest, NoneThatFailsItsOwnCases) {
  const std::string text = pack("psni-service-instruction");
  const std::string wrong =
      replaced(text, "expect sign_off by victims-first", "expect permit by victims-first");
  EXPECT_NE(refusal_of(wrong).find("This case fails"), std::string::npos) << refusal_of(wrong);
}

}  // namespace
}  // namespace firebreak::record
