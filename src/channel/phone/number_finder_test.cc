// SPDX-License-Identifier: Apache-2.0
#include "channel/phone/number_finder.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "channel/phone/testing/plain_screening.h"

namespace firebreak::phone {
namespace {

NumberFinder finder_of(const std::vector<std::string>& numbers) {
  NumberFinder finder;
  for (uint32_t i = 0; i < numbers.size(); ++i) finder.add(numbers[i], i);
  return finder;
}

TEST(NumberFinder, FindsWhatIsCompleteFirst) {
  const NumberFinder finder = finder_of({"3069990123", "069990", "990", "3069990123"});
  EXPECT_EQ(finder.find(symbols_of("03069990123")), 1U);  // with 990, but named first
  EXPECT_EQ(finder.find(symbols_of("99 0")), 2U);
  EXPECT_EQ(finder.find(symbols_of("306999")), std::nullopt);
  EXPECT_EQ(finder.find({}), std::nullopt);
  EXPECT_EQ(NumberFinder().find(symbols_of("03069990123")), std::nullopt);
}

TEST(NumberFinder, OfANumberAddedTwiceTheFirstStays) {
  EXPECT_EQ(finder_of({"123", "123"}).find(symbols_of("0123")), 0U);
}

TEST(NumberFinder, ReadsALetterAsItsKeyItsLookAlikeOrNothing) {
  const NumberFinder finder = finder_of({"3069990123"});
  EXPECT_EQ(finder.find(symbols_of("3O69990123")), 0U);   // looks like 0
  EXPECT_EQ(finder.find(symbols_of("30O9990123")), 0U);   // on the key 6
  EXPECT_EQ(finder.find(symbols_of("306999O0123")), 0U);  // dropped
  EXPECT_EQ(finder.find(symbols_of("3A69990123")), std::nullopt);
}

// Few digits and short numbers, so that numbers meet; few letters, so that the slow way ends.
std::string drawn_text() {
  const auto characters = *rc::gen::container<std::string>(rc::gen::weightedElement<char>(
      {{12, '0'}, {12, '1'}, {12, '6'}, {4, ' '}, {2, 'o'}, {1, 'l'}, {1, 'M'}, {1, '*'}}));
  return characters.substr(0, 24);
}

RC_GTEST_PROP(NumberFinder, AgreesWithSearchingEveryReading, ()) {
  const auto digit = rc::gen::elementOf(std::string("0156"));
  const auto numbers = *rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::container<std::string>(digit)));
  const std::string text = drawn_text();
  const auto strings = testing::digit_strings(text, 20'000);
  RC_PRE(strings.has_value());
  const auto found = finder_of(numbers).find(symbols_of(text));
  bool any = false;
  for (const std::string& number : numbers) any = any || testing::contains(*strings, number);
  RC_TAG(any);
  RC_ASSERT(found.has_value() == any);
  if (found) RC_ASSERT(testing::contains(*strings, numbers[*found]));
}

}  // namespace
}  // namespace firebreak::phone
