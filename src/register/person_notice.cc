// SPDX-License-Identifier: Apache-2.0
#include "register/person_notice.h"

#include <algorithm>
#include <utility>

#include "identity/rights.h"

namespace firebreak::record {
namespace {

using identity::Passkey;
using identity::Person;
using identity::Right;

struct PersonStep {
  std::string event;
  std::string passkey = {};
};

bool is_one_of_two(const Person& person, Day day) {
  identity::Actor actor = identity::actor_of(person);
  actor.must_change_password = false;  // what they may do once they have
  return identity::holds_any_rank(person, day) || identity::may(actor, Right::decide_change) ||
         identity::may(actor, Right::manage_people);
}

std::optional<PersonStep> passkey_step(const Person& before, const Person& after) {
  for (size_t i = 0; i < after.passkeys.size(); ++i) {
    const Passkey& now = after.passkeys[i];
    const std::string ref = identity::passkey_ref(now.id);
    if (i >= before.passkeys.size()) return PersonStep{"passkey.registered", ref};
    const Passkey& then = before.passkeys[i];
    if (then.suspended != now.suspended) return PersonStep{"passkey.suspended", ref};
    if (then.confirmed_by != now.confirmed_by) return PersonStep{"passkey.confirmed", ref};
  }
  return std::nullopt;
}

std::optional<PersonStep> step_between(const std::optional<Person>& before, const Person& after) {
  if (!before) return PersonStep{"person.added"};
  if (auto step = passkey_step(*before, after)) return step;
  if (before->accounts != after.accounts) return PersonStep{"person.account_linked"};
  if (after.must_change_password && before->password_hash != after.password_hash)
    return PersonStep{"person.password_reset"};
  return std::nullopt;
}

std::string words_of(const Json& step, const std::string& holder) {
  const std::string event = step.at("event");
  const std::string passkey = step.at("passkey");
  if (event == "person.added")
    return holder + " was added, and can be one of two persons who decide.";
  if (event == "person.account_linked")
    return holder + " signs in through another account at the provider.";
  if (event == "person.password_reset") return holder + " has a new one-time password.";
  if (event == "passkey.registered")
    return "A passkey of " + holder + " was added: " + passkey + ".";
  if (event == "passkey.confirmed")
    return "A passkey of " + holder + " was confirmed: " + passkey + ".";
  return "A passkey of " + holder + " was suspended: " + passkey + ".";
}

}  // namespace

Result<std::vector<NewDocument>> person_notice(Transaction& tx, const std::string& actor,
                                               const std::optional<Person>& before,
                                               const Person& after) {
  const auto step = step_between(before, after);
  if (!step || !is_one_of_two(after, london_day(tx.now()))) return std::vector<NewDocument>();
  if (!tx.get("settings", "force")) return std::vector<NewDocument>();
  Json body = {{"person", after.id}, {"steps", Json::array()}};
  uint64_t revision = 0;
  const auto told = tx.get("person_notice", after.id);
  if (!told && told.error().code != ErrorCode::not_found) return told.error();
  if (told) {
    FB_TRY(body, parse_json(as_text(*told->body)));
    revision = told->revision;
  }
  body["steps"].push_back({{"event", step->event},
                           {"at", format_instant(tx.now())},
                           {"actor", actor},
                           {"passkey", step->passkey}});
  const std::string text = canonical_json(body);
  return std::vector<NewDocument>{
      {"person_notice", after.id, revision + 1, Bytes(text.begin(), text.end())}};
}

Result<std::vector<Json>> person_notices(
    Reader& reader, const std::function<std::string(const std::string&)>& name) {
  FB_TRY(const std::vector<Document> documents, reader.newest("person_notice"));
  std::vector<Json> out;
  for (const Document& document : documents) {
    FB_TRY(const Json body, parse_json(as_text(*document.body)));
    const std::string holder = name(body.at("person"));
    for (const Json& step : body.at("steps")) {
      out.push_back({{"event", step.at("event")},
                     {"at", step.at("at")},
                     {"actor", step.at("actor")},
                     {"name", name(step.at("actor"))},
                     {"change", ""},
                     {"reason", ""},
                     {"says", {words_of(step, holder)}},
                     {"effective", ""},
                     {"answer", ""}});
    }
  }
  return out;
}

}  // namespace firebreak::record
