// SPDX-License-Identifier: Apache-2.0
// Any bytes as what is dialled: nothing that plainly contains a closed number is allowed, the quick
// search finds what the slow one finds, and what is blocked stays blocked however it is encoded.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "channel/phone/listed_numbers.h"
#include "channel/phone/testing/plain_screening.h"

namespace {

using namespace firebreak::phone;

void require(bool holds) {
  if (!holds) std::abort();
}

// Whether some part can be read as holding a closed number; nothing where that takes too long.
std::optional<bool> holds_closed(std::string_view dialled) {
  const auto readings = readings_of(dialled);
  if (!readings) return true;
  for (const std::string& reading : *readings) {
    for (const std::string& part : parts_of(reading)) {
      const auto strings = testing::digit_strings(part, 1'000);
      if (!strings) return std::nullopt;
      for (const char* number : {"3069990123", "2079460123"}) {
        if (testing::contains(*strings, number)) return true;
      }
    }
  }
  return false;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return out;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer names it
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto numbers = ListedNumbers::make({{"+443069990123", "desk", true},
                                                   {"+442079460123", "london", true},
                                                   {"+13069990123", "abroad", false}});
  const std::string_view dialled(reinterpret_cast<const char*>(data), size);
  const Screening screening = numbers->screen(dialled);
  require(screening.allowed ==
          (screening.why == Why::emergency_or_short || screening.why == Why::open_listed ||
           screening.why == Why::not_listed));
  if (screening.why == Why::not_listed) {
    const std::string digits = digits_of(dialled);
    const bool address = dialled.find(':') != std::string_view::npos;  // hosts are read otherwise
    require(address || digits.find("3069990123") == std::string::npos);
    require(!holds_closed(dialled).value_or(false));
  }
  if (screening.why == Why::closed_contained) require(holds_closed(dialled).value_or(true));
  if (!screening.allowed && size * 3 <= kLongestDialled) {
    require(!numbers->screen(percent_encoded(dialled)).allowed);
  }
  return 0;
}
