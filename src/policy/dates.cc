// SPDX-License-Identifier: Apache-2.0
#include "policy/dates.h"

#include <algorithm>

namespace firebreak::policy {
namespace {

constexpr Day kFirstDay{std::chrono::year{0}, std::chrono::month{1}, std::chrono::day{1}};
constexpr Day kLastDay{std::chrono::year{9999}, std::chrono::month{12}, std::chrono::day{31}};

Day first_of(const InForce& days) { return days.from.value_or(kFirstDay); }
Day last_of(const InForce& days) { return days.until.value_or(kLastDay); }

std::string in_days(int count) { return std::to_string(count) + (count == 1 ? " day" : " days"); }

}  // namespace

bool InForce::covers(Day day) const { return first_of(*this) <= day && day <= last_of(*this); }

bool InForce::covers(const InForce& other) const {
  return first_of(*this) <= first_of(other) && last_of(other) <= last_of(*this);
}

std::string text(const InForce& days) {
  std::string out;
  if (days.from) out = "from " + format_day(*days.from);
  if (days.until) out += (out.empty() ? "until " : " until ") + format_day(*days.until);
  return out.empty() ? "on any day" : out;
}

bool overlap(const InForce& a, const InForce& b) {
  return std::max(first_of(a), first_of(b)) <= std::min(last_of(a), last_of(b));
}

int days_between(Day a, Day b) {
  return static_cast<int>((std::chrono::sys_days(b) - std::chrono::sys_days(a)).count());
}

std::optional<std::string> review_notice(const std::optional<Day>& review_by, Day today) {
  if (!review_by) return std::nullopt;
  const int left = days_between(today, *review_by);
  if (left > kReviewNoticeDays) return std::nullopt;
  const std::string day = format_day(*review_by);
  if (left < 0) {
    return "This policy was to be reviewed by " + day + ", " + in_days(-left) +
           " ago. Review it, and give the text a new day.";
  }
  return "This policy is to be reviewed by " + day + ": " +
         (left == 0 ? "that is today." : in_days(left) + (left == 1 ? " is left." : " are left."));
}

}  // namespace firebreak::policy
