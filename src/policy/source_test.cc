// SPDX-License-Identifier: Apache-2.0
// Places, carets and the limits on findings; and the characters that may stand nowhere.
#include "policy/source.h"

#include <gtest/gtest.h>

#include "policy/lexer.h"

namespace firebreak::policy {
namespace {

TEST(Source, OfALongLineWhatIsNearThePlaceIsShown) {
  const std::string line = std::string(500, 'a') + "here" + std::string(500, 'b');
  const Source source("s", "first\n" + line + "\nlast");
  EXPECT_EQ(source.caret({2, 501, 6 + 500, 4}), "…" + std::string(100, 'a') + "here" +
                                                    std::string(55, 'b') + "\n" +
                                                    std::string(101, ' ') + "^~~~");
  EXPECT_EQ(source.caret({1, 2, 1, 1}), "first\n ^");
  EXPECT_EQ(source.caret({3, 5, static_cast<uint32_t>(source.text().size()), 1}), "last\n    ^");
}

TEST(Source, ACaretStandsBelowItsCharacterWhateverTheBytes) {
  const Source source("s", "é\x1b\xff\u202e!\r\n");
  EXPECT_EQ(source.caret({1, 5, 7, 1}),
            "é ?"
            "?!\n    ^");
  // Bytes that continue nothing are looked back over only so far.
  const Source broken("s", std::string(100'000, '\x80'));
  EXPECT_LT(broken.caret({1, 50'000, 50'000, 1}).size(), 2000U);
}

TEST(Source, CharactersThatDeceive) {
  for (const uint32_t point : {0x00U, 0x09U, 0x0DU, 0x1BU, 0x7FU, 0x85U, 0x9BU, 0x2028U, 0x2029U,
                               0x202AU, 0x202EU, 0x2066U, 0x2069U, 0xFEFFU}) {
    EXPECT_TRUE(deceives(point)) << point;
  }
  // Marks and joiners that people need to write Arabic and Persian are no fault.
  for (const uint32_t point :
       {0x20U, 0xE9U, 0x200CU, 0x200DU, 0x200EU, 0x200FU, 0x0645U, 0x1F600U}) {
    EXPECT_FALSE(deceives(point)) << point;
  }
  EXPECT_EQ(code_point("é"), 0xE9U);
  EXPECT_EQ(code_point("\u202e"), 0x202EU);
  EXPECT_EQ(code_point("\U0001F600"), 0x1F600U);
}

TEST(Diagnostics, AreInTheOrderOfTheirPlacesAndCut) {
  const Source source("s", "one\ntwo\n");
  Diagnostics faults(source);
  faults.error({2, 1, 4, 1}, "second");
  faults.add(Severity::warning, {1, 2, 1, 1}, "first");
  ASSERT_EQ(faults.findings().size(), 2U);
  EXPECT_EQ(faults.findings()[0].message, "first");
  for (size_t i = 0; i < 200; ++i) faults.add(Severity::warning, {1, 1, 0, 1}, "w");
  EXPECT_FALSE(faults.room(Severity::warning));
  EXPECT_TRUE(faults.room(Severity::error));
  ASSERT_EQ(faults.findings().size(), 1 + Diagnostics::kMaxOthers + 1);
  EXPECT_EQ(faults.findings().back().message,
            "There is more than this; mend what is listed first.");
}

TEST(Diagnostics, AfterTheLastErrorNothingIsTaken) {
  const Source source("s", "one\n");
  Diagnostics faults(source);
  faults.last_error({1, 1, 0, 1}, "cause");
  faults.error({1, 1, 0, 1}, "follows too");
  EXPECT_TRUE(faults.full());
  ASSERT_EQ(faults.findings().size(), 1U);
  EXPECT_EQ(faults.findings()[0].message, "cause");
}

TEST(Lexer, ACommentEndsWhereAnEditorShowsItsEnd) {
  for (const char* hidden : {"# a\rnever", "# a\u2028never", "# a\u0085never", "# a\fnever"}) {
    const Source source("s", hidden);
    Diagnostics faults(source);
    lex(source, faults);
    EXPECT_TRUE(faults.failed()) << hidden;
  }
  const Source source("s", "# a\tb é\r\nnever # c");
  Diagnostics faults(source);
  EXPECT_EQ(lex(source, faults).size(), 2U);
  EXPECT_FALSE(faults.failed());
}

}  // namespace
}  // namespace firebreak::policy
