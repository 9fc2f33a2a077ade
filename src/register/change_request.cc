// SPDX-License-Identifier: Apache-2.0
#include "register/change_request.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "identity/held_days.h"
#include "register/force_settings.h"

namespace firebreak::record {
namespace {

using identity::Right;
using Lines = std::vector<ChangeLine>;

Result<std::string> member(const Json& request, const char* name) {
  const auto found = request.find(name);
  if (found == request.end() || !found->is_string() || found->get_ref<const std::string&>().empty())
    return bad_input("This member is missing or not a text.", name);
  return found->get<std::string>();
}

Result<std::string> optional_member(const Json& request, const char* name) {
  if (!request.contains(name) || request[name] == "") return std::string();
  return member(request, name);
}

Result<Day> day_member(const Json& request, const char* name) {
  FB_TRY(const std::string text, member(request, name));
  const auto day = parse_day(text);
  if (!day) return bad_input("This is not a date.", name, "Write it as YYYY-MM-DD.");
  return *day;
}

Result<std::optional<Day>> optional_day(const Json& request, const char* name) {
  FB_TRY(const std::string text, optional_member(request, name));
  if (text.empty()) return std::optional<Day>();
  FB_TRY(const Day day, day_member(request, name));
  return std::optional(day);
}

Day day_before(Day day) { return Day{std::chrono::sys_days(day) - std::chrono::days{1}}; }

Result<void> know_rank(const Context& context, const std::string& rank) {
  FB_TRY(const auto policy, context.policies().on(london_day(context.clock.now())));
  const std::vector<std::string> ranks = rank_names(*policy);
  if (std::find(ranks.begin(), ranks.end(), rank) != ranks.end()) return {};
  std::string known;
  for (const std::string& name : ranks) known += (known.empty() ? "" : ", ") + name;
  return bad_input("The vocabulary of the policy in force has no such rank.", "rank",
                   "The ranks are " + known + ".");
}

Result<Lines> rank_lines(const Context& context, const Directory& directory, const Json& request) {
  FB_TRY(const std::string name, member(request, "person"));
  auto who = directory.person_named(name);
  if (!who) who = directory.person(name);
  if (!who || !who->active)
    return Error{ErrorCode::not_found, "There is no such person.", "person", {}};
  FB_TRY(const std::string rank, member(request, "rank"));
  const Json before = identity::to_json(*who).at("ranks");
  if (request.at("type") == "rank") {
    FB_CHECK(know_rank(context, rank));
    FB_TRY(const Day from, day_member(request, "from"));
    FB_TRY(const std::optional<Day> until, optional_day(request, "until"));
    const identity::RankHeld held{rank, from, until, request.value("deputising", Json()) == true};
    const auto same = std::find_if(who->ranks.begin(), who->ranks.end(), [&](const auto& known) {
      return known.rank == rank && known.from == from;
    });
    if (same == who->ranks.end()) {
      who->ranks.push_back(held);
    } else {
      *same = held;
    }
  } else {
    FB_TRY(const Day until, day_member(request, "until"));
    std::erase_if(who->ranks, [&](const identity::RankHeld& held) {
      return held.rank == rank && until < held.from;
    });
    for (identity::RankHeld& held : who->ranks) {
      if (held.rank == rank && (!held.until || until < *held.until)) held.until = until;
    }
  }
  FB_CHECK(identity::check_person(*who));
  return Lines{{"ranks", who->id, before, identity::to_json(*who).at("ranks")}};
}

Result<std::vector<std::string>> list_member(const Json& request, const char* name) {
  const Json value = request.at(name);
  const bool words = value.is_array() && std::all_of(value.begin(), value.end(),
                                                     [](const Json& v) { return v.is_string(); });
  if (!words) return bad_input("This is a list of texts.", name, "Write it like [\"one\"].");
  return value.get<std::vector<std::string>>();
}

// What the request says of the destination; what it does not name stays as it is.
Result<void> change_destination(Destination& after, const Json& request) {
  const std::pair<const char*, std::string Destination::*> words[] = {
      {"recipient", &Destination::recipient},
      {"address", &Destination::address},
      {"label", &Destination::label}};
  for (const auto& [name, place] : words) {
    if (!request.contains(name)) continue;
    FB_TRY(after.*place, optional_member(request, name));
  }
  const std::pair<const char*, std::vector<std::string> Destination::*> lists[] = {
      {"purposes", &Destination::purposes},
      {"addresses", &Destination::addresses},
      {"domains", &Destination::domains},
      {"telephones", &Destination::telephones}};
  for (const auto& [name, place] : lists) {
    if (!request.contains(name)) continue;
    FB_TRY(after.*place, list_member(request, name));
  }
  const std::pair<const char*, std::optional<Day> Destination::*> days[] = {
      {"from", &Destination::from}, {"until", &Destination::until}};
  for (const auto& [name, place] : days) {
    if (!request.contains(name)) continue;
    FB_TRY(after.*place, optional_day(request, name));
  }
  if (after.label.empty()) after.label = after.id;
  return {};
}

Result<Lines> destination_lines(const Json& settings, const Json& request) {
  FB_TRY(const std::string id, member(request, "id"));
  Json before = settings.at("destinations").value(id, Json());
  if (request.at("type") == "end_destination") {
    if (before.is_null())
      return Error{ErrorCode::not_found, "There is no such destination.", "id", {}};
    return Lines{{"destinations", id, std::move(before), Json()}};
  }
  Destination after{id, {}, {}, {}};
  if (!before.is_null()) after = destination_of(id, before);
  FB_CHECK(change_destination(after, request));
  FB_CHECK(check_destination(after));
  return Lines{{"destinations", id, std::move(before), destination_json(after)}};
}

Result<Lines> setting_lines(const Json& settings, const Json& request) {
  FB_TRY(const std::string name, member(request, "name"));
  const Json value = request.value("value", Json());
  FB_CHECK(check_setting(name, value));
  return Lines{{"settings", name, settings.at("settings").value(name, Json()), value}};
}

// One office more, one in the place of another (which keeps its place), or one less: the setting
// that lists them, so that two changes made from the same list never undo each other.
Result<Lines> office_lines(const Json& settings, const Json& request) {
  FB_TRY(const std::string name, member(request, "name"));
  const bool ends = request.at("type") == "end_office";
  FB_TRY(const std::string old,
         ends ? Result<std::string>(name) : optional_member(request, "instead_of"));
  const Json before = settings.at("settings").at(kOffices);
  auto offices = before.get<std::vector<std::string>>();
  const auto at = std::find(offices.begin(), offices.end(), old);
  if (!old.empty() && at == offices.end()) {
    return Error{ErrorCode::not_found, "There is no such office.", ends ? "name" : "instead_of",
                 "Write it as the list of offices does."};
  }
  if (ends) {
    offices.erase(at);
  } else if (old.empty()) {
    offices.push_back(name);
  } else {
    *at = name;
  }
  FB_CHECK(check_offices(offices, "name"));
  return Lines{{"settings", std::string(kOffices), before, offices}};
}

// The text in a file of its own: the name says what it is, and a hash that it is this text.
Result<std::string> write_text(const Context& context, const std::string& text) {
  if (text.size() > kMaxPolicyText) {
    return Error{ErrorCode::too_large, "A policy's text has at most 256 KiB.", "text",
                 "Shorten it."};
  }
  const std::string name = "proposed-" + hex(sha256(as_bytes(text))).substr(0, 16) + ".policy";
  FB_CHECK(write_file_durably(context.paths.policies() / name, text));
  return name;
}

// The period that the policy would have, its file read and its digest computed.
Result<PolicyInForce> wanted_period(const Context& context, const Json& request) {
  Json value = {{"file", ""}};
  FB_TRY(const std::string text, optional_member(request, "text"));
  if (text.empty()) {
    FB_TRY(value["file"], member(request, "file"));
  } else {
    FB_TRY(value["file"], write_text(context, text));
  }
  FB_TRY(const Day from, day_member(request, "from"));
  FB_TRY(const std::optional<Day> until, optional_day(request, "until"));
  if (until) value["until"] = format_day(*until);
  FB_TRY(const std::string offences, optional_member(request, "offences"));
  if (!offences.empty()) value["offences"] = offences;
  const Json chosen = request.value("settings", Json::object());
  const bool words = chosen.is_object() && std::all_of(chosen.begin(), chosen.end(),
                                                       [](const Json& v) { return v.is_string(); });
  if (!words) return bad_input("The settings are words by their names.", "settings");
  if (!chosen.empty()) value["settings"] = chosen;
  Config one = context.config();
  one.policies = {period_of(format_day(from), value)};
  if (one.policies[0].file.find('/') != std::string::npos ||
      one.policies[0].offences.find('/') != std::string::npos)
    return bad_input("This is not the name of a file in policies/.", "file");
  FB_TRY(const PoliciesInForce read, PoliciesInForce::read(context.paths.policies(), one));
  return read.periods().at(0);
}

// The policy from its first day; the one in force until then ends the day before.
Result<Lines> policy_lines(const Context& context, const Json& request) {
  FB_TRY(const PolicyInForce period, wanted_period(context, request));
  const std::string from = format_day(period.from);
  Json next = context.settings();
  if (next.at("policies").contains(from)) {
    return Error{ErrorCode::conflict, "A policy is in force from this day already.", "from",
                 "Choose a later day."};
  }
  for (auto& [first, value] : next["policies"].items()) {
    const bool runs = first < from && (!value.contains("until") || value.at("until") >= from);
    if (runs) value["until"] = format_day(day_before(period.from));
  }
  next["policies"][from] = policy_value(period);
  return differences(context.settings(), next);
}

}  // namespace

Result<std::vector<Right>> rights_for(const Json& request) {
  if (!request.is_object()) return bad_input("This is not a JSON object.");
  const Json type = request.value("type", Json());
  if (type == "policy") return std::vector{Right::change_policy};
  if (type == "force_toml") return std::vector{Right::change_force, Right::change_policy};
  for (const char* known :
       {"rank", "end_rank", "destination", "end_destination", "office", "end_office", "setting"}) {
    if (type == known) return std::vector{Right::change_force};
  }
  return bad_input("There is no such change.", "type",
                   "Use rank, end_rank, destination, end_destination, office, end_office, setting, "
                   "policy or force_toml.");
}

Result<Lines> lines_of(const Context& context, const Directory& directory,
                       const Json& from_force_toml, const Json& request) {
  const std::string type = request.at("type");
  Result<Lines> lines = Lines();
  if (type == "rank" || type == "end_rank") {
    lines = rank_lines(context, directory, request);
  } else if (type == "destination" || type == "end_destination") {
    lines = destination_lines(context.settings(), request);
  } else if (type == "office" || type == "end_office") {
    lines = office_lines(context.settings(), request);
  } else if (type == "setting") {
    lines = setting_lines(context.settings(), request);
  } else if (type == "policy") {
    lines = policy_lines(context, request);
  } else {
    lines = differences(context.settings(), from_force_toml);
  }
  if (!lines) return lines;
  std::erase_if(*lines, [](const ChangeLine& line) { return line.before == line.after; });
  if (!lines->empty()) return lines;
  return Error{ErrorCode::conflict, "Nothing would change: this is what is in force.", {}, {}};
}

}  // namespace firebreak::record
