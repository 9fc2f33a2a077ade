// SPDX-License-Identifier: Apache-2.0
#include "register/policies_in_force.h"

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class PoliciesInForceTest : public RegisterTest {
 protected:
  // What the register says to a force.toml whose policy from tomorrow has this text.
  std::string refusal_of(const std::string& text) {
    return said_to(next("from = \"2026-11-23\"\n"), text);
  }

  // What the register, opened on that day, says when two persons want what force.toml then says:
  // with `more` after its first policy's lines.
  std::string said_to(const std::string& more, const std::string& text = {},
                      const char* day = "2026-11-22") {
    close();
    clock.set(*parse_instant(std::string(day) + "T09:00:00Z"));
    const std::string was = *read_file(folder / "force.toml");
    if (!text.empty()) {
      EXPECT_TRUE(write_file_durably(folder / "policies" / "next.policy", text).ok());
    }
    EXPECT_TRUE(write_file_durably(folder / "force.toml", was + more).ok());
    const std::string said = opened_and_decided();
    EXPECT_TRUE(write_file_durably(folder / "force.toml", was).ok());
    return said;
  }

  std::string opened_and_decided() {
    auto opened = Register::open({.folder = folder, .renderer = nullptr}, clock, random);
    if (!opened) return opened.error().text();
    reg = *std::move(opened);
    const auto decided = decide({{"type", "force_toml"}});
    const std::string said = decided ? "" : decided.error().text();
    return said.starts_with("Nothing would change") ? "" : said;
  }
  static std::string next(const std::string& days = {}) {
    return "until = \"2026-11-22\"\n[[policy]]\nfile = \"next.policy\"\n" + days;
  }
  // The service instruction as a second version with these days in force.
  static std::string second(const std::string& days) {
    return replaced(pack("psni-service-instruction"), "version 1\n", "version 2\n" + days);
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
  const auto with = [&](const std::string& settings) {
    return said_to(next("from = \"2026-11-23\"\n[policy.settings]\n" + settings), second(""));
  };
  EXPECT_NE(with("signer = 2\n").find("Did you mean `signers`?"), std::string::npos);
  EXPECT_NE(with("signers = 9\n").find("from 1 to 3"), std::string::npos);
  ASSERT_EQ(with("signers = 2\n"), "");
  clock.advance(std::chrono::days{1});
  const auto policy = reg->policy_today();
  ASSERT_TRUE(policy.ok());
  const auto facts = (*policy)->read_facts(exceptional_facts());
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ((*policy)->decide(*facts).sign_off->count, 2);
  // A decision is dated like a text: another one needs another period.
  EXPECT_NE(with("signers = 1\n").find("what the force decides of it"), std::string::npos);
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

TEST_F(PoliciesInForceTest, TheTextSaysTheDaysThatForceTomlLeavesOut) {
  const std::string text = second("  in force from 2026-11-23 until 2027-03-31\n");
  EXPECT_EQ(said_to(next(), text), "");
  // Less than the text's days may be taken, more may not.
  const auto outside = [&](const std::string& days) {
    EXPECT_NE(said_to(next(days), text)
                  .find("but its text says `in force from 2026-11-23 until "
                        "2027-03-31`"),
              std::string::npos)
        << said_to(next(days), text);
  };
  outside("until = 2027-04-01\n");
  outside("from = 2026-11-22\n");
  EXPECT_NE(said_to(next("from = 2027-04-01\n"), text).find("leave a day between them"),
            std::string::npos);
  EXPECT_NE(said_to(next(), second("  in force until 2027-03-31\n")).find("has no first day"),
            std::string::npos);
}

TEST_F(PoliciesInForceTest, MayTouchButNotOverlap) {
  const std::string text = second("");
  EXPECT_NE(said_to("[[policy]]\nfile = \"next.policy\"\nfrom = 2026-12-01\n", text)
                .find("psni-service-instruction.policy and next.policy overlap on 2026-12-01"),
            std::string::npos);
  EXPECT_NE(said_to(next("from = 2026-11-22\n"), text).find("overlap on 2026-11-22"),
            std::string::npos);
  EXPECT_EQ(said_to(next("from = 2026-11-23\n"), text), "");
}

TEST_F(PoliciesInForceTest, AnEndedTextKeepsItsDigest) {
  const std::string name = "psni-service-instruction.policy";
  const auto file = folder / "policies" / name;
  ASSERT_TRUE(write_file_durably(file, replaced(pack("psni-service-instruction"), "version 1\n",
                                                "version 1\n  in force until 2026-12-31\n"))
                  .ok());
  ASSERT_TRUE(decide({{"type", "force_toml"}}).ok());
  EXPECT_EQ(reg->policies().periods().at(0).until, *parse_day("2026-12-31"));
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
  // What has passed stays as it was.
  clock.set(*parse_instant("2027-02-01T09:00:00Z"));
  EXPECT_FALSE(reg->policy_today().ok());
  ASSERT_TRUE(write_file_durably(file, pack("psni-service-instruction")).ok());
  open();
  const auto decided = decide({{"type", "force_toml"}});
  ASSERT_FALSE(decided.ok());
  EXPECT_NE(decided.error().text().find("cannot be changed for days that passed"),
            std::string::npos)
      << decided.error().text();
}

TEST_F(PoliciesInForceTest, TheForcesOwnAssertionsAreHeld) {
  const auto asserting = [&](const std::string& claim) {
    return said_to("[[assertion]]\ntext = \"two sign\"\nclaim = \"" + claim + "\"\n");
  };
  const std::string two =
      "never permit when recipient is immigration_enforcement and role includes victim unless "
      "after sign_off by ";
  EXPECT_EQ(asserting(two + "chief_officer"), "");
  const std::string refused = asserting(two + "2 of chief_officer");
  EXPECT_NE(refused.find("cannot be put in force"), std::string::npos) << refused;
  EXPECT_NE(refused.find("the force's assertion \"two sign\":1:1: error: This assertion fails in"),
            std::string::npos)
      << refused;
  EXPECT_NE(refused.find("case \"against: two sign\""), std::string::npos) << refused;
  EXPECT_NE(asserting("never permit when rol includes victim").find("Did you mean `role`?"),
            std::string::npos);
  EXPECT_NE(asserting("always refuse when action is enforce case").find("nothing more"),
            std::string::npos);
  EXPECT_NE(asserting("").find("may not be empty"), std::string::npos);
}

TEST_F(PoliciesInForceTest, WhatOnceWasInForceIsNotHeldToWhatIsAskedToday) {
  const std::string strict =
      next("from = 2026-11-23\n") +
      "[policy.settings]\nsigners = 2\n[[assertion]]\ntext = \"two sign\"\nclaim = \"never "
      "permit when role includes victim and recipient is immigration_enforcement unless after "
      "sign_off by 2 of chief_officer\"\n";
  const std::string text = second("");
  EXPECT_NE(said_to(strict, text).find("two sign"), std::string::npos);  // still in force today
  ASSERT_EQ(said_to(next("from = 2026-11-23\n[policy.settings]\nsigners = 2\n"), text), "");
  EXPECT_EQ(said_to(strict, text, "2026-11-23"), "");
}

TEST_F(PoliciesInForceTest, ThePolicyOwnerIsToldOfReviewsAndGaps) {
  const auto told = [&](const char* day) {
    std::string out;
    for (const std::string& notice : reg->policies().notices(*parse_day(day))) out += notice + "|";
    return out;
  };
  open();
  EXPECT_EQ(told("2026-11-22"), "");
  EXPECT_EQ(told("2027-05-01"),
            "psni-service-instruction version 1: This policy is to be reviewed by 2027-06-30: 60 "
            "days are left.|");
  EXPECT_NE(told("2027-07-01").find("was to be reviewed by 2027-06-30, 1 day ago."),
            std::string::npos);
  EXPECT_EQ(told("2026-11-21"),
            "From 2026-11-21 no policy is in force, and everything is refused. Put one in "
            "force.|");
  EXPECT_EQ(said_to("until = 2027-02-28\n"), "");
  EXPECT_EQ(told("2026-12-30"), "");
  EXPECT_EQ(told("2026-12-31"),
            "From 2027-03-01 no policy is in force, and everything is refused. Put one in "
            "force.|");
}

TEST_F(PoliciesInForceTest, TheOffenceListIsInForceWithThePolicy) {
  const std::string list = *read_file(policies_of_the_repository() / "home-office-1.offences");
  const std::string named = "offences = \"home-office-1.offences\"\n";
  ASSERT_EQ(said_to(next("from = 2026-11-23\n" + named), second("")), "");
  // Its comments are not what it says; a class is.
  const auto path = folder / "policies" / "home-office-1.offences";
  ASSERT_TRUE(write_file_durably(path, "# looked at again\n" + list).ok());
  EXPECT_EQ(said_to(next("from = 2026-11-23\n" + named)), "");
  ASSERT_TRUE(write_file_durably(path, replaced(list, "lower_level \"", "other \"")).ok());
  EXPECT_NE(said_to(next("from = 2026-11-23\n" + named)).find("what the force decides of it"),
            std::string::npos);
  EXPECT_NE(said_to(next("from = 2026-11-23\n")).find("what the force decides of it"),
            std::string::npos);
  ASSERT_TRUE(write_file_durably(path, list.substr(0, list.size() / 2) + "!").ok());
  EXPECT_NE(said_to(next("from = 2026-11-23\n" + named)).find("home-office-1.offences:"),
            std::string::npos);
  EXPECT_NE(said_to(next("from = 2026-11-23\noffences = \"../x.offences\"\n"))
                .find("a .offences file in policies/"),
            std::string::npos);
}

TEST_F(PoliciesInForceTest, TheRecordVerifiesWithWhatTheForceDecided) {
  const std::string more = next("from = 2026-11-23\noffences = \"home-office-1.offences\"\n") +
                           "[policy.settings]\nsigners = 2\n";
  ASSERT_EQ(said_to(more, second("")), "");
  const auto said = [&] {
    std::string out;
    for (const VerifyFinding& finding : verify(folder).findings) out += finding.message + "|";
    return out;
  };
  EXPECT_EQ(said(), "");
  const auto path = folder / "policies" / "home-office-1.offences";
  ASSERT_TRUE(
      write_file_durably(path, replaced(*read_file(path), "lower_level \"", "other \"")).ok());
  EXPECT_NE(said().find("The list of offences is not the one"), std::string::npos) << said();
}

}  // namespace
}  // namespace firebreak::record
