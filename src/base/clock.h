// SPDX-License-Identifier: Apache-2.0
// Time enters the program here and nowhere else, so that every test is repeatable.
//
//   SystemClock clock;
//   Instant now = clock.now();
//   format_instant(now);            // "2026-11-22T09:30:00.000000Z"
//   format_day(london_day(now));    // "2026-11-22", the day in Europe/London
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firebreak {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Day = std::chrono::year_month_day;

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

// A clock that stands still until it is moved. For tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  [[nodiscard]] Instant now() const override { return now_; }
  void set(Instant now) { now_ = now; }
  void advance(std::chrono::microseconds by) { now_ += by; }

 private:
  Instant now_;
};

// RFC 3339 in UTC with microseconds.
std::string format_instant(Instant instant);
// Takes RFC 3339 in UTC ("…Z"), with up to six digits of fraction. Error: bad_input.
Result<Instant> parse_instant(std::string_view text);

// The calendar day in Europe/London, where British Summer Time runs from 01:00 UTC on the last
// Sunday of March to 01:00 UTC on the last Sunday of October (The Summer Time Order 2002, SI
// 2002/262).
Day london_day(Instant instant);
// The instant at which a Europe/London day begins.
Instant london_midnight(Day day);

// ISO 8601 calendar date, "2026-11-22".
std::string format_day(Day day);
// Error: bad_input when the text is not a date that exists.
Result<Day> parse_day(std::string_view text);

}  // namespace firebreak
