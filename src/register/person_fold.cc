// SPDX-License-Identifier: Apache-2.0
// The fold's part about people: their ranks, keys and passkeys, and who confirmed them.
#include "identity/rights.h"
#include "identity/webauthn.h"
#include "register/event.h"
#include "register/fold.h"
#include "register/fold_parts.h"
#include "register/force_settings.h"

namespace firebreak::record {
namespace {

// What never changes in a passkey.
Json lasting(const identity::Passkey& passkey) {
  Json out = identity::ledger_json(passkey);
  for (const char* member : {"confirmations", "confirmed_by", "suspended"}) out.erase(member);
  return out;
}

// A new passkey is the person's own act, now, and nobody has confirmed it.
Result<void> check_new_passkey(const identity::Passkey& passkey, const Json& entry) {
  if (entry.at("actor") == entry.at("person") && passkey.confirmed_by.empty() &&
      !passkey.suspended && entry.at("at") == format_instant(passkey.registered))
    return {};
  return wrong("A passkey is registered by another than its holder, or as confirmed already.");
}

// Confirmed by one more person, who is not the holder, after the delay; or suspended; or nothing.
Result<void> check_known_passkey(const identity::Passkey& before, const identity::Passkey& after,
                                 const Json& entry, Instant at) {
  if (lasting(before) != lasting(after) || after.confirmations < before.confirmations)
    return wrong("A passkey was changed.");
  if (before.suspended && before.suspended != after.suspended)
    return wrong("A suspended passkey is in use again.");
  if (before.confirmed_by == after.confirmed_by) return {};
  auto expected = before.confirmed_by;
  const auto actor = entry.at("actor").get<std::string>();
  const bool again = std::find(expected.begin(), expected.end(), actor) != expected.end();
  expected.push_back(actor);
  if (after.confirmed_by != expected || again || entry.at("person") == actor ||
      at < after.registered + std::chrono::hours{after.wait_hours})
    return wrong("A passkey was not confirmed as it must be.");
  return {};
}

// Passkeys are added at the end and never taken away.
Result<void> check_passkeys(const identity::Person& before, const identity::Person& after,
                            const Json& entry, Instant at) {
  if (after.passkeys.size() < before.passkeys.size()) return wrong("A passkey was taken away.");
  for (size_t i = 0; i < after.passkeys.size(); ++i) {
    if (i < before.passkeys.size()) {
      FB_CHECK(check_known_passkey(before.passkeys[i], after.passkeys[i], entry, at));
    } else {
      FB_CHECK(check_new_passkey(after.passkeys[i], entry));
    }
  }
  return {};
}

}  // namespace

Result<identity::Person> person_of(const Json& entry) {
  Json body = {{"id", entry.at("person")},
               {"name", ""},
               {"display_name", ""},
               {"password_hash", ""},
               {"must_change_password", false}};
  for (const char* member : {"roles", "ranks", "keys", "active"}) body[member] = entry.at(member);
  FB_TRY(identity::Person person, identity::read_person(body));
  // Entries from before there were passkeys have no such member.
  for (const Json& told : entry.value("passkeys", Json::array())) {
    FB_TRY(identity::Passkey passkey, identity::read_ledger_passkey(told));
    person.passkeys.push_back(std::move(passkey));
  }
  return person;
}

Result<void> Fold::take_person(const Json& entry, bool added) {
  const auto id = entry.at("person").get<std::string>();
  const auto known = people_.find(id);
  if ((known != people_.end()) == added)
    return wrong("A person is added once, and changed only after that.");
  FB_TRY(const Instant at, entry_time(entry));
  FB_TRY(const identity::Person after, person_of(entry));
  identity::Person before;
  if (!added) {
    FB_TRY(before, person_of(known->second));
  }
  FB_CHECK(check_passkeys(before, after, entry, at));
  FB_CHECK(check_waiting(before, after, entry));
  FB_CHECK(check_told(before, after, entry, at));
  const auto confirmed = [](const identity::Person& who) {
    size_t count = 0;
    for (const identity::Passkey& passkey : who.passkeys) count += passkey.confirmed_by.size();
    return count;
  };
  if (given_ == Given::every_entry && confirmed(after) > confirmed(before) &&
      !holds_right(entry.at("actor"), identity::Right::manage_people))
    return wrong("A passkey was confirmed by somebody who may not confirm it.");
  people_[id] = entry;
  return {};
}

// The passkey of who holds a rank waits for others, as two persons decided: a new one, and with the
// first rank the older ones.
Result<void> Fold::check_waiting(const identity::Person& before, const identity::Person& after,
                                 const Json& entry) const {
  if (governed_.setting(kPasskeysByTwo) != true) return {};
  for (size_t i = 0; i < after.passkeys.size(); ++i) {
    const identity::Passkey& passkey = after.passkeys[i];
    const bool fresh = i >= before.passkeys.size();
    const bool must =
        fresh ? identity::holds_any_rank(after, passkey.from) : entry.contains("change");
    const bool waits =
        passkey.confirmations == 2 &&
        (!fresh || passkey.wait_hours == governed_.setting(kPasskeyDelayHours).get<int>());
    if (must && !waits)
      return wrong("A passkey of who holds a rank counts earlier than two persons decided.");
  }
  return {};
}

// The Board is told of each passkey that whoever holds a rank adds, confirms or suspends, and of
// who is added that may approve changes. An older program told of neither.
Result<void> Fold::check_told(const identity::Person& before, const identity::Person& after,
                              const Json& entry, Instant at) const {
  if (governed_.setting(kPasskeysByTwo).is_null() || entry.contains("change")) return {};
  const auto lines = [](const identity::Person& person) {
    Json out = Json::array();
    for (const identity::Passkey& passkey : person.passkeys)
      out.push_back(identity::ledger_json(passkey));
    return out;
  };
  const bool passkey =
      identity::holds_any_rank(after, london_day(at)) && lines(before) != lines(after);
  const bool added = entry.at("kind") == kind::kPersonAdded &&
                     identity::may(identity::actor_of(after), identity::Right::decide_change);
  if ((passkey || added) && entry.value("notice", "") != "board")
    return wrong("A step that the Board is told of is no notice.");
  return {};
}

}  // namespace firebreak::record
