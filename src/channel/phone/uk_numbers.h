// SPDX-License-Identifier: Apache-2.0
// Telephone numbers as the United Kingdom writes and reserves them: which short ones must always
// connect, and which one an administrator may put on a list.
//
//   is_emergency_or_short("999");                    // true
//   normal_e164("(0306) 999 0123");                  // "+443069990123"
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace firebreak::phone {

// True for the numbers that a person in need, or anyone, dials as they are: 999, 112 and 18000
// (emergency; 18000 is Relay UK's), 101 (police), 105 (power cuts), 111 and 119 (health), 116xxx
// (helplines for missing children, victims of crime, children, health, people in despair), 159
// (bank fraud), 100 and 155 (operators), 195 and 118xxx (directories). After the access codes of
// Ofcom's National Telephone Numbering Plan. `digits`: all of what is dialled.
bool is_emergency_or_short(std::string_view digits);

// The one form under which a number is listed: E.164, with its "+". Taken are numbers that
// libphonenumber holds to be valid, dialled in the United Kingdom or with a country's code, and
// Ofcom's numbers for drama, which nobody has. Error: bad_input for anything else: other signs than
// digits, blanks, dots, dashes, brackets and one "+"; an emergency or short number; a number that
// no network gives, or with fewer than seven digits behind the country's code, which other numbers
// would hold by chance. No error repeats the number.
Result<std::string> normal_e164(std::string_view text);

}  // namespace firebreak::phone
