// SPDX-License-Identifier: Apache-2.0
#include "register/governed_fold.h"

#include <utility>

#include "register/event.h"
#include "register/force_settings.h"

namespace firebreak::record {
namespace {

Error not_decided(std::string message) { return {ErrorCode::corrupt, std::move(message), {}, {}}; }

const ChangeLine* line_of(const Change& change, std::string_view part, const std::string& key) {
  for (const ChangeLine& line : change.lines) {
    if (line.part == part && line.key == key) return &line;
  }
  return nullptr;
}

}  // namespace

bool had_right(const Json& person, identity::Right right) {
  identity::Actor actor;
  actor.id = person.at("person").get<std::string>();
  actor.roles = person.at("roles").get<std::vector<std::string>>();
  return person.at("active") == true && identity::may(actor, right);
}

Result<void> GovernedFold::take(const Json& entry, const std::map<std::string, Json>& people) {
  const auto name = entry.at("kind").get<std::string>();
  const bool consequence = name == kind::kPersonChanged || name == kind::kPolicyPutInForce;
  if (!due_.empty() && !(consequence && entry.contains("change")))
    return not_decided("A change took effect, and what it decided was not recorded.");
  if (name == kind::kSettingsFirst) {
    if (!settings_.is_null()) return not_decided("The first settings are recorded twice.");
    settings_ = entry.at("settings");
    return {};
  }
  if (is_change_kind(name)) return take_change(entry, people);
  if (settings_.is_null()) return {};  // the register is being made
  if (name == kind::kPersonAdded || name == kind::kPersonChanged) return take_person(entry, people);
  if (name == kind::kPolicyPutInForce) return take_policy(entry);
  return {};
}

Json GovernedFold::setting(std::string_view name) const {
  return settings_.is_null() ? Json() : settings_.at("settings").value(name, Json());
}

Result<void> GovernedFold::take_change(const Json& entry,
                                       const std::map<std::string, Json>& people) {
  if (settings_.is_null()) return not_decided("A change is proposed before the register was made.");
  const auto id = entry.at("change").get<std::string>();
  const auto actor = entry.at("actor").get<std::string>();
  const auto name = entry.at("kind").get<std::string>();
  const auto known = changes_.find(id);
  FB_TRY(const Change change,
         next_change(known == changes_.end() ? std::nullopt : std::optional(known->second), entry));
  if (name == kind::kChangeApproved) {
    const auto who = people.find(actor);
    if (who == people.end() || !had_right(who->second, identity::Right::decide_change))
      return not_decided("A change is approved by somebody who may not approve it.");
    if (!change.effective.empty() &&
        *parse_instant(change.effective) <
            *parse_instant(entry.at("at").get<std::string>()) + delay_of(settings_))
      return not_decided("A change is to take effect before the delay that was in force.");
  }
  if (name == kind::kChangeTookEffect) FB_CHECK(take_effect(change, people));
  changes_[id] = change;
  return {};
}

Result<void> GovernedFold::take_effect(const Change& change,
                                       const std::map<std::string, Json>& people) {
  auto next = applied(completed(settings_), change.lines);
  if (!next) return not_decided("A change takes effect on something that was no longer so.");
  settings_ = *std::move(next);
  in_effect_ = change.id;
  for (const ChangeLine& line : change.lines) {
    if (line.part == "policies") due_.emplace(line.part, line.key);
    if (line.part != "ranks") continue;
    const auto who = people.find(line.key);
    if (who == people.end() || who->second.at("ranks") != line.before)
      return not_decided("A change of ranks takes effect on ranks that were no longer so.");
    due_.emplace(line.part, line.key);
  }
  return {};
}

Result<void> GovernedFold::take_person(const Json& entry,
                                       const std::map<std::string, Json>& people) {
  const auto id = entry.at("person").get<std::string>();
  const auto before = people.find(id);
  const bool is_new = before == people.end();
  const Json& ranks = entry.at("ranks");
  if (entry.contains("change")) {
    const auto change = changes_.find(entry.at("change").get<std::string>());
    const ChangeLine* line =
        change == changes_.end() ? nullptr : line_of(change->second, "ranks", id);
    if (line == nullptr || change->first != in_effect_ || line->after != ranks ||
        due_.erase({"ranks", id}) == 0)
      return not_decided("Ranks are recorded otherwise than two persons decided.");
  } else if (is_new ? !ranks.empty() : ranks != before->second.at("ranks")) {
    return not_decided("A rank is given or ended without two persons.");
  }
  const bool holds = !is_new && !before->second.at("ranks").empty();
  if (holds && entry.at("keys") != before->second.at("keys"))
    return not_decided("The key of a person who holds a rank is changed without two persons.");
  return {};
}

Result<void> GovernedFold::take_policy(const Json& entry) {
  const auto from = entry.at("from").get<std::string>();
  const Json value = settings_.at("policies").value(from, Json());
  const bool decided = entry.contains("change") && entry.at("change") == in_effect_ &&
                       due_.erase({"policies", from}) == 1;
  if (!decided || value.is_null() || value.at("digest") != entry.at("policy").at("digest") ||
      value.value("until", Json()) != entry.value("until", Json()))
    return not_decided(
        "A policy is put in force without two persons, or otherwise than they decided.");
  return {};
}

}  // namespace firebreak::record
