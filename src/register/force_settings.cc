// SPDX-License-Identifier: Apache-2.0
#include "register/force_settings.h"

#include <algorithm>
#include <utility>

#include "register/config_words.h"

namespace firebreak::record {
namespace {

constexpr const char* kSettingsParts[] = {"destinations", "policies", "settings", "assertions"};

Json at(const Json& settings, const std::string& part, const std::string& key) {
  const auto found = settings.find(part);
  if (found == settings.end()) return {};
  return found->value(key, Json());
}

// `least` and `most` are a number's.
enum class Takes { number, look, flag, words };

struct KnownSetting {
  std::string_view name;
  Takes takes;
  int least;
  int most;
  const char* what;
};

constexpr KnownSetting kKnown[] = {
    {kOffices, Takes::words, 0, 0, "The force's offices"},
    {kDelayHours, Takes::number, 0, 8760, "Hours that a change waits after its approval"},
    {kEraseRefusedDays, Takes::number, 1, 3650,
     "Days until a refused or withdrawn referral is erased"},
    {kEraseBegunDays, Takes::number, 1, 3650,
     "Days until a referral that was begun and left is erased"},
    {kRetentionYears, Takes::number, 1, 100, "Years until a closed referral is due for erasure"},
    {kSupervisor, Takes::look, 0, 0,
     "Whether a supervisor forwards a referral before anybody decides"},
    {kFileKeys, Takes::flag, 0, 0, "Whether a key file signs off as a passkey does"},
    {kPasskeysByTwo, Takes::flag, 0, 0,
     "Whether two others confirm the passkey of who holds a rank"},
    {kPasskeyDelayHours, Takes::number, 0, 720, "Hours before which nobody confirms a new passkey"},
};

const KnownSetting* known_setting(std::string_view name) {
  for (const KnownSetting& known : kKnown) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

std::string said(const Json& value) {
  if (!value.is_array()) return value.is_string() ? value.get<std::string>() : value.dump();
  std::string out;
  for (const Json& word : value) out += (out.empty() ? "" : ", ") + said(word);
  return out.empty() ? "none" : out;
}

std::string destination_text(const Json& value) {
  if (value.is_null()) return "none";
  const std::string address = value.value("address", "");
  std::string out = value.value("label", "") + ", " +
                    (address.empty() ? "which takes no referral" : address) + " (" +
                    value.value("recipient", "") + ")";
  for (const char* list : {"purposes", "addresses", "domains", "telephones"}) {
    const auto found = value.find(list);
    if (found == value.end()) continue;
    out += std::string("; ") + list;
    for (const Json& one : *found) out += " " + one.get<std::string>();
  }
  if (value.contains("from")) out += "; from " + value.value("from", "");
  if (value.contains("until")) out += "; until " + value.value("until", "");
  return out;
}

std::string policy_text(const Json& value) {
  if (value.is_null()) return "none";
  std::string out = value.value("id", "") + " version " + value.value("version", "") + " (" +
                    value.value("file", "") + ")";
  out += value.contains("until") ? " until " + value.value("until", "") : ", with no last day";
  const Json settings = value.value("settings", Json::object());
  for (const auto& [name, chosen] : settings.items()) out += "; " + name + " " + said(chosen);
  if (value.contains("offences")) out += "; offences by " + value.value("offences", "");
  return out;
}

std::string ranks_text(const Json& value) {
  std::string out;
  for (const Json& held : value) {
    out += (out.empty() ? "" : "; ") + held.value("rank", "") + " from " + held.value("from", "");
    if (held.contains("until")) out += " until " + held.value("until", "");
    if (held.value("deputising", false)) out += ", deputising";
  }
  return out.empty() ? "none" : out;
}

std::string value_text(const std::string& part, const Json& value) {
  if (part == "destinations") return destination_text(value);
  if (part == "policies") return policy_text(value);
  if (part == "ranks") return ranks_text(value);
  return value.is_null() ? "none" : said(value);
}

}  // namespace

Json policy_value(const PolicyInForce& period) {
  Json value = policy_json(*period.policy);
  value["file"] = period.file;
  if (period.until) value["until"] = format_day(*period.until);
  if (!period.decided.settings.empty()) value["settings"] = period.decided.settings;
  if (!period.offences_file.empty()) value["offences"] = period.offences_file;
  return value;
}

Json settings_of(const Config& config, const PoliciesInForce& policies) {
  Json out = {{"destinations", Json::object()},
              {"policies", Json::object()},
              {"settings",
               {{kOffices, config.force.districts},
                {kDelayHours, config.changes.delay_hours},
                {kEraseRefusedDays, config.referrals.erase_refused_days},
                {kEraseBegunDays, config.referrals.erase_begun_days},
                {kRetentionYears, config.retention.years},
                {kSupervisor,
                 config.referrals.supervisor == SupervisorLook::required ? "required" : "optional"},
                {kFileKeys, config.sign_off.file_keys},
                {kPasskeysByTwo, config.sign_in.passkeys_by_two},
                {kPasskeyDelayHours, config.sign_in.passkey_delay_hours}}},
              {"assertions", Json::object()}};
  for (const Destination& one : config.destinations)
    out["destinations"][one.id] = destination_json(one);
  for (const PolicyInForce& period : policies.periods())
    out["policies"][format_day(period.from)] = policy_value(period);
  for (const policy::ForceAssertion& one : config.assertions)
    out["assertions"][one.text] = one.claim;
  return out;
}

Json completed(Json settings) {
  const std::pair<std::string_view, Json> strict[] = {{kFileKeys, false},
                                                      {kPasskeysByTwo, true},
                                                      {kPasskeyDelayHours, 24},
                                                      {kOffices, Json::array()}};
  for (const auto& [name, value] : strict) {
    if (!settings.at("settings").contains(name)) settings["settings"][name] = value;
  }
  return settings;
}

Result<Json> settings_now(Transaction& tx) {
  FB_TRY(const Document stored, tx.get("settings", "force"));
  FB_TRY(Json settings, parse_json(as_text(*stored.body)));
  return completed(std::move(settings));
}

PolicyPeriod period_of(const std::string& from, const Json& value) {
  PolicyPeriod period;
  period.file = value.at("file").get<std::string>();
  period.days.from = *parse_day(from);
  if (value.contains("until")) period.days.until = *parse_day(value.at("until").get<std::string>());
  if (value.contains("settings"))
    period.settings = value.at("settings").get<policy::SettingValues>();
  period.offences = value.value("offences", std::string());
  return period;
}

Result<Config> with_settings(Config config, const Json& settings) {
  try {
    config.destinations.clear();
    for (const auto& [id, one] : settings.at("destinations").items())
      config.destinations.push_back(destination_of(id, one));
    config.policies.clear();
    for (const auto& [from, one] : settings.at("policies").items())
      config.policies.push_back(period_of(from, one));
    config.assertions.clear();
    for (const auto& [text, claim] : settings.at("assertions").items())
      config.assertions.push_back({text, claim.get<std::string>()});
    const Json& values = settings.at("settings");
    config.force.districts = values.at(kOffices).get<std::vector<std::string>>();
    config.changes.delay_hours = values.at(kDelayHours).get<int>();
    config.referrals.erase_refused_days = values.at(kEraseRefusedDays).get<int>();
    config.referrals.erase_begun_days = values.at(kEraseBegunDays).get<int>();
    config.retention.years = values.at(kRetentionYears).get<int>();
    config.referrals.supervisor =
        values.at(kSupervisor) == "required" ? SupervisorLook::required : SupervisorLook::optional;
    config.sign_off.file_keys = values.at(kFileKeys).get<bool>();
    config.sign_in.passkeys_by_two = values.at(kPasskeysByTwo).get<bool>();
    config.sign_in.passkey_delay_hours = values.at(kPasskeyDelayHours).get<int>();
    return config;
  } catch (const std::exception&) {
    return Error{ErrorCode::corrupt, "The recorded settings of the force cannot be read.", {}, {}};
  }
}

std::vector<ChangeLine> differences(const Json& before, const Json& after) {
  std::vector<ChangeLine> lines;
  for (const char* part : kSettingsParts) {
    Json keys = before.value(part, Json::object());
    keys.update(after.value(part, Json::object()));
    for (const auto& [key, ignored] : keys.items()) {
      Json was = at(before, part, key);
      Json is = at(after, part, key);
      if (was != is) lines.push_back({part, key, std::move(was), std::move(is)});
    }
  }
  return lines;
}

Result<Json> applied(Json settings, const std::vector<ChangeLine>& lines) {
  for (const ChangeLine& line : lines) {
    if (line.part == "ranks") continue;
    if (at(settings, line.part, line.key) != line.before) {
      return Error{ErrorCode::conflict,
                   "What this change would change is no longer as it was when it was proposed.",
                   line.part + "." + line.key, "Propose it again."};
    }
    if (line.after.is_null()) {
      settings[line.part].erase(line.key);
    } else {
      settings[line.part][line.key] = line.after;
    }
  }
  return settings;
}

Result<void> check_setting(const std::string& name, const Json& value) {
  const KnownSetting* known = known_setting(name);
  if (known == nullptr) {
    std::string names;
    for (const KnownSetting& one : kKnown)
      names += (names.empty() ? "" : ", ") + std::string(one.name);
    return bad_input("There is no such setting.", "name", "The settings are " + names + ".");
  }
  if (known->takes == Takes::look) {
    if (value == "required" || value == "optional") return {};
    return bad_input("This setting is \"optional\" or \"required\".", "value");
  }
  if (known->takes == Takes::flag) {
    if (value.is_boolean()) return {};
    return bad_input("This setting is true or false.", "value");
  }
  if (known->takes == Takes::words) {
    const bool texts = value.is_array() && std::all_of(value.begin(), value.end(),
                                                       [](const Json& v) { return v.is_string(); });
    if (texts) return check_offices(value.get<std::vector<std::string>>(), "value");
    return bad_input("This setting is a list of texts.", "value",
                     "Propose one office at a time: office, or end_office.");
  }
  if (value.is_number_integer() && value >= known->least && value <= known->most) return {};
  return bad_input("This setting is a whole number from " + std::to_string(known->least) + " to " +
                       std::to_string(known->most) + ".",
                   "value");
}

std::string setting_words(std::string_view name) {
  const KnownSetting* known = known_setting(name);
  return known == nullptr ? "" : known->what;
}

Result<void> check_offices(const std::vector<std::string>& offices, const std::string& where) {
  const std::string rule = wrong_offices(offices);
  if (rule.empty()) return {};
  return bad_input("The list of offices " + rule, where);
}

std::chrono::hours delay_of(const Json& settings) {
  return std::chrono::hours{settings.at("settings").at(kDelayHours).get<int>()};
}

std::string line_text(const ChangeLine& line,
                      const std::function<std::string(const std::string&)>& person) {
  std::string what = "The force's assertion \"" + line.key + "\"";
  if (line.part == "destinations") what = "The destination " + line.key;
  if (line.part == "policies") what = "The policy in force from " + line.key;
  if (line.part == "settings") {
    const std::string words = setting_words(line.key);
    what = (words.empty() ? "Setting" : words) + " (" + line.key + ")";
  }
  if (line.part == "ranks") what = "Ranks of " + person(line.key);
  return what + ": " + value_text(line.part, line.after) +
         ". Until now: " + value_text(line.part, line.before) + ".";
}

}  // namespace firebreak::record
