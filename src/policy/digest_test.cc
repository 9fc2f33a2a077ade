// SPDX-License-Identifier: Apache-2.0
// The format of digest.h, recomputed here from its words alone, and what it is over and what not.
#include "policy/digest.h"

#include "base/hash.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

std::shared_ptr<const Policy> tiny(const Decisions& decided = {}, const std::string& layout = " ") {
  const std::string setting =
      "setting s number 1 to 3 \"How \\\"many\\\"\n  sign\"" + layout + "default 1 under C1\n";
  return *Policy::parse("p.policy",
                        "policy p version 1 uses vocabulary v 1" + layout +
                            "in force until 2026-12-31 default refuse \"No.\" under C1\n"
                            "clause C1 \"W\" basis known\n" +
                            setting,
                        "v-1.vocabulary",
                        "vocabulary v version 1\nattribute a yes/no question \"Q\"", decided);
}

constexpr const char* kWrittenByHand =
    "firebreak policy v1\n"
    "w6:policyw1:pw7:versionn1:1w4:usesw10:vocabularyw1:vn1:1"
    "w7:defaultw6:refuset3:No.w5:underw2:C1"
    "w6:clausew2:C1t1:Ww5:basisw5:known"
    "w7:settingw1:sw6:numbern1:1w2:ton1:3t15:How \"many\" signw7:defaultn1:1w5:underw2:C1$0:"
    "\nvocabulary\n"
    "w10:vocabularyw1:vw7:versionn1:1w9:attributew1:aw6:yes/now8:questiont1:Q$0:";

std::string by_hand(const std::string& more = {}) {
  return show_digest(sha256({as_bytes(kWrittenByHand + more)}));
}

TEST(Digest, IsOverTheBytesThatItsHeaderSays) {
  EXPECT_EQ(tiny()->digest(), by_hand());
  EXPECT_EQ(tiny(SettingValues{{"s", "1"}})->digest(), by_hand());
  EXPECT_EQ(tiny(SettingValues{{"s", "2"}})->digest(), by_hand("\nsetting s 2"));
  EXPECT_EQ(tiny(Decisions({}, "sha256:00"))->digest(), by_hand("\noffences sha256:00"));
  EXPECT_EQ(tiny(Decisions({{"s", "3"}}, "sha256:00"))->digest(),
            by_hand("\nsetting s 3\noffences sha256:00"));
}

TEST(Digest, DoesNotLookAtLayoutAndComments) {
  EXPECT_EQ(tiny({}, "\n\n   # a comment\n  ")->digest(), by_hand());
}

TEST(Digest, TellsAnExceptionsDepth) {
  const auto digest = [](const std::string& indent) {
    return policy_of(
               "rule a when necessary refuse \"N\" under C1\n"
               "  except b when age above 3 refuse \"N\" under C1\n" +
               indent + "except c when age above 5 refuse \"N\" under C1\n")
        ->digest();
  };
  EXPECT_NE(digest("  "), digest("    "));
  EXPECT_EQ(digest("    "), digest("      "));
}

}  // namespace
}  // namespace firebreak::policy::testing
