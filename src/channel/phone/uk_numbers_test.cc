// SPDX-License-Identifier: Apache-2.0
#include "channel/phone/uk_numbers.h"

#include <gtest/gtest.h>

#include <string>

namespace firebreak::phone {
namespace {

TEST(NormalE164, TakesANumberHoweverItIsWritten) {
  for (const char* text : {"03069990123", "0306 999 0123", "(0306) 999-0123", "+44 306 999 0123",
                           "+44 (0)306 999 0123", "0044 306 999 0123", " 0306.999.0123 "}) {
    const auto normal = normal_e164(text);
    ASSERT_TRUE(normal.ok()) << text;
    EXPECT_EQ(*normal, "+443069990123") << text;
  }
}

TEST(NormalE164, TakesOfcomsNumbersForDrama) {
  EXPECT_EQ(*normal_e164("01632 960123"), "+441632960123");
  EXPECT_EQ(*normal_e164("07700 900999"), "+447700900999");
  EXPECT_EQ(*normal_e164("020 7946 0000"), "+442079460000");
  EXPECT_EQ(*normal_e164("0113 496 0123"), "+441134960123");
  EXPECT_EQ(*normal_e164("0808 157 0123"), "+448081570123");
  EXPECT_EQ(*normal_e164("028 9649 6123"), "+442896496123");
}

TEST(NormalE164, RefusesWhatNoListMayHold) {
  const auto refusal = [](const char* text) {
    const auto normal = normal_e164(text);
    return normal ? *normal : normal.error().message;
  };
  for (const char* text : {"999", "112", "101", "18000", "116 123", "118500"}) {
    EXPECT_EQ(refusal(text), "This is an emergency or short number, which must always connect.");
  }
  const std::string none = "This is no telephone number that a network gives.";
  for (const char* text : {"", "+", "0306 999 012", "0306 999 01234", "9990123", "01632 961123",
                           "07700 901123 4", "+44 999", "+999 306 999 0123", "+44 +306 999 0123"}) {
    EXPECT_EQ(refusal(text), none) << text;
  }
  for (const char* text : {"03069990123x4", "O3069990123", "tel:03069990123",
                           "０３０６９９９０１２３", "03069990123;ext=4", "03069990123\n"}) {
    EXPECT_TRUE(refusal(text).starts_with("A telephone number holds digits")) << text;
  }
  EXPECT_TRUE(refusal("+290 22222").starts_with("This telephone number is so short"));
}

TEST(NormalE164, NoRefusalRepeatsTheNumber) {
  for (const char* text : {"0306 999 4567 8", "03069994567x4", "999"}) {
    EXPECT_EQ(normal_e164(text).error().text().find(text), std::string::npos);
  }
}

TEST(EmergencyOrShort, IsTheWholeNumber) {
  EXPECT_TRUE(is_emergency_or_short("999"));
  EXPECT_TRUE(is_emergency_or_short("116006"));
  for (const char* digits :
       {"", "9", "99", "9990", "0999", "116", "11600", "1160066", "118", "1800"}) {
    EXPECT_FALSE(is_emergency_or_short(digits)) << digits;
  }
}

}  // namespace
}  // namespace firebreak::phone
