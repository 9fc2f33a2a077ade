// SPDX-License-Identifier: Apache-2.0
// Whether a call may be made: screens what was dialled against the listed numbers. Closed numbers
// are those of enforcement recipients; open ones those of others, such as a competent authority,
// and always connect. Needs no network and no register, so that it answers when both are down.
//
//   const auto numbers = ListedNumbers::make({{"+443069990123", "enforcement_desk", true}});
//   numbers->screen("141 0306 999 0123");     // block, closed_contained, enforcement_desk
//   numbers->screen("999");                   // allow, emergency_or_short
//
// The rules, in this order:
//   1. An emergency or short number, and nothing else, is allowed.
//   2. An open number, written plainly and with nothing hung on to it, is allowed.
//   3. What libphonenumber, dialling in the United Kingdom, takes for a closed number is blocked.
//   4. What can be read so that it contains a closed number without its country's code is blocked
//      (dialled_text.h says how widely it is read): prefixes to withhold the caller's number or to
//      reach a line, overdialling, other countries' prefixes, pauses, extensions.
//   5. What cannot be read is blocked: no proper call looks like that, and emergency numbers came
//      first. A name without a digit, such as sip:reception@…, can be read and is allowed.
//   6. Everything else is allowed: a police force must be able to telephone.
//
// Rule 4 also blocks another country's number with the same digits (+1 306 999 0123 beside
// +44 306 999 0123). Where it must be reached, it is listed as open.
//
// Nothing here keeps or logs what was dialled. `screen` may be called from several threads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "channel/phone/dialled_text.h"
#include "channel/phone/number_finder.h"

namespace firebreak::phone {

struct ListedNumber {
  std::string e164;         // as normal_e164 gives it (uk_numbers.h)
  std::string destination;  // whose it is
  bool closed = true;       // an enforcement recipient's: no call may reach it
};

enum class Why {
  emergency_or_short,  // allowed: rule 1
  open_listed,         // allowed: rule 2
  closed_listed,       // blocked: rule 3
  closed_contained,    // blocked: rule 4
  unreadable,          // blocked: rule 5
  not_listed,          // allowed: rule 6
};

// As programs read it: "closed_listed".
std::string_view name(Why why);

struct Screening {
  bool allowed = false;
  Why why = Why::unreadable;
  std::string destination;  // of the listed number; empty when none decided
};

class ListedNumbers {
 public:
  // Error: bad_input, with the number's place in the list, for a number that is not in its normal
  // form or is both open and closed; and for a list without a closed number: an empty list is a
  // fault to be mended, never leave to call anyone.
  static Result<ListedNumbers> make(std::vector<ListedNumber> numbers);

  // Takes any bytes.
  [[nodiscard]] Screening screen(std::string_view dialled) const;

 private:
  // Country's code and national number.
  using Key = std::pair<int, uint64_t>;
  using Index = uint32_t;

  Result<void> add(Index index);
  [[nodiscard]] const ListedNumber* closed_in(std::string_view part) const;
  [[nodiscard]] const ListedNumber* open(const PlainCall& call) const;
  [[nodiscard]] const ListedNumber* parsed_as_closed(std::string_view reading) const;

  std::vector<ListedNumber> numbers_;
  std::map<Key, Index> by_key_;
  NumberFinder closed_;  // national numbers
};

}  // namespace firebreak::phone
