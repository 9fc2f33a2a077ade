// SPDX-License-Identifier: Apache-2.0
#include "register/directory.h"

#include <algorithm>
#include <map>
#include <utility>

#include "identity/rights.h"
#include "identity/token.h"
#include "register/event.h"
#include "register/force_settings.h"
#include "register/person_notice.h"

namespace firebreak::record {

using identity::Actor;
using identity::Person;
using identity::Service;

struct Directory::Snapshot {
  std::map<std::string, Person, std::less<>> people;
  std::map<std::string, std::string, std::less<>> ids_by_name;
  std::map<Digest, Service> services;  // by the token's hash
};

namespace {

Error nobody() {
  return {ErrorCode::unauthorised,
          "This token belongs to nobody who is signed in.",
          {},
          "Sign in again."};
}

Error no_such_person() { return {ErrorCode::not_found, "There is no such person.", "name", {}}; }

// What a session lets its holder do, by how they came in.
Actor actor_in(const Person& person, const identity::SessionBasis& basis) {
  Actor actor = identity::actor_of(person);
  if (basis.way == identity::SignInWay::local) return actor;
  actor.must_change_password = false;  // no password was used
  actor.through = basis.service;
  if (basis.way == identity::SignInWay::provider) actor.roles = basis.roles;
  return actor;
}

Error name_taken() {
  return {ErrorCode::conflict, "The name is taken.", "name", "Choose another name."};
}

Json person_event(std::string_view event_kind, const std::string& actor, const Person& person) {
  const Json body = identity::to_json(person);
  Json event = new_event(event_kind, actor);
  event["person"] = person.id;
  for (const char* member : {"roles", "ranks", "keys", "active"}) event[member] = body.at(member);
  event["passkeys"] = Json::array();
  for (const identity::Passkey& passkey : person.passkeys)
    event["passkeys"].push_back(identity::ledger_json(passkey));
  return event;
}

Json service_event(std::string_view event_kind, const std::string& actor, const Service& service) {
  Json event = new_event(event_kind, actor);
  event["service"] = service.id;
  event["service_kind"] = service.kind;
  event["active"] = service.active;
  return event;
}

template <typename Record>
Result<void> store(Transaction& tx, const char* document, Json event, const Record& record,
                   uint64_t revision, std::vector<NewDocument> more = {}) {
  const std::string body = canonical_json(identity::to_json(record));
  more.insert(more.begin(), {document, record.id, revision, Bytes(body.begin(), body.end())});
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event), std::move(more)));
  return {};
}

// A person, with what the Board is told of the step.
Result<void> store_person(Transaction& tx, std::string_view event_kind, const std::string& actor,
                          const std::optional<Person>& before, const Person& after,
                          uint64_t revision) {
  Json event = person_event(event_kind, actor, after);
  FB_TRY(std::vector<NewDocument> told, person_notice(tx, actor, before, after));
  if (!told.empty()) event["notice"] = "board";
  return store(tx, "person", std::move(event), after, revision, std::move(told));
}

Result<void> need_manager(Transaction& tx, const std::optional<Actor>& actor) {
  if (!actor) return {};
  if (actor->must_change_password) return tx.refuse(Refusal::password_change_due);
  if (!identity::may(*actor, identity::Right::manage_people)) return tx.refuse(Refusal::no_right);
  return {};
}

std::string id_of(const std::optional<Actor>& actor) {
  return actor ? actor->id : std::string(kSystem);
}

Result<Json> body_of(const Document& document) {
  if (!document.body)
    return Error{ErrorCode::corrupt, "A record of the directory was destroyed.", {}, {}};
  return parse_json(as_text(*document.body));
}

}  // namespace

Directory::Directory(Recorder& recorder, const Clock& clock, Random& random,
                     identity::PasswordCost cost, const Config::SignIn& settings,
                     PasskeyRules rules)
    : recorder_(recorder),
      clock_(clock),
      random_(random),
      cost_(cost),
      local_(settings.local),
      one_time_password_(settings.one_time_password),
      rules_(std::move(rules)),
      sessions_(clock, random, settings.sessions),
      challenges_(clock, random),
      snapshot_(std::make_shared<Snapshot>()) {}

Result<std::unique_ptr<Directory>> Directory::load(Recorder& recorder, const Clock& clock,
                                                   Random& random, identity::PasswordCost cost,
                                                   const Config::SignIn& settings,
                                                   PasskeyRules rules) {
  std::unique_ptr<Directory> directory(
      new Directory(recorder, clock, random, cost, settings, std::move(rules)));
  const auto recorded = recorder.run([&](Transaction& tx) -> Result<Json> {
    FB_CHECK(directory->reload(tx));
    return Json();
  });
  FB_CHECK(as_void(recorded));
  return directory;
}

std::shared_ptr<const Directory::Snapshot> Directory::snapshot() const {
  const std::scoped_lock lock(mutex_);
  return snapshot_;
}

void Directory::replace(std::shared_ptr<const Snapshot> next) {
  const std::scoped_lock lock(mutex_);
  snapshot_ = std::move(next);
}

// Reads all of it as this transaction will leave it; takes effect when that is on disk.
Result<void> Directory::reload(Transaction& tx) {
  auto next = std::make_shared<Snapshot>();
  FB_TRY(std::vector<Person> people, people_in(tx));
  for (Person& person : people) {
    next->ids_by_name[person.name] = person.id;
    next->people[person.id] = std::move(person);
  }
  FB_TRY(const auto services, tx.all("service"));
  for (const Document& document : services) {
    FB_TRY(const Json body, body_of(document));
    FB_TRY(Service service, identity::read_service(body));
    next->services[service.token_hash] = std::move(service);
  }
  tx.after_commit([this, next] { replace(next); });
  return {};
}

Result<Actor> Directory::authenticate(std::string_view token) {
  const auto now = snapshot();
  if (token.starts_with("fbs_")) {
    const auto found = now->services.find(identity::token_hash(token));
    if (found == now->services.end() || !found->second.active) return nobody();
    return identity::actor_of(found->second);
  }
  const auto session = sessions_.find(token);
  if (!session) return nobody();
  const auto found = now->people.find(session->person_id);
  if (found == now->people.end() || !found->second.active) return nobody();
  return actor_in(found->second, session->basis);
}

// Changes the newest record of a person.
Result<void> Directory::change_person(const std::string& actor, const std::string& id,
                                      const std::function<void(Person&)>& change) {
  return change_checked(actor, id, [&](Transaction&, Person& who) -> Result<void> {
    change(who);
    return {};
  });
}

// The same, where the change itself may refuse.
Result<void> Directory::change_checked(const std::string& actor, const std::string& id,
                                       const PersonChange& change, std::optional<Attempt> attempt) {
  return as_void(recorder_.run(
      [&](Transaction& tx) -> Result<Json> {
        FB_TRY(const Document document, tx.get("person", id));
        FB_TRY(const Json body, body_of(document));
        FB_TRY(const Person before, identity::read_person(body));
        Person who = before;
        FB_CHECK(change(tx, who));
        FB_CHECK(identity::check_person(who));
        FB_CHECK(store_person(tx, kind::kPersonChanged, actor, before, who, document.revision + 1));
        FB_CHECK(reload(tx));
        return Json();
      },
      std::move(attempt)));
}

Result<AddedPerson> Directory::add_person(const std::optional<Actor>& actor, const NewPerson& who) {
  AddedPerson added{random_name(random_, "person_"), who.name, identity::one_time_password(random_),
                    std::nullopt};
  Person person{added.id, who.name, who.display_name, who.roles, who.ranks, {}, true, {}, true};
  person.password_until = clock_.now() + one_time_password_;
  if (who.signing_key) {
    added.signing_secret = identity::SigningSecret::generate(random_);
    person.keys = {{added.signing_secret->key_id(), added.signing_secret->public_key(),
                    london_day(clock_.now()), std::nullopt}};
  }
  FB_CHECK(identity::check_person(person));
  FB_TRY(person.password_hash, identity::hash_password(added.password, cost_));
  const auto recorded = recorder_.run(
      [&](Transaction& tx) -> Result<Json> {
        FB_CHECK(need_manager(tx, actor));
        if (!person.ranks.empty() && tx.get("settings", "force"))
          return tx.refuse(Refusal::needs_two_persons, "ranks");
        FB_TRY(const auto people, people_in(tx));
        for (const Person& other : people) {
          if (other.name == person.name) return name_taken();
        }
        FB_CHECK(store_person(tx, kind::kPersonAdded, id_of(actor), std::nullopt, person, 1));
        FB_CHECK(reload(tx));
        return Json();
      },
      Attempt{id_of(actor), "person.add", {}});
  FB_CHECK(as_void(recorded));
  return added;
}

Result<AddedService> Directory::add_service(const std::optional<Actor>& actor,
                                            const std::string& name,
                                            const std::string& service_kind) {
  AddedService added{random_name(random_, "service_"), name, identity::new_token(random_, "fbs_")};
  const Service service{added.id, name, service_kind, identity::token_hash(added.token), true};
  FB_CHECK(identity::check_service(service));
  const auto recorded = recorder_.run(
      [&](Transaction& tx) -> Result<Json> {
        FB_CHECK(need_manager(tx, actor));
        FB_TRY(const auto services_now, tx.all("service"));
        for (const Document& document : services_now) {
          FB_TRY(const Json body, body_of(document));
          if (body.at("name") == service.name) return name_taken();
        }
        FB_CHECK(store(tx, "service", service_event(kind::kServiceAdded, id_of(actor), service),
                       service, 1));
        FB_CHECK(reload(tx));
        return Json();
      },
      Attempt{id_of(actor), "service.add", {}});
  FB_CHECK(as_void(recorded));
  return added;
}

Result<void> Directory::deactivate_person(const std::optional<Actor>& actor,
                                          const std::string& name) {
  const auto who = person_named(name);
  if (!who) return no_such_person();
  FB_CHECK(check_manager(actor, "person.deactivate"));
  FB_CHECK(change_person(id_of(actor), who->id, [](Person& changed) { changed.active = false; }));
  sessions_.end_all(who->id);
  return {};
}

Result<void> Directory::set_ranks(Transaction& tx, const std::string& id, const Json& ranks,
                                  const std::string& change) {
  FB_TRY(const Document document, tx.get("person", id));
  FB_TRY(Json body, body_of(document));
  body["ranks"] = ranks;
  FB_TRY(Person who, identity::read_person(body));
  FB_CHECK(identity::check_person(who));
  // Otherwise who can propose a rank could give one to a passkey that nobody looked at.
  FB_TRY(const Json decided, settings_now(tx));
  const bool by_two = decided.at("settings").at(kPasskeysByTwo) == true;
  for (identity::Passkey& passkey : who.passkeys) {
    if (by_two && passkey.confirmations == 0) passkey.confirmations = 2;
  }
  Json event = person_event(kind::kPersonChanged, std::string(kSystem), who);
  event["change"] = change;
  FB_CHECK(store(tx, "person", std::move(event), who, document.revision + 1));
  return reload(tx);
}

Result<void> Directory::deactivate_service(const std::optional<Actor>& actor,
                                           const std::string& name) {
  return as_void(recorder_.run(
      [&](Transaction& tx) -> Result<Json> {
        FB_CHECK(need_manager(tx, actor));
        FB_TRY(const auto services_now, tx.all("service"));
        for (const Document& document : services_now) {
          FB_TRY(const Json body, body_of(document));
          FB_TRY(Service service, identity::read_service(body));
          if (service.name != name) continue;
          service.active = false;
          FB_CHECK(store(tx, "service", service_event(kind::kServiceChanged, id_of(actor), service),
                         service, document.revision + 1));
          FB_CHECK(reload(tx));
          return Json();
        }
        return Error{ErrorCode::not_found, "There is no such service.", "name", {}};
      },
      Attempt{id_of(actor), "service.deactivate", {}}));
}

// A refusal is recorded as an attempt at `what`.
Result<void> Directory::check_manager(const std::optional<Actor>& actor, const char* what) {
  return as_void(recorder_.run(
      [&](Transaction& tx) -> Result<Json> {
        FB_CHECK(need_manager(tx, actor));
        return Json();
      },
      Attempt{id_of(actor), what, {}}));
}

Result<std::string> Directory::reset_password(const std::optional<Actor>& actor,
                                              const std::string& name) {
  FB_CHECK(check_manager(actor, "person.reset_password"));
  const auto who = person_named(name);
  if (!who) return no_such_person();
  const std::string password = identity::one_time_password(random_);
  FB_TRY(const std::string hash, identity::hash_password(password, cost_));
  FB_CHECK(change_person(id_of(actor), who->id, [&](Person& changed) {
    changed.password_hash = hash;
    changed.must_change_password = true;
    changed.password_until = clock_.now() + one_time_password_;
  }));
  sessions_.end_all(who->id);
  return password;
}

Result<std::vector<Person>> Directory::people_in(Transaction& tx) {
  FB_TRY(const auto documents, tx.all("person"));
  std::vector<Person> out;
  for (const Document& document : documents) {
    FB_TRY(const Json body, body_of(document));
    FB_TRY(Person person, identity::read_person(body));
    out.push_back(std::move(person));
  }
  return out;
}

Result<void> Directory::link_account(const std::optional<Actor>& actor, const std::string& name,
                                     const identity::ProviderAccount& account) {
  FB_CHECK(check_manager(actor, "person.link_account"));
  const auto who = person_named(name);
  if (!who) return no_such_person();
  const auto link = [&](Transaction& tx, Person& changed) -> Result<void> {
    FB_CHECK(not_anothers(tx, changed.id, account));
    std::erase_if(changed.accounts, [&](const auto& old) { return old.issuer == account.issuer; });
    changed.accounts.push_back(account);
    return {};
  };
  FB_CHECK(change_checked(id_of(actor), who->id, link));
  sessions_.end_all(who->id);
  return {};
}

std::optional<Person> Directory::person(std::string_view id) const {
  const auto now = snapshot();
  const auto found = now->people.find(id);
  if (found == now->people.end()) return std::nullopt;
  return found->second;
}

std::optional<Person> Directory::person_named(std::string_view name) const {
  const auto now = snapshot();
  const auto found = now->ids_by_name.find(name);
  if (found == now->ids_by_name.end()) return std::nullopt;
  return now->people.at(found->second);
}

std::vector<Person> Directory::people() const {
  const auto now = snapshot();
  std::vector<Person> out;
  for (const auto& [id, who] : now->people) out.push_back(who);
  return out;
}

std::vector<Service> Directory::services() const {
  const auto now = snapshot();
  std::vector<Service> out;
  for (const auto& [hash, service] : now->services) out.push_back(service);
  return out;
}

}  // namespace firebreak::record
