// SPDX-License-Identifier: Apache-2.0
#include "channel/phone/uk_numbers.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>

#include "channel/phone/dialled_text.h"

namespace firebreak::phone {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr uint64_t kSevenDigits = 1'000'000;  // the smallest

// The drama numbers that libphonenumber does not hold to be valid: 01632 960xxx and 07700 900xxx
// (https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama). It does the
// others.
bool is_for_drama(const PhoneNumber& number) {
  const uint64_t block = number.national_number() / 1000;
  return number.country_code() == 44 && (block == 1'632'960 || block == 7'700'900);
}

}  // namespace

bool is_emergency_or_short(std::string_view digits) {
  constexpr std::array<std::string_view, 11> kNumbers{"999", "112", "18000", "101", "105", "111",
                                                      "119", "159", "100",   "155", "195"};
  if (std::ranges::find(kNumbers, digits) != kNumbers.end()) return true;
  return digits.size() == 6 && (digits.starts_with("116") || digits.starts_with("118")) &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<std::string> normal_e164(std::string_view text) {
  const std::string what_to_do = "Write it as it is dialled, such as 0306 999 0123.";
  if (text.find_first_not_of("+0123456789 .-()") != std::string_view::npos) {
    return bad_input(
        "A telephone number holds digits, blanks, dots, dashes, brackets and one + alone.", {},
        what_to_do);
  }
  if (is_emergency_or_short(digits_of(text))) {
    return bad_input("This is an emergency or short number, which must always connect.", {},
                     "Leave it out of the list.");
  }
  const PhoneNumberUtil& library = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (library.Parse(std::string(text), "GB", &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
      (!library.IsValidNumber(number) && !is_for_drama(number))) {
    return bad_input("This is no telephone number that a network gives.", {}, what_to_do);
  }
  if (number.national_number() < kSevenDigits) {
    return bad_input("This telephone number is so short that others would hold it by chance.", {},
                     "List the whole number, with the country's code.");
  }
  std::string e164;
  library.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

}  // namespace firebreak::phone
