// SPDX-License-Identifier: Apache-2.0
#include "channel/phone/listed_numbers.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>
#include <optional>

#include "channel/phone/uk_numbers.h"

namespace firebreak::phone {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr int kUnitedKingdom = 44;
// libphonenumber's time grows with the square of a text's length: a fifth of a millisecond here.
// Longer texts are searched for closed numbers all the same.
constexpr size_t kLongestParsed = 100;

std::optional<PhoneNumber> parsed(const std::string& text) {
  if (text.size() > kLongestParsed) return std::nullopt;
  PhoneNumber number;
  const auto error = PhoneNumberUtil::GetInstance()->Parse(text, "GB", &number);
  if (error != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
  return number;
}

// Whether `digits` are the national number, alone or with what is dialled before it.
bool is_dialled_plainly(std::string_view digits, int country, const std::string& national) {
  if (!digits.ends_with(national)) return false;
  digits.remove_suffix(national.size());
  const std::string code = std::to_string(country);
  if (digits == code || digits == "00" + code) return true;
  if (country != kUnitedKingdom) return false;
  return digits.empty() || digits == "0" || digits == code + "0" || digits == "00" + code + "0";
}

Error in_list(size_t index, Error error) {
  error.where = "number " + std::to_string(index + 1) + " of the list";
  return error;
}

}  // namespace

std::string_view name(Why why) {
  constexpr std::array<std::string_view, 6> kNames{"emergency_or_short", "open_listed",
                                                   "closed_listed",      "closed_contained",
                                                   "unreadable",         "not_listed"};
  return kNames.at(static_cast<size_t>(why));
}

Result<ListedNumbers> ListedNumbers::make(std::vector<ListedNumber> numbers) {
  if (std::ranges::none_of(numbers, &ListedNumber::closed)) {
    return bad_input("The list holds no closed telephone number, so that no call would be blocked.",
                     {}, "List the telephone numbers of every enforcement recipient.");
  }
  ListedNumbers listed;
  listed.numbers_ = std::move(numbers);
  for (Index i = 0; i < listed.numbers_.size(); ++i) {
    FB_CHECK(listed.add(i));
  }
  return listed;
}

Result<void> ListedNumbers::add(Index index) {
  const ListedNumber& added = numbers_[index];
  const auto normal = normal_e164(added.e164);
  if (!normal) return in_list(index, normal.error());
  if (*normal != added.e164) {
    return in_list(index, bad_input("The number is not in its international form.", {},
                                    "Write + and the country's code before it."));
  }
  const auto number = parsed(added.e164);
  if (!number) return in_list(index, internal_error("A valid number could not be read."));
  const auto [at, is_new] =
      by_key_.emplace(Key{number->country_code(), number->national_number()}, index);
  if (!is_new && numbers_[at->second].closed != added.closed) {
    return in_list(index, bad_input("The number is listed as closed and as open.", {},
                                    "Decide which, and take the other out."));
  }
  if (added.closed) closed_.add(std::to_string(number->national_number()), index);
  return {};
}

const ListedNumber* ListedNumbers::closed_in(std::string_view part) const {
  const auto found = closed_.find(symbols_of(part));
  return found ? &numbers_[*found] : nullptr;
}

const ListedNumber* ListedNumbers::open(const PlainCall& call) const {
  const auto number = parsed(call.number);
  if (!number) return nullptr;
  const auto at = by_key_.find({number->country_code(), number->national_number()});
  if (at == by_key_.end() || numbers_[at->second].closed) return nullptr;
  const bool plain = is_dialled_plainly(digits_of(call.number), number->country_code(),
                                        std::to_string(number->national_number()));
  return plain ? &numbers_[at->second] : nullptr;
}

const ListedNumber* ListedNumbers::parsed_as_closed(std::string_view reading) const {
  const auto number = parsed(as_tel(reading));
  if (!number) return nullptr;
  const auto at = by_key_.find({number->country_code(), number->national_number()});
  return at != by_key_.end() && numbers_[at->second].closed ? &numbers_[at->second] : nullptr;
}

Screening ListedNumbers::screen(std::string_view dialled) const {
  const auto plain = plain_call(dialled);
  if (plain && closed_in(plain->host) == nullptr) {
    const bool has_plus = plain->number.find('+') != std::string::npos;
    if (!has_plus && is_emergency_or_short(digits_of(plain->number))) {
      return {true, Why::emergency_or_short, {}};
    }
    if (const auto* to = open(*plain)) return {true, Why::open_listed, to->destination};
  }
  const auto readings = readings_of(dialled);
  if (!readings) return {false, Why::unreadable, {}};
  for (const std::string& reading : *readings) {
    if (const auto* to = parsed_as_closed(reading)) {
      return {false, Why::closed_listed, to->destination};
    }
  }
  for (const std::string& reading : *readings) {
    for (const std::string& part : parts_of(reading)) {
      if (const auto* to = closed_in(part)) return {false, Why::closed_contained, to->destination};
    }
  }
  return {true, Why::not_listed, {}};
}

}  // namespace firebreak::phone
