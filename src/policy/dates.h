// SPDX-License-Identifier: Apache-2.0
// The dates that a policy's text carries: the days on which it may be in force, and the day by
// which somebody is to review it. Days are Europe/London days, first and last inclusive.
//
//   policy->in_force().covers(london_day(clock.now()));
//   if (const auto notice = review_notice(policy->review_by(), today)) warn(*notice);
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"

namespace firebreak::policy {

// What `in force from … until …` says. Without a first or last day it is open at that end; a text
// without the line may be in force on any day.
struct InForce {
  std::optional<Day> from;
  std::optional<Day> until;

  [[nodiscard]] bool covers(Day day) const;
  // Whether every day of the other is a day of this.
  [[nodiscard]] bool covers(const InForce& other) const;
  bool operator==(const InForce&) const = default;
};

// "from 2026-01-01 until 2026-12-31"; "on any day".
std::string text(const InForce& days);
// Whether some day is a day of both.
bool overlap(const InForce& a, const InForce& b);

// How many days before its day a review is warned of.
constexpr int kReviewNoticeDays = 60;

// What to say on `today` about the review: that it is due within kReviewNoticeDays, or overdue.
// Nothing when it is further off, or when the text names no day.
std::optional<std::string> review_notice(const std::optional<Day>& review_by, Day today);

// From a to b; negative when b is before a.
int days_between(Day a, Day b);

}  // namespace firebreak::policy
