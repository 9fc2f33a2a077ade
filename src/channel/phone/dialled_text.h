// SPDX-License-Identifier: Apache-2.0
// What a dialled text can mean, read as widely as any switch, gateway or handset could read it. A
// text has several readings (encoded characters decoded once, twice, …), a reading has several
// parts (the number, the host, a number put together from its phone-context), and a character of a
// part may stand for several digits, or for none.
//
//   const auto readings = readings_of(dialled);             // nothing: cannot be read
//   for (const std::string& reading : *readings)
//     for (const std::string& part : parts_of(reading))
//       const std::vector<DialledSymbol> symbols = symbols_of(part);
//
// A reading is UTF-8. Everything here is a pure function and keeps nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firebreak::phone {

// Longer texts are not read. A SIP address with all that telephones put behind it has a few
// hundred.
inline constexpr size_t kLongestDialled = 2048;

// One character. An ASCII digit is that digit and nothing else. Any other character may be dropped
// by what dials it; `digits` holds, one bit each, the digits that it could stand for: its decimal
// value in Unicode, the digit that it looks like (O, o: 0; l, I, i, |: 1; others by Unicode's list
// of confusable characters), and the key of a telephone that bears the letter.
struct DialledSymbol {
  uint16_t digits = 0;
  bool may_be_dropped = true;
};

// The text as it is, then with its compatibility forms (full-width, circled, …) made plain and its
// percent-encoding decoded, once, twice and so on until nothing changes. Nothing when the text is
// too long, is or becomes no UTF-8, is encoded more than eight times over, or in the end has no
// character that could stand for a digit.
std::optional<std::vector<std::string>> readings_of(std::string_view dialled);

// What of a reading may hold a number: all of it; or, of a SIP address, what stands before the last
// "@" and what stands behind it, without an IP address, whose digits are no number. And for each
// phone-context its value followed by the number that it belongs to.
std::vector<std::string> parts_of(std::string_view reading);

std::vector<DialledSymbol> symbols_of(std::string_view part);

// A call written the ordinary way, with nothing hung on to it: digits with spaces, dots, dashes,
// brackets and a plus alone, or `tel:` and such a number, or `sip:`, such a number, `@` and a host.
struct PlainCall {
  std::string number;  // as written, without blanks around it
  std::string host;    // empty when there is none or it is an IP address
};
std::optional<PlainCall> plain_call(std::string_view dialled);

// What libphonenumber is given: a SIP address as the `tel:` address of what stands before its "@".
std::string as_tel(std::string_view reading);

// The ASCII digits of a text.
std::string digits_of(std::string_view text);

}  // namespace firebreak::phone
