// SPDX-License-Identifier: Apache-2.0
// The slow, obvious way to find a listed number in a part of what was dialled: every digit string
// that the part can be read as is written out and searched for every number. For comparing with
// NumberFinder.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "channel/phone/dialled_text.h"

namespace firebreak::phone::testing {

// Nothing when there are more than `most` at some character.
inline std::optional<std::set<std::string>> digit_strings(std::string_view part, size_t most) {
  std::set<std::string> strings{""};
  for (const DialledSymbol symbol : symbols_of(part)) {
    if (symbol.digits == 0) continue;
    std::set<std::string> longer;
    if (symbol.may_be_dropped) longer = strings;
    for (const std::string& string : strings) {
      for (unsigned digit = 0; digit < 10; ++digit) {
        if (((symbol.digits >> digit) & 1U) != 0) longer.insert(string + std::to_string(digit));
      }
    }
    if (longer.size() > most) return std::nullopt;
    strings = std::move(longer);
  }
  return strings;
}

inline bool contains(const std::set<std::string>& strings, const std::string& number) {
  for (const std::string& string : strings) {
    if (string.find(number) != std::string::npos) return true;
  }
  return false;
}

}  // namespace firebreak::phone::testing
