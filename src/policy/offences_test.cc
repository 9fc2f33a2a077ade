// SPDX-License-Identifier: Apache-2.0
#include "policy/offences.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

constexpr const char* kOffenceHead = "offences sample version 3\ntitle \"A sample\"\n";

OffenceList offences_of(const std::string& groups) {
  std::vector<Finding> faults;
  std::optional<OffenceList> list = OffenceList::read("s.offences", kOffenceHead + groups, faults);
  for (const Finding& fault : faults) ADD_FAILURE() << text(fault);
  return list ? *std::move(list) : OffenceList();
}

// "line:column message" of each fault.
std::vector<std::string> offence_faults(const std::string& whole) {
  std::vector<Finding> faults;
  const bool read = OffenceList::read("s.offences", whole, faults).has_value();
  EXPECT_EQ(read, faults.empty());
  std::vector<std::string> out;
  out.reserve(faults.size());
  for (const Finding& fault : faults) {
    out.push_back(std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " +
                  fault.message);
  }
  return out;
}
std::vector<std::string> group_faults(const std::string& groups) {
  return offence_faults(kOffenceHead + groups);
}
using Faults = std::vector<std::string>;

TEST(Offences, AreReadWithClassAndReason) {
  const OffenceList list = offences_of(
      "high_harm \"Named, # 1\"  # a comment\n  019/00 07-10\n\ndecide \"Ask\"\r\n  000/01\r\n"
      "  019/11\n");
  EXPECT_EQ(list.name(), "sample");
  EXPECT_EQ(list.version(), 3);
  EXPECT_EQ(list.title(), "A sample");
  EXPECT_EQ(list.size(), 7U);
  EXPECT_EQ(list.count(OffenceClass::high_harm), 5U);
  EXPECT_EQ(list.count(OffenceClass::decide), 2U);
  EXPECT_EQ(list.count(OffenceClass::other), 0U);
  const auto rape = list.find("019/08");
  ASSERT_TRUE(rape);
  EXPECT_EQ(rape->offence_class, OffenceClass::high_harm);
  EXPECT_EQ(rape->reason, "Named, # 1");
  EXPECT_EQ(list.find("019/11")->reason, "Ask");
  EXPECT_EQ(list.all().front().code, "000/01");
}

TEST(Offences, WhatIsNotInTheListIsNotFound) {
  const OffenceList list = offences_of("other \"Why\"\n019/07-10\n");
  for (const char* code : {"019/06", "019/11", "018/07", "020/07", "", "19/07", "019/7", "019-07",
                           "0x9/07", "019/07 ", "999/99"}) {
    EXPECT_FALSE(list.find(code)) << code;
  }
}

TEST(Offences, FaultsHaveTheirLine) {
  EXPECT_EQ(offence_faults(""),
            Faults{"1:1 The file ends before its `offences` and `title` lines."});
  EXPECT_EQ(offence_faults("offences A version 1\ntitle \"t\"\nother \"r\"\n001/00\n"),
            Faults{"1:1 Expected `offences NAME version N` in the first line."});
  EXPECT_EQ(offence_faults("offences a version 0\ntitle \"t\"\nother \"r\"\n001/00\n").size(), 1U);
  EXPECT_EQ(offence_faults("offences a version 1\nother \"r\"\nother \"r\"\n001/00\n"),
            Faults{"2:1 Expected `title \"TEXT\"` in the second line."});
  EXPECT_EQ(group_faults(""), Faults{"2:1 The list holds no code."});
  EXPECT_EQ(group_faults("hihg_harm \"r\"\n001/00\n"),
            Faults{"3:1 There is no class `hihg_harm`. Did you mean `high_harm`?"});
  EXPECT_EQ(group_faults("other \"r\"\n001/00\n  001/00\n"),
            Faults{"5:7 The code 001/00 stands in line 4 already."});
  EXPECT_EQ(group_faults("other \"r\"\n001/00-05\nhigh_harm \"r\"\n001/07 05\n"),
            Faults{"6:8 The code 001/05 stands in line 4 already."});
  EXPECT_EQ(group_faults("001/00\n"),
            Faults{"3:1 These codes belong to no class. Begin with a class and the reason."});
  EXPECT_EQ(group_faults("other \"r\"\n001/07-05\n"), Faults{"4:5 This range does not go up."});
  EXPECT_EQ(group_faults("other \"r\"\n1/07\n"),
            Faults{"4:1 Expected codes as CCC/SS, such as `019/00 07-10`."});
  EXPECT_EQ(group_faults("other \" \"\n001/00\n"), Faults{"3:6 This text is empty. Say why."});
  EXPECT_EQ(group_faults("other\n001/00\n"),
            Faults{"3:6 Expected one text in double quotes, on one line."});
  EXPECT_EQ(group_faults("other \"r\"\ndecide \"r\"\n001/00\n"),
            Faults{"3:1 This class holds no code. Add codes below it, or remove it."});
  EXPECT_EQ(group_faults("other \"\xc3\xa9\"\n001/00\n"),
            Faults{"3:1 This line holds a tab or a character that is not ASCII."});
  for (const char* codes : {"001/7", "001/07  08", "001/07,08", "001/07-8", "001/", "001/007"}) {
    EXPECT_EQ(group_faults("other \"r\"\n" + std::string(codes) + "\n").size(), 1U) << codes;
  }
}

TEST(Offences, OneRunNamesEveryFault) {
  EXPECT_EQ(group_faults("hgh \"r\"\n001/00\nother r\n001/00\nother \"r\"\n").size(), 4U);
}

TEST(Offences, DigestIsOfContentAlone) {
  const std::string digest = offences_of("other \"A\"\n001/00-02\ndecide \"B\"\n002/00\n").digest();
  EXPECT_EQ(offences_of("# c\ndecide \"B\"\n002/00\nother \"A\"\n  001/02\n001/00 01\n").digest(),
            digest);
  EXPECT_NE(offences_of("other \"C\"\n001/00-02\ndecide \"B\"\n002/00\n").digest(), digest);
  EXPECT_NE(offences_of("other \"A\"\n001/00-03\ndecide \"B\"\n002/00\n").digest(), digest);
  EXPECT_NE(offences_of("high_harm \"A\"\n001/00-02\ndecide \"B\"\n002/00\n").digest(), digest);
}

// Against a list written out code by code and searched from its beginning.
RC_GTEST_PROP(Offences, AnswerAsACodeByCodeListDoes, ()) {
  const auto chosen = *rc::gen::container<std::map<int, int>>(
      rc::gen::inRange(0, 300), rc::gen::inRange(0, static_cast<int>(kOffenceClasses)));
  RC_PRE(!chosen.empty());
  const auto code_of = [](int n) {
    const std::string digits = std::to_string(100'000 + n);
    return digits.substr(1, 3) + "/" + digits.substr(4);
  };
  std::string text = kOffenceHead;
  for (auto at = chosen.begin(); at != chosen.end();) {  // runs of one class become ranges
    auto end = std::next(at);
    int last = at->first;
    while (end != chosen.end() && end->first == last + 1 && end->second == at->second &&
           end->first / 100 == at->first / 100) {
      last = (end++)->first;
    }
    text +=
        std::string(name(static_cast<OffenceClass>(at->second))) + " \"r\"\n" + code_of(at->first);
    if (last > at->first) text += "-" + code_of(last).substr(4);
    text += "\n";
    at = end;
  }
  std::vector<Finding> faults;
  const auto list = OffenceList::read("s.offences", text, faults);
  RC_ASSERT(list.has_value());
  RC_ASSERT(list->size() == chosen.size());
  for (int n = 0; n < 301; ++n) {
    const auto found = list->find(code_of(n));
    const auto expected = chosen.find(n);
    RC_ASSERT(found.has_value() == (expected != chosen.end()));
    if (found) RC_ASSERT(static_cast<int>(found->offence_class) == expected->second);
  }
}

TEST(Offences, NoSlipOfOneByteUpsetsTheReader) {
  const std::string whole = *read_file(packs() / "home-office-1.offences");
  for (size_t i = 0; i < whole.size(); i += 61) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    for (const std::string& slip : {changed, whole.substr(0, i)}) {
      std::vector<Finding> faults;
      const bool read = OffenceList::read("s", slip, faults).has_value();
      EXPECT_EQ(read, faults.empty());
    }
  }
}

TEST(Offences, TheListThatComesWithFirebreakIsSound) {
  const auto list = OffenceList::load(packs() / "home-office-1.offences");
  ASSERT_TRUE(list) << list.error().text();
  EXPECT_EQ(list->size(), 3039U);
  EXPECT_LE(list->count(OffenceClass::decide), 60U);
  EXPECT_EQ(list->count(OffenceClass::high_harm), 12U);
  EXPECT_EQ(list->count(OffenceClass::immigration_only), 84U);
  EXPECT_EQ(list->find("001/01")->offence_class, OffenceClass::high_harm);
  EXPECT_EQ(list->find("092/61")->offence_class, OffenceClass::lower_level);
}

TEST(Offences, LoadNamesTheFileAndTheLine) {
  EXPECT_EQ(OffenceList::load("/nowhere.offences").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace firebreak::policy::testing
