// SPDX-License-Identifier: Apache-2.0
// How people come in and go out (directory.h).
#include <algorithm>
#include <utility>

#include "identity/token.h"
#include "register/directory.h"
#include "register/event.h"

namespace firebreak::record {

using identity::Person;
using identity::SignInWay;

namespace {

Error wrong_password() {
  return {ErrorCode::unauthorised,
          "Name and password do not fit together.",
          {},
          "Check both and try again."};
}

Error not_by_password() {
  return {ErrorCode::forbidden,
          "Nobody signs in with a password here.",
          {},
          "Sign in through the force's own sign-in."};
}

Error password_too_old() {
  return {ErrorCode::forbidden,
          "This one-time password has expired.",
          {},
          "Ask your administrator for a new one."};
}

Error nobodys_account() {
  return {ErrorCode::unauthorised,
          "Your account there belongs to nobody here.",
          {},
          "Ask your administrator to link it to you."};
}

Error ended() { return {ErrorCode::unauthorised, "This session has ended.", {}, "Sign in again."}; }

bool linked_to(const Person& person, const std::string& issuer) {
  return std::ranges::any_of(person.accounts,
                             [&](const auto& account) { return account.issuer == issuer; });
}

SignedIn signed_in(const identity::NewSession& session, const Person& who) {
  return {session.token, session.expires, who.must_change_password, identity::actor_of(who)};
}

}  // namespace

bool Directory::last_administrator(const Person& who) const {
  const auto administers = [](const Person& person) {
    return person.active && std::ranges::count(person.roles, "administrator") > 0;
  };
  return administers(who) && std::ranges::count_if(people(), administers) == 1;
}

Result<SignedIn> Directory::sign_in(const std::string& name, std::string_view password) {
  FB_CHECK(sessions_.may_try(name));
  const auto who = person_named(name);
  if (!who || !who->active) {
    identity::spend_password_time(password, cost_);
    sessions_.failed(name);
    return wrong_password();
  }
  if (!identity::password_matches(who->password_hash, password)) {
    sessions_.failed(name);
    return wrong_password();
  }
  // Said to those alone who know the password: it tells nobody else whose name exists.
  if (!local_ && !last_administrator(*who)) return not_by_password();
  if (who->must_change_password && who->password_until && clock_.now() >= *who->password_until)
    return password_too_old();
  if (needs_passkey(*who)) return SignedIn{{}, {}, false, identity::actor_of(*who), true};
  return signed_in(sessions_.start(who->id, name), *who);
}

Result<void> Directory::not_anothers(Transaction& tx, const std::string& person,
                                     const identity::ProviderAccount& account) {
  FB_TRY(const std::vector<Person> people, people_in(tx));
  const bool taken = std::ranges::any_of(people, [&](const Person& other) {
    return other.id != person && std::ranges::count(other.accounts, account) > 0;
  });
  if (!taken) return {};
  return Error{ErrorCode::conflict, "This account is linked to another person.", "subject",
               "Check the subject with whoever runs the provider."};
}

std::chrono::seconds Directory::sign_in_wait(const std::string& name) {
  return sessions_.wait(name);
}

// The person of the account; on its first use the one with the name that the provider says.
Result<Person> Directory::owner_of(const identity::oidc::SignedIn& who) {
  const identity::ProviderAccount account{who.issuer, who.subject};
  for (const Person& person : people()) {
    if (std::ranges::count(person.accounts, account) == 0) continue;
    return person.active ? Result<Person>(person) : nobodys_account();
  }
  const auto named = who.name.empty() ? std::nullopt : person_named(who.name);
  // Once linked, a name at the provider moves nobody's link: names are given again, subjects not.
  if (!named || !named->active || linked_to(*named, who.issuer)) return nobodys_account();
  const auto linked =
      change_checked(named->id, named->id, [&](Transaction& tx, Person& changed) -> Result<void> {
        FB_CHECK(not_anothers(tx, changed.id, account));
        if (linked_to(changed, who.issuer)) return nobodys_account();  // somebody was quicker
        changed.accounts.push_back(account);
        return {};
      });
  if (!linked)
    return linked.error().code == ErrorCode::conflict ? nobodys_account() : linked.error();
  return *named;
}

Result<SignedIn> Directory::sign_in_by_provider(const identity::oidc::SignedIn& who,
                                                std::string_view browser) {
  FB_TRY(const Person person, owner_of(who));
  if (needs_passkey(person)) {
    const std::scoped_lock lock(mutex_);
    half_way_[person.id] = {identity::token_hash(browser), who.roles, clock_.now()};
    return SignedIn{{}, {}, false, identity::actor_of(person), true};
  }
  SignedIn session = signed_in(
      sessions_.start(person.id, person.name, {SignInWay::provider, who.roles, {}}), person);
  session.must_change_password = false;
  return session;
}

std::optional<std::vector<std::string>> Directory::half_way(const std::string& person,
                                                            std::string_view browser) {
  const std::scoped_lock lock(mutex_);
  const auto found = half_way_.find(person);
  if (browser.empty() || found == half_way_.end() ||
      found->second.browser != identity::token_hash(browser) ||
      clock_.now() - found->second.at >= identity::Challenges::kLife)
    return std::nullopt;
  return found->second.roles;
}

Result<SignedIn> Directory::sign_in_by_link(const std::string& person_id,
                                            const std::string& service) {
  const auto who = person(person_id);
  if (!who || !who->active) return ended();
  const auto recorded = recorder_.run([&](Transaction& tx) -> Result<Json> {
    Json event = new_event(kind::kSessionLinked, person_id);
    event["service"] = service;
    FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
    return Json();
  });
  FB_CHECK(as_void(recorded));
  SignedIn session =
      signed_in(sessions_.start(who->id, who->name, {SignInWay::link, {}, service}), *who);
  session.must_change_password = false;
  return session;
}

void Directory::sign_out(std::string_view token) { sessions_.end(token); }

void Directory::sign_out_everywhere(std::string_view token) {
  if (const auto session = sessions_.find(token)) sessions_.end_all(session->person_id);
}

std::vector<identity::ListedSession> Directory::sessions_of(std::string_view token) {
  const auto session = sessions_.find(token);
  if (!session) return {};
  return sessions_.of(session->person_id, token);
}

std::optional<std::string> Directory::renew_session(std::string_view token) {
  const auto renewed = sessions_.renew(token);
  return renewed ? std::optional(renewed->token) : std::nullopt;
}

std::optional<std::string> Directory::late_holder(std::string_view token) {
  return sessions_.late_holder(token);
}

Result<SignedIn> Directory::change_password(std::string_view token, std::string_view old_password,
                                            std::string_view new_password) {
  const auto session = sessions_.find(token);
  const auto who = session ? person(session->person_id) : std::nullopt;
  if (!who || !who->active) return ended();
  if (session->basis.way != SignInWay::local) return not_by_password();
  FB_CHECK(sessions_.may_try(who->name));
  if (!identity::password_matches(who->password_hash, old_password)) {
    sessions_.failed(who->name);
    return wrong_password();
  }
  FB_CHECK(identity::check_new_password(new_password));
  if (new_password == old_password)
    return bad_input("The new password is the old one.", "password", "Choose another.");
  FB_TRY(const std::string hash, identity::hash_password(new_password, cost_));
  FB_CHECK(change_person(who->id, who->id, [&](Person& changed) {
    changed.password_hash = hash;
    changed.must_change_password = false;
    changed.password_until.reset();
  }));
  sessions_.end_all(who->id, token);
  const auto renewed = sessions_.renew(token);
  if (!renewed) return ended();
  SignedIn out = signed_in(*renewed, *who);
  out.must_change_password = false;
  out.actor.must_change_password = false;
  return out;
}

}  // namespace firebreak::record
