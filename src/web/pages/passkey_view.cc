// SPDX-License-Identifier: Apache-2.0
#include "web/pages/passkey_view.h"

#include <algorithm>

#include "web/components/components.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using identity::Passkey;
using identity::Person;

std::string passkey_state(const Passkey& passkey, Instant now) {
  if (passkey.suspended) return "Suspended, " + say_time(*passkey.suspended);
  if (identity::is_pending(passkey)) {
    return "Waits to be confirmed: " + std::to_string(passkey.confirmed_by.size()) + " of " +
           std::to_string(passkey.confirmations) + " confirmations";
  }
  return identity::is_usable(passkey, now) ? "In use" : "Not within its days";
}

Json passkey_row(const char* key, const std::string& value) {
  return {{"key", {{"text", key}}}, {"value", {{"text", value}}}};
}

Json passkey_rows(const Passkey& passkey, Instant now) {
  return {passkey_row("Name", passkey.name), passkey_row("State", passkey_state(passkey, now)),
          passkey_row("Registered", say_time(passkey.registered)),
          passkey_row("Copies", passkey.backup_eligible
                                    ? "It may be copied to the holder’s other devices"
                                    : "It stays on one device")};
}

Instant earliest(const Passkey& passkey) {
  return passkey.registered + std::chrono::hours{passkey.wait_hours};
}

Json waiting_passkey(const Person& person, const Passkey& passkey, const std::string& viewer,
                     Instant now) {
  Json rows = passkey_rows(passkey, now);
  rows.insert(rows.begin(), passkey_row("Of", person.display_name));
  Json out = {{"HTML_PASSKEY", components::summary_list({{"rows", std::move(rows)}}).json()}};
  const auto& by = passkey.confirmed_by;
  if (person.id == viewer) {
    out["CANNOT"] = {{"WHY_NOT", "It is your own: two others must confirm it."}};
  } else if (std::find(by.begin(), by.end(), viewer) != by.end()) {
    out["CANNOT"] = {{"WHY_NOT", "You have confirmed it. One more person must."}};
  } else if (now < earliest(passkey)) {
    out["CANNOT"] = {{"WHY_NOT", "It can be confirmed from " + say_time(earliest(passkey)) + "."}};
  } else {
    out["CONFIRM"] = {
        {"CONFIRM_LINK",
         "/passkeys/" + person.id + "/" + identity::passkey_ref(passkey.id) + "/confirm"},
        {"HTML_CONFIRM", components::button({{"text", "I have spoken to the officer: confirm it"},
                                             {"preventDoubleClick", true}})
                             .json()}};
  }
  return out;
}

}  // namespace

Json passkey_summary(const Passkey& passkey, Instant now) {
  return components::summary_list({{"rows", passkey_rows(passkey, now)}}).json();
}

std::string suspend_link(const std::string& person_id, const Passkey& passkey) {
  return "/passkeys/" + person_id + "/" + identity::passkey_ref(passkey.id) + "/suspend";
}

Json waiting_passkeys_view(const std::vector<Person>& people, const std::string& viewer,
                           Instant now) {
  Json waiting = Json::array();
  Json in_use = Json::array();
  for (const Person& person : people) {
    for (const Passkey& passkey : person.passkeys) {
      if (passkey.suspended) continue;
      in_use.push_back({{"SUSPEND_LINK", suspend_link(person.id, passkey)},
                        {"OWNER", person.display_name},
                        {"PASSKEY_NAME", passkey.name}});
      if (identity::is_pending(passkey))
        waiting.push_back(waiting_passkey(person, passkey, viewer, now));
    }
  }
  Json model = {{"TITLE", "Passkeys to confirm"}};
  if (waiting.empty()) model["NONE"] = true;
  model["PASSKEY"] = std::move(waiting);
  if (!in_use.empty()) model["ANYBODY"] = {{"IN_USE", std::move(in_use)}};
  return model;
}

}  // namespace firebreak::web
