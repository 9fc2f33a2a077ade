// SPDX-License-Identifier: Apache-2.0
// Spellings of a closed number that must be blocked and texts that must not; then many more drawn
// at random, beside the slow, obvious way. All numbers are Ofcom's for drama.
#include "channel/phone/listed_numbers.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "channel/phone/testing/plain_screening.h"

namespace firebreak::phone {
namespace {

constexpr const char* kDesk = "enforcement_desk";          // +44 306 999 0123
constexpr const char* kLondonDesk = "enforcement_london";  // +44 20 7946 0123
constexpr const char* kAuthority = "competent_authority";  // +44 7700 900456

std::vector<ListedNumber> sample_list() {
  return {{"+443069990123", kDesk, true},
          {"+442079460123", kLondonDesk, true},
          {"+447700900456", kAuthority, false},
          // Another country's number with the digits of the desk's.
          {"+13069990123", "office_abroad", false}};
}

const ListedNumbers& sample() {
  static const ListedNumbers numbers = *ListedNumbers::make(sample_list());
  return numbers;
}

std::string answer(std::string_view dialled) {
  const Screening screening = sample().screen(dialled);
  std::string text = screening.allowed ? "allow " : "block ";
  text += name(screening.why);
  return screening.destination.empty() ? text : text + " " + screening.destination;
}

struct Case {
  const char* dialled;
  const char* answer;
};

void expect_answers(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(answer(c.dialled), c.answer) << c.dialled;
}

constexpr const char* kListed = "block closed_listed enforcement_desk";
constexpr const char* kContained = "block closed_contained enforcement_desk";
constexpr const char* kOther = "allow not_listed";

TEST(ListedNumbers, BlocksTheOrdinarySpellings) {
  expect_answers({{"03069990123", kListed},
                  {"+443069990123", kListed},
                  {"00443069990123", kListed},
                  {"443069990123", kListed},
                  {"3069990123", kListed},
                  {"+44 (0)306 999 0123", kListed},
                  {"+4403069990123", kListed},
                  {"0044 0306 999 0123", kListed},
                  {"0306-999-0123", kListed},
                  {"0306.999.0123", kListed},
                  {"(0306) 999 0123", kListed},
                  {"0 3 0 6 9 9 9 0 1 2 3", kListed},
                  {" \t03069990123\r\n", kListed},
                  {"020 7946 0123", "block closed_listed enforcement_london"},
                  {"tel:+44-20-7946-0123", "block closed_listed enforcement_london"}});
}

TEST(ListedNumbers, BlocksOtherScriptsAndInvisibleCharacters) {
  expect_answers({{"０３０６９９９０１２３", kListed},  // full-width
                  {"＋４４３０６９９９０１２３", kListed},
                  {"٠٣٠٦٩٩٩٠١٢٣", kListed},  // Arabic-Indic
                  {"०३०६९९९०१२३", kListed},  // Devanagari
                  {"03069٩90123", kListed},
                  {"0306\u00a0999\u00a00123", kListed},       // no-break spaces
                  {"0306\u200b999\u200b0123", kListed},       // zero-width spaces
                  {"0306\u2060999\u20600123", kListed},       // word joiners
                  {"0306\u00ad999\u00ad0123", kListed},       // soft hyphens
                  {"0306\u2013999\u20130123", kListed},       // dashes
                  {"\u202a+44 306 999 0123\u202c", kListed},  // pasted from contacts
                  {"𝟎𝟑𝟎𝟔𝟗𝟗𝟗𝟎𝟏𝟐𝟑", kListed},                   // mathematical
                  {"⓪③⓪⑥⑨⑨⑨⓪①②③", kListed},                   // circled
                  {"⁰³⁰⁶⁹⁹⁹⁰¹²³", kListed},                   // superscript
                  {"〇三〇六九九九〇一二三", kContained},     // Chinese
                  {"03069⑨990123", kContained}});  // a switch that drops it dials the number
}

TEST(ListedNumbers, BlocksLettersOfTheKeypadAndLookAlikes) {
  expect_answers({{"O3O6 999 O123", kContained},
                  {"o3o69990l23", kContained},
                  {"03069990I23", kContained},
                  {"03069990|23", kContained},
                  {"О3О69990123", kContained},  // Cyrillic
                  {"Ο3Ο69990123", kContained},  // Greek
                  {"0З069990123", kContained},  // a Cyrillic letter like 3
                  {"٥3٥69990123", kContained},  // Arabic fives, which look like a circle
                  {"0306 WXY 0123", kListed},
                  {"0306 wxy O1AD", kContained},  // keys and a look-alike together
                  {"+44 DO6 999 0123", kContained},
                  {"03O6W99012D", kContained},
                  {"0306x999y0123", kListed},
                  {"call 0306 then 999 then 0123", kContained}});
}

TEST(ListedNumbers, BlocksPrefixesOfTheExchangeAndTheSwitch) {
  expect_answers({{"14103069990123", kContained},  // withhold the caller's number
                  {"141 0306 999 0123", kContained},
                  {"147003069990123", kContained},   // show it
                  {"128003069990123", kContained},   // another carrier
                  {"1800103069990123", kContained},  // by text relay
                  {"903069990123", kContained},      // an outside line
                  {"9,03069990123", kContained},
                  {"9p03069990123", kContained},
                  {"*31#03069990123", kContained},
                  {"#31#03069990123", kContained},
                  {"*67 03069990123", kContained},
                  {"*21*03069990123#", kContained},  // forward all calls
                  {"**61*+443069990123**20#", kContained},
                  {"9141003069990123", kContained},
                  {"011443069990123", kContained},  // from America
                  {"+1443069990123", kContained},
                  {"+44443069990123", kContained},
                  {"+44 44 0306 999 0123", kContained},
                  {"00 00 44 306 999 0123", kContained},
                  {"+353 03069990123", kContained}});
}

TEST(ListedNumbers, BlocksWhatIsHungOn) {
  expect_answers({{"03069990123 ext 12", kListed},
                  {"03069990123x12", kListed},
                  {"03069990123;ext=12", kListed},
                  {"03069990123,,1#", kListed},
                  {"03069990123#", kContained},
                  {"03069990123p1", kContained},
                  {"03069990123w1", kContained},
                  {"03069990123;1", kListed},
                  {"030699901234", kContained},  // a digit too many
                  {"03069990123999", kContained},
                  {"02079460123ppp5", "block closed_contained enforcement_london"},
                  {"999,,03069990123", kContained},  // behind an emergency number
                  {"999;03069990123", kContained},
                  {"07700900456,,03069990123", kContained},  // behind an open one
                  {"07700900456;ext=03069990123", kContained},
                  {"tel:+447700900456;postd=pp03069990123", kContained}});
}

TEST(ListedNumbers, BlocksAddresses) {
  expect_answers({{"tel:03069990123", kListed},
                  {"TEL:+44-306-999-0123;isub=1", kListed},
                  {"tel:+443069990123;ext=7", kListed},
                  {"tel:9990123;phone-context=+44306", kListed},
                  {"tel:999-0123;Phone-Context=+44-306", kContained},
                  {"tel:9990123;ext=1;phone-context=+44306", kListed},
                  {"tel:0123;phone-context=0306999", kContained},
                  {"tel:999;isub=0123;phone-context=+44306", kContained},
                  {"\"a;b\" <tel:9990123;phone-context=+44306>", kContained},
                  {"\"Desk 7\" <tel:9990123;phone-context=+44306>", kContained},
                  {"\"Desk 7\" <sip:9990123;phone-context=+44306@trunk.example>", kListed},
                  {"\"Desk 7\" <sip:0123;phone-context=0306999@trunk.example>", kContained},
                  {"tel:3069990123;phone-context=example.com", kListed},
                  {"tel:+447700900456;rn=+443069990123", kContained},
                  {"sip:03069990123@trunk.example", kListed},
                  {"sips:+443069990123@trunk.example;user=phone", kListed},
                  {"sip:9990123;phone-context=+44306@trunk.example;user=phone", kListed},
                  {"sip:14103069990123@192.0.2.7", kContained},
                  {"\"Desk\" <sip:03069990123@trunk.example>", kListed},
                  {"sip:03069990123", kListed},
                  {"sip:03069%40990123@trunk.example", kContained},
                  {"sip:alice@03069990123", kContained},
                  {"sip:03069990123@a@192.0.2.7", kContained},
                  {"sip:999@trunk.example;maddr=03069990123", kContained},
                  {"sip:999@trunk.example?Route=%3Csip:03069990123@x%3E", kListed}});
}

TEST(ListedNumbers, BlocksEncodedDigitsHoweverOften) {
  expect_answers({{"%30306999012%33", kListed},
                  {"sip:%2B443069990123@trunk.example", kListed},
                  {"sip:%2530306999%2530123@trunk.example", kListed},
                  {"%25252530306999012%252533", kListed},
                  {"％３０306999012％３３", kListed},  // with a full-width percent sign
                  {"tel:9990123%3Bphone-context%3D%2B44306", kListed},
                  // Two who read it in different ways: one decodes, one drops the sign.
                  {"0%3069990123", kContained},
                  {"0306%39990123", kListed}});
}

TEST(ListedNumbers, AllowsEmergencyAndShortNumbersAlone) {
  for (const char* dialled :
       {"999", "112", "101", "111", "105", "119", "18000", "116123", "116 000", "118500", "159",
        " 999 ", "tel:999", "TEL:112", "sip:999@trunk.example", "sips:101@192.0.2.7:5061",
        "sip:112@[2001:db8::1]", "sip:999@trunk.example;user=phone"}) {
    EXPECT_EQ(answer(dialled), "allow emergency_or_short") << dialled;
  }
  // The host's address has the digits of a closed number.
  const auto numbers = ListedNumbers::make({{"+442079460123", kLondonDesk, true}});
  EXPECT_EQ(numbers->screen("sip:999@207.94.60.123").why, Why::emergency_or_short);
  EXPECT_EQ(numbers->screen("sip:0306@207.94.60.123").why, Why::not_listed);
}

TEST(ListedNumbers, NothingRidesOnAnEmergencyNumber) {
  expect_answers({{"tel:999;phone-context=+443069990123", kContained},
                  {"tel:999;phone-context=+44306", kOther},  // +44306999, no closed number
                  {"999 03069990123", kContained},
                  {"sip:999;phone-context=+443069990123@trunk.example", kContained},
                  {"sip:999@03069990123", kContained},
                  {"sip:999@x;maddr=0306999%30123", kContained},
                  {"sip:999%2C%2C03069990123@trunk.example", kContained},
                  {"+999", kOther},
                  {"9999", kOther},  // an outside line, then 999
                  {"141999", kOther},
                  {"99９", kOther},
                  {"116", kOther},
                  {"1161234", kOther}});
}

TEST(ListedNumbers, AllowsOpenNumbers) {
  const std::string to_authority = "allow open_listed competent_authority";
  for (const char* dialled :
       {"07700900456", "+44 7700 900456", "0044 7700 900 456", "+44 (0)7700 900456",
        "tel:+447700900456", "sip:07700900456@trunk.example"}) {
    EXPECT_EQ(answer(dialled), to_authority) << dialled;
  }
  expect_answers({{"+1 306 999 0123", "allow open_listed office_abroad"},
                  {"0013069990123", "allow open_listed office_abroad"},
                  {"13069990123", kContained},
                  {"+1 306 999 0123 ext 4", kContained},
                  {"+1 1 306 999 0123", kContained},  // libphonenumber takes it for the same
                  {"07700900456 ext 12", kOther},     // allowed too
                  {"14107700900456", kOther}});
}

TEST(ListedNumbers, AllowsOtherNumbers) {
  for (const char* dialled :
       {"020 7946 0999", "0500 9990123", "0306 999 012", "306999012", "9990123", "7946 0123",
        "+44 1632 960123", "07700 900123", "0306 999 0132", "03069991123", "+33 1 99 00 12 34",
        "123", "sip:reception@force.example", "sip:alice.smith7@force.example", "*#06#",
        "sip:4021@203.0.113.9", "30 69 99 01 24", "0 306 999 0 1 2",
        "tel:4021;phone-context=+441632"}) {
    EXPECT_EQ(answer(dialled), kOther) << dialled;
  }
}

TEST(ListedNumbers, BlocksWhatCannotBeRead) {
  const std::string unreadable = "block unreadable";
  EXPECT_EQ(answer(""), unreadable);
  EXPECT_EQ(answer("   "), unreadable);
  EXPECT_EQ(answer("+"), unreadable);
  EXPECT_EQ(answer("***"), unreadable);
  EXPECT_EQ(answer("0770\xff"), unreadable);
  EXPECT_EQ(answer("0770%ff"), unreadable);
  EXPECT_EQ(answer("%2B"), unreadable);
  EXPECT_EQ(answer(std::string(kLongestDialled + 1, '1')), unreadable);
  EXPECT_EQ(answer(std::string(kLongestDialled, '1')), kOther);
  EXPECT_EQ(answer("%2525252525252530"), kOther);  // eight times over
  EXPECT_EQ(answer("%252525252525252530"), unreadable);
  EXPECT_EQ(answer(std::string("0306\0009990123", 12)), kContained);
}

// However much is put around it.
TEST(ListedNumbers, BlocksInLongTexts) {
  const std::string much(200, '7');
  EXPECT_EQ(answer(much + "03069990123"), kContained);
  EXPECT_EQ(answer("03069990123" + much), kContained);
  EXPECT_EQ(answer("tel:9990123;x=" + much + ";phone-context=+44306"), kContained);
  EXPECT_EQ(answer("07700900456;x=" + much), kOther);
  EXPECT_EQ(answer("0770" + std::string(150, ' ') + "0900456"), kOther);
}

TEST(ListedNumbers, AnswersSeveralThreads) {
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&wrong] {
      for (int n = 0; n < 200; ++n) {
        wrong += answer("141 0306 999 О123") != kContained;
        wrong += answer("+44 20 7946 0999") != kOther;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(ListedNumbers, SaysNothingOfWhatItScreens) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  for (const char* dialled : {"03069990123", "O3O6", "+999999999999999999", "\xff", "999"}) {
    (void)sample().screen(dialled);
  }
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(ListedNumbers, RefusesAListThatCannotBeTrusted) {
  const auto message = [](std::vector<ListedNumber> list) {
    const auto made = ListedNumbers::make(std::move(list));
    return made ? std::string() : made.error().text();
  };
  EXPECT_NE(message({}).find("holds no closed telephone number"), std::string::npos);
  EXPECT_NE(message({{"+447700900456", kAuthority, false}}).find("holds no closed"),
            std::string::npos);
  EXPECT_NE(message({{"+443069990123", kDesk, true}, {"+443069990123", kAuthority, false}})
                .find("number 2 of the list: The number is listed as closed and as open."),
            std::string::npos);
  EXPECT_NE(message({{"03069990123", kDesk, true}}).find("not in its international form"),
            std::string::npos);
  EXPECT_NE(message({{"999", kDesk, true}}).find("must always connect"), std::string::npos);
  EXPECT_EQ(message({{"+443069990123", kDesk, true}, {"+443069990123", kLondonDesk, true}}), "");
}

// A closed number, spelt at random in the ways that must all be blocked.
std::string drawn_spelling() {
  const std::vector<std::string> before = {"",      "0",       "+44",  "0044",  "+44 (0)",
                                           "141 0", "1470 0",  "9,0",  "*31#0", "011 44",
                                           "sip:0", "tel:+44", "tel:0"};
  const std::vector<std::string> between = {"",  "",       "",       " ", "-",
                                            ".", "\u00a0", "\u200b", "(", "p"};
  const std::vector<std::string> behind = {"",     "4",      " ext 12", "p1",
                                           ",,1#", ";ext=9", "@pbx",    "@192.0.2.7"};
  const std::vector<std::vector<std::string>> instead = {{"0", "O", "o", "%30", "%2530", "０", "٠"},
                                                         {"1", "l", "I", "|", "%31", "１"},
                                                         {"2", "A", "c", "%32", "２"},
                                                         {"3", "D", "%2533", "३"},
                                                         {"4", "G"},
                                                         {"5", "J"},
                                                         {"6", "M", "o", "%36", "６"},
                                                         {"7", "P", "s", "７"},
                                                         {"8", "T"},
                                                         {"9", "W", "z", "%39", "９", "⑨"}};
  const std::string number = *rc::gen::element<std::string>("3069990123", "2079460123");
  std::string out = *rc::gen::elementOf(before);
  for (const char c : number) {
    const auto& forms = instead.at(static_cast<size_t>(c - '0'));
    const bool as_it_is = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
    out += as_it_is ? std::string(1, c) : *rc::gen::elementOf(forms);
    out += *rc::gen::elementOf(between);
  }
  return out + *rc::gen::elementOf(behind);
}

RC_GTEST_PROP(ListedNumbers, BlocksEverySpelling, ()) {
  const std::string dialled = drawn_spelling();
  RC_ASSERT(!sample().screen(dialled).allowed);
}

// The rules gone through the plainest way; nothing where that would take too long.
std::optional<bool> plainly_blocked(const std::string& dialled) {
  const auto readings = readings_of(dialled);
  if (!readings) return true;
  for (const std::string& reading : *readings) {
    for (const std::string& part : parts_of(reading)) {
      const auto strings = testing::digit_strings(part, 2'000);
      if (!strings) return std::nullopt;
      for (const ListedNumber& listed : sample_list()) {
        const std::string national = listed.e164.substr(listed.e164.starts_with("+44") ? 3 : 2);
        if (listed.closed && testing::contains(*strings, national)) return true;
      }
    }
  }
  return false;
}

RC_GTEST_PROP(ListedNumbers, AgreesWithThePlainestWay, ()) {
  std::string dialled = drawn_spelling();
  // Something happens to it, so that about half are no longer the number.
  const auto at = *rc::gen::inRange<size_t>(0, dialled.size());
  dialled.replace(
      at, *rc::gen::inRange<size_t>(0, 3),
      *rc::gen::element<std::string>("", "7", "0", "%", "@", ";phone-context=+44", "O"));
  const Screening screening = sample().screen(dialled);
  const auto slow = plainly_blocked(dialled);
  RC_PRE(slow.has_value());
  RC_TAG(screening.why == Why::not_listed ? "allowed" : "blocked");
  if (screening.why == Why::emergency_or_short || screening.why == Why::open_listed) return;
  // libphonenumber may know more than the digits; it never makes anything allowed.
  RC_ASSERT(screening.why == Why::closed_listed || screening.allowed == !*slow);
}

}  // namespace
}  // namespace firebreak::phone
