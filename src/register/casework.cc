// SPDX-License-Identifier: Apache-2.0
#include "register/casework.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <map>
#include <span>

#include "policy/source.h"
#include "register/draft.h"

namespace firebreak::record {
namespace {

using CaseworkWords = std::initializer_list<std::string_view>;

constexpr std::array<std::string_view, 4> kClasses = {"none", "lower_level", "other", "high_harm"};

bool is_one_of(const Json& value, CaseworkWords words) {
  return value.is_string() &&
         std::find(words.begin(), words.end(), value.get<std::string_view>()) != words.end();
}

bool is_short(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().size() <= kMaxShortText;
}

bool is_long(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().size() <= kMaxDraftText;
}

bool is_grade(const Json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return text.size() == 2 && text[0] >= '1' && text[0] <= '3' && text[1] >= 'A' && text[1] <= 'E';
}

// A year, a month or a day: records of other countries often hold no more than a year.
bool is_part_of_date(const Json& value) {
  if (!value.is_string()) return false;
  std::string text = value.get<std::string>();
  if (text.size() == 4 || text.size() == 7) text += text.size() == 4 ? "-01-01" : "-01";
  return parse_day(text).ok();
}

bool is_day(const Json& value) { return value.is_string() && parse_day(value.get<std::string>()); }

bool is_minute(const Json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return text.size() == 16 && text[10] == 'T' && parse_day(text.substr(0, 10)).ok() &&
         parse_instant(text + ":00Z").ok();
}

bool is_role(const Json& value) {
  return is_one_of(value, {"none", "victim", "witness", "reporter", "suspect"});
}

bool is_hours(const Json& value) {
  return value.is_number_integer() && value >= 0 && value <= 24 * 3660;
}

using MemberCheck = std::function<bool(const Json&)>;
using Members = std::map<std::string, MemberCheck>;

const Members& history_members() {
  static const Members members = {
      {"kind",
       [](const Json& v) { return is_one_of(v, {"conviction", "allegation", "none_known"}); }},
      {"offence", is_short},
      {"date", is_part_of_date},
      {"place", is_short},
      {"source", is_short},
      {"reliability", is_grade},
      {"equivalence", is_short},
      {"class", [](const Json& v) { return is_one_of(v, {"lower_level", "other", "high_harm"}); }},
      {"classed_by", is_short}};
  return members;
}

const Members& role_change_members() {
  static const Members members = {
      {"hours_before", is_hours}, {"from", is_role}, {"to", is_role}, {"office", is_short}};
  return members;
}

bool has_form(const Json& value, const Members& members) {
  return value.is_object() &&
         std::all_of(value.items().begin(), value.items().end(), [&](const auto& item) {
           const auto known = members.find(item.key());
           return known != members.end() && known->second(item.value());
         });
}

bool is_list_of(const Json& value, const Members& members) {
  return value.is_array() && value.size() <= kMaxCaseworkEntries &&
         std::all_of(value.begin(), value.end(),
                     [&](const Json& entry) { return has_form(entry, members); });
}

bool is_answers(const Json& value) {
  if (!value.is_object()) return false;
  for (const auto& [name, answer] : value.items()) {
    if (std::find(kIndicators.begin(), kIndicators.end(), name) == kIndicators.end()) return false;
    if (!is_one_of(answer, {"yes", "no", "not_known"})) return false;
  }
  return true;
}

bool is_assurance(const Json& value) {
  if (value == "none_held") return true;
  return has_form(value, {{"code", [](const Json& code) {
                             return is_short(code) && !code.get_ref<const std::string&>().empty();
                           }}});
}

const Members& casework_members() {
  static const Members members = {
      {"history", [](const Json& v) { return is_list_of(v, history_members()); }},
      {"role_changes", [](const Json& v) { return is_list_of(v, role_change_members()); }},
      {"indicators",
       [](const Json& v) {
         return has_form(v, {{"checked_on", is_day}, {"answers", is_answers}});
       }},
      {"assurance", is_assurance},
      {"less_intrusive", is_long},
      {"urgent",
       [](const Json& v) { return has_form(v, {{"reason", is_long}, {"needed_by", is_minute}}); }}};
  return members;
}

bool is_plain(std::string_view text) {
  while (!text.empty()) {
    const size_t length = policy::utf8_length(text);
    if (length == 0) return false;
    const bool layout = text[0] == '\t' || text[0] == '\n' || text[0] == '\r';
    if (!layout && policy::deceives(policy::code_point(text))) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_blank(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return true;
  return found->is_string() &&
         found->get_ref<const std::string&>().find_first_not_of(" \t\r\n") == std::string::npos;
}

bool has_all(const Json& entry, std::span<const char* const> names) {
  return std::none_of(names.begin(), names.end(),
                      [&](const char* name) { return is_blank(entry, name); });
}

// A kind, and for what is known everything that R20's deciders must be able to weigh.
bool is_whole(const Json& entry) {
  static constexpr std::array<const char*, 5> kKnown = {"offence", "date", "place", "source",
                                                        "reliability"};
  static constexpr std::array<const char*, 3> kClassed = {"equivalence", "class", "classed_by"};
  const auto kind = entry.value("kind", "");
  if (kind == "none_known") return entry.size() == 1;
  if (kind == "allegation") return has_all(entry, kKnown) && !entry.contains("class");
  return kind == "conviction" && has_all(entry, kKnown) && has_all(entry, kClassed);
}

std::optional<Lack> lack_of_history(const Draft& draft) {
  const Json history = draft.casework.value("history", Json::array());
  const auto fact = draft.facts.value("overseas_offending", Json());
  if (history.empty() && (fact.is_null() || fact == "none")) return std::nullopt;
  if (history.empty()) return Lack{Refusal::history_missing, "history"};
  if (!std::all_of(history.begin(), history.end(), is_whole))
    return Lack{Refusal::history_incomplete, "history"};
  const bool nothing = std::any_of(history.begin(), history.end(), [](const Json& entry) {
    return entry.at("kind") == "none_known";
  });
  if ((nothing && history.size() > 1) || (!fact.is_null() && fact != highest_class(history)))
    return Lack{Refusal::history_disagrees, "history"};
  return std::nullopt;
}

bool role_includes(const Draft& draft, const char* role) {
  const Json roles = draft.facts.value("role", Json::array());
  if (roles.is_object()) return roles.value(role, Json()) == true;  // given singly
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

std::optional<Lack> lack_about_a_suspect(const Draft& draft, Day today) {
  const Json changes = draft.casework.value("role_changes", Json());
  static constexpr std::array<const char*, 4> kWhole = {"hours_before", "from", "to", "office"};
  const bool told =
      changes.is_array() && std::all_of(changes.begin(), changes.end(),
                                        [](const Json& change) { return has_all(change, kWhole); });
  if (!told) return Lack{Refusal::role_changes_missing, "role_changes"};
  const Json indicators = draft.casework.value("indicators", Json::object());
  const Json answers = indicators.value("answers", Json::object());
  const auto checked = parse_day(indicators.value("checked_on", ""));
  if (answers.size() != kIndicators.size() || !checked || *checked > today)
    return Lack{Refusal::indicators_missing, "indicators"};
  const bool found = std::any_of(answers.begin(), answers.end(),
                                 [](const Json& answer) { return answer == "yes"; });
  const bool treated =
      role_includes(draft, "victim") || draft.facts.value("victim_elsewhere", Json()) != "no";
  if (found && !treated) return Lack{Refusal::indicators_disagree, "indicators"};
  return std::nullopt;
}

}  // namespace

Result<void> check_casework(const Json& casework) {
  for (const auto& [name, value] : casework.items()) {
    const auto known = casework_members().find(name);
    if (known == casework_members().end())
      return bad_input("A draft has a member that it should not have.");
    if (!known->second(value)) {
      return bad_input("This member is not of the form that it should have.", name,
                       "docs/referrals.md says what it holds.");
    }
  }
  return {};
}

Result<void> check_nothing_hides(const Json& content) {
  if (content.is_string()) {
    if (is_plain(content.get_ref<const std::string&>())) return {};
    return bad_input("A text holds a character that hides other text or changes its direction.", {},
                     "Type the text again without it.");
  }
  if (!content.is_structured()) return {};
  for (const auto& [name, value] : content.items()) {
    const bool named = content.is_object();
    if (named && !is_plain(name)) return check_nothing_hides(Json(name));
    auto checked = check_nothing_hides(value);
    if (checked) continue;
    Error error = checked.error();
    // A name from outside is repeated only where it is one of ours.
    const bool ours = named && name.size() <= 40 &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
    if (ours) error.where = error.where.empty() ? name : name + "." + error.where;
    return error;
  }
  return {};
}

std::string_view highest_class(const Json& history) {
  size_t highest = 0;
  for (const Json& entry : history) {
    if (entry.value("kind", "") != "conviction") continue;
    const auto* found = std::find(kClasses.begin(), kClasses.end(), entry.value("class", "none"));
    highest = std::max(highest, static_cast<size_t>(found - kClasses.begin()));
  }
  return kClasses.at(highest);
}

std::optional<Lack> lack_of(const Draft& draft, const Terms& terms, bool enforcement, Day today) {
  if (!enforcement) return std::nullopt;
  if (auto lack = lack_of_history(draft)) return lack;
  if (role_includes(draft, "suspect")) {
    if (auto lack = lack_about_a_suspect(draft, today)) return lack;
  }
  const Json& casework = draft.casework;
  const Json urgent = casework.value("urgent", Json());
  if (!urgent.is_null() && (is_blank(urgent, "reason") || is_blank(urgent, "needed_by")))
    return Lack{Refusal::urgent_incomplete, "urgent"};
  if (terms.decision != "sign_off") return std::nullopt;
  if (is_blank(casework, "less_intrusive"))
    return Lack{Refusal::alternative_missing, "less_intrusive"};
  if (!casework.contains("assurance")) return Lack{Refusal::assurance_missing, "assurance"};
  return std::nullopt;
}

}  // namespace firebreak::record
