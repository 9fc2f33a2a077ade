// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace firebreak {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::sys_days;

Instant change_of_clocks(std::chrono::year year, std::chrono::month month) {
  return sys_days{year / month / std::chrono::Sunday[std::chrono::last]} + hours{1};
}

bool summer_time(Instant instant) {
  const auto year = Day{floor<days>(instant)}.year();
  return instant >= change_of_clocks(year, std::chrono::March) &&
         instant < change_of_clocks(year, std::chrono::October);
}

// Reads exactly `width` digits; -1 when they are not all digits.
int digits(std::string_view text, size_t at, size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (char c : text.substr(at, width)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

Instant SystemClock::now() const { return floor<microseconds>(std::chrono::system_clock::now()); }

std::string format_day(Day day) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return out.data();
}

std::string format_instant(Instant instant) {
  const auto day = floor<days>(instant);
  const std::chrono::hh_mm_ss time{instant - day};
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "T%02d:%02d:%02d.%06dZ",
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return format_day(Day{day}) + out.data();
}

Result<Day> parse_day(std::string_view text) {
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const bool shape =
      text.size() == 10 && text[4] == '-' && text[7] == '-' && year >= 0 && month >= 0 && day >= 0;
  const Day out{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                std::chrono::day{static_cast<unsigned>(day)}};
  if (!shape || !out.ok()) {
    return bad_input("This is not a date.", {}, "Write a day that exists as YYYY-MM-DD.");
  }
  return out;
}

Result<Instant> parse_instant(std::string_view text) {
  const Error wrong =
      bad_input("This is not a time.", {}, "Write it in UTC as YYYY-MM-DDThh:mm:ssZ.");
  if (text.size() < 20 || text[10] != 'T' || text.back() != 'Z') return wrong;
  FB_TRY(const Day day, parse_day(text.substr(0, 10)));
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (text[13] != ':' || text[16] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 59) {
    return wrong;
  }
  int fraction = 0;
  if (text.size() > 20) {
    const size_t width = text.size() - 21;
    fraction = width >= 1 && width <= 6 && text[19] == '.' ? digits(text, 20, width) : -1;
    if (fraction < 0) return wrong;
    for (size_t i = width; i < 6; ++i) fraction *= 10;
  }
  return Instant{sys_days{day} + hours{hour} + std::chrono::minutes{minute} +
                 std::chrono::seconds{second} + microseconds{fraction}};
}

Day london_day(Instant instant) {
  return Day{floor<days>(instant + (summer_time(instant) ? hours{1} : hours{0}))};
}

Instant london_midnight(Day day) {
  const Instant utc = sys_days{day};
  return summer_time(utc - hours{1}) ? utc - hours{1} : utc;
}

}  // namespace firebreak
