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
                                "permit after sign_off by signers of chief_officer\n", "permit\n");
  EXPECT_NE(refusal_of(unsigned_exception).find("cannot be put in force"), std::string::npos);
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
