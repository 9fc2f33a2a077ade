// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using policy::Attribute;
using policy::AttributeKind;

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_chosen(const std::vector<std::string>& chosen, const std::string& value) {
  return std::find(chosen.begin(), chosen.end(), value) != chosen.end();
}

Json option_items(const std::vector<Option>& all, const std::vector<std::string>& chosen,
                  bool dividers) {
  Json items = Json::array();
  bool divided = false;
  for (const Option& option : all) {
    // An error summary links to the first choice, by the name of the field.
    const std::string id = items.empty() ? "answer" : "answer-" + std::to_string(items.size() + 1);
    Json item = {{"ID", id}, {"VALUE", option.value}, {"LABEL", option.label}};
    if (is_chosen(chosen, option.value)) item["CHOSEN"] = true;
    if (option.exclusive) item["EXCLUSIVE"] = true;
    if (option.exclusive && dividers && !divided) item["DIVIDER"] = divided = true;
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

Json question_view(const policy::Policy& policy, const Walk& walk,
                   const std::vector<std::string>& chosen, const std::string& error) {
  const Attribute& attribute = *walk.next;
  const bool set = attribute.kind == AttributeKind::any_of;
  Json model = {
      {"TITLE", attribute.question},
      {"QUESTION", attribute.question},
      {"ACTION", "/question/" + attribute.name},
      {"BACK",
       {{"LINK", walk.steps.empty() ? "/" : "/question/" + walk.steps.back().attribute->name}}}};
  std::string described;
  std::string hint = attribute.hint;
  // A hint that says itself how to choose is left alone.
  if (set && hint.find("Select") == std::string::npos) {
    hint += (hint.empty() ? "" : " ") + std::string("Select all that apply.");
  }
  if (!hint.empty()) {
    model["QUESTION_HINT"] = {{"TEXT", hint}};
    described = "answer-hint";
  }
  if (!error.empty()) {
    model["HAS_ERRORS"] = true;
    model["ERRORS"] = {{{"MESSAGE", error}, {"PLACE", {{"ID", "answer"}}}}};
    model["ERROR"] = {{"MESSAGE", error}};
    described += described.empty() ? "answer-error" : " answer-error";
  }
  if (!described.empty()) model["DESCRIBED"] = {{"BY", described}};
  Json items = option_items(options(policy, walk), chosen, true);
  model[set ? "ANY_OF" : "ONE_OF"] = {{"OPTION", std::move(items)}};
  return model;
}

std::vector<std::string> chosen_values(const Json& answer) {
  if (answer.is_null()) return {kNotKnown};
  if (answer.is_boolean()) return {answer.get<bool>() ? "yes" : "no"};
  if (answer.is_string()) return {answer.get<std::string>()};
  if (answer.is_array() && answer.empty()) return {kNone};
  std::vector<std::string> values;
  for (const Json& value : answer) values.push_back(value.get<std::string>());
  return values;
}

std::string say_day(Day day) {
  return std::to_string(unsigned(day.day())) + " " + kMonths[unsigned(day.month()) - 1] + " " +
         std::to_string(int(day.year()));
}

std::string say_time(Instant instant) {
  using namespace std::chrono_literals;
  const auto utc_day = std::chrono::floor<std::chrono::days>(instant);
  // London is an hour ahead of UTC when 23:30 UTC is already its next day. The clocks change at
  // 01:00 UTC, so before that hour it is the evening before that tells.
  const bool before_change = instant - utc_day < 1h;
  const Instant tells = before_change ? utc_day - 30min : utc_day + 23h + 30min;
  const bool summer =
      std::chrono::sys_days(london_day(tells)) != std::chrono::floor<std::chrono::days>(tells);
  const Instant local = instant + (summer ? 1h : 0h);
  const Day day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss clock(
      std::chrono::floor<std::chrono::minutes>(local - std::chrono::sys_days(day)));
  const auto hours = clock.hours().count();
  const auto minutes = clock.minutes().count();
  return say_day(day) + ", " + std::to_string(hours % 12 == 0 ? 12 : hours % 12) +
         (minutes < 10 ? ":0" : ":") + std::to_string(minutes) + (hours < 12 ? "am" : "pm");
}

}  // namespace firebreak::web
