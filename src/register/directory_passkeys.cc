// SPDX-License-Identifier: Apache-2.0
// The passkeys of people: registering, confirming and suspending them, and signing in with one.
#include <algorithm>
#include <utility>

#include "identity/rights.h"
#include "register/directory.h"
#include "register/event.h"
#include "register/force_settings.h"
#include "register/passkey_use.h"
#include "register/step_parts.h"

namespace firebreak::record {

using identity::Passkey;
using identity::Person;
using identity::Purpose;

namespace {

constexpr int kConfirmations = 2;
constexpr size_t kMostPasskeys = 20;  // of one person, the suspended ones too

Error no_passkey_site() {
  return {ErrorCode::unavailable, "This server has no address that passkeys can belong to.",
          "[web] origin", "Set origin in force.toml to the public https address."};
}

Error not_signed_in() {
  return {ErrorCode::unauthorised, "Nobody is signed in.", {}, "Sign in again."};
}

Error sign_in_anew() {
  return {ErrorCode::unauthorised,
          "You signed in through the force's own sign-in too long ago.",
          {},
          "Sign out, sign in again, and come back within five minutes."};
}

// The same for every reason that is not for a stranger to know.
Error unknown_passkey() {
  return {ErrorCode::unauthorised,
          "This passkey opens nothing here.",
          {},
          "Sign in with your password, or ask an administrator."};
}

std::string asked_about(const std::string& referral, uint64_t revision) {
  return referral + " " + std::to_string(revision);
}

// Whether anybody has a passkey with this identifier, or this public key under another one.
bool known_to_anybody(const std::vector<Person>& people, const Passkey& made) {
  return std::any_of(people.begin(), people.end(), [&](const Person& person) {
    return std::any_of(person.passkeys.begin(), person.passkeys.end(), [&](const Passkey& passkey) {
      return passkey.id == made.id || passkey.public_key == made.public_key;
    });
  });
}

std::vector<Passkey> usable_passkeys(const Person& person, const identity::RelyingParty& site,
                                     Instant now) {
  std::vector<Passkey> out;
  for (const Passkey& passkey : person.passkeys) {
    if (passkey.origin == site.origin && identity::is_usable(passkey, now)) out.push_back(passkey);
  }
  return out;
}

// The new passkey of who holds a rank, as two persons decided.
Result<void> make_it_wait(Transaction& tx, const Person& holder, Passkey& passkey) {
  FB_TRY(const Json settings, settings_now(tx));
  const Json& decided = settings.at("settings");
  if (decided.at(kPasskeysByTwo) == false || !identity::holds_any_rank(holder, passkey.from))
    return {};
  passkey.confirmations = kConfirmations;
  passkey.wait_hours = decided.at(kPasskeyDelayHours).get<int>();
  return {};
}

Result<void> may_suspend(Transaction& tx, const Actor& actor, const std::string& person_id) {
  if (actor.must_change_password) return tx.refuse(Refusal::password_change_due);
  if (actor.id == person_id && !actor.service && actor.through.empty()) return {};
  if (!identity::may(actor, identity::Right::manage_people)) return tx.refuse(Refusal::no_right);
  return {};
}

Result<void> add_confirmation(Transaction& tx, const Actor& actor, const std::string& ref,
                              Person& person) {
  FB_CHECK(need_by_record(tx, actor, Right::manage_people));
  if (actor.id == person.id) return tx.refuse(Refusal::own_passkey);
  Passkey* passkey = identity::passkey_named(person, ref);
  if (passkey == nullptr || !identity::is_pending(*passkey))
    return tx.refuse(Refusal::nothing_to_confirm);
  const auto& by = passkey->confirmed_by;
  if (std::find(by.begin(), by.end(), actor.id) != by.end())
    return tx.refuse(Refusal::confirmed_already);
  if (tx.now() < passkey->registered + std::chrono::hours{passkey->wait_hours})
    return tx.refuse(Refusal::confirmed_too_early);
  passkey->confirmed_by.push_back(actor.id);
  return {};
}

}  // namespace

Result<Person> Directory::holder(std::string_view token) {
  const auto session = sessions_.find(token);
  // A link that a records system made is for questions alone.
  if (!session || session->basis.way == identity::SignInWay::link) return not_signed_in();
  auto who = person(session->person_id);
  if (!who || !who->active) return not_signed_in();
  return *std::move(who);
}

bool Directory::needs_passkey(const Person& person) const {
  if (!rules_.site || rules_.second_factor == SecondFactor::optional) return false;
  const Instant now = clock_.now();
  if (rules_.second_factor == SecondFactor::required_for_ranks &&
      !identity::holds_any_rank(person, london_day(now)))
    return false;
  return !usable_passkeys(person, *rules_.site, now).empty();
}

// Who came in through a provider has no password here: that they have just come in stands for it.
bool Directory::just_began(const std::vector<identity::ListedSession>& sessions) const {
  return std::ranges::any_of(sessions, [&](const identity::ListedSession& session) {
    return session.here && clock_.now() - session.started < identity::Challenges::kLife;
  });
}

Result<void> Directory::begin_passkey(std::string_view token, std::string_view password) {
  if (!rules_.site) return no_passkey_site();
  FB_TRY(const Person who, holder(token));
  if (sessions_.find(token)->basis.way == identity::SignInWay::provider) {
    if (!just_began(sessions_.of(who.id, token))) return sign_in_anew();
    challenges_.give(Purpose::registration, token);
    return {};
  }
  if (who.must_change_password) return refusal_error(Refusal::password_change_due);
  FB_CHECK(sessions_.may_try(who.name));
  if (!identity::password_matches(who.password_hash, password)) {
    sessions_.failed(who.name);
    return Error{ErrorCode::unauthorised, "This is not your password.", "password", {}};
  }
  challenges_.give(Purpose::registration, token);
  return {};
}

Result<Json> Directory::passkey_options(std::string_view token) {
  if (!rules_.site) return no_passkey_site();
  FB_TRY(const Person who, holder(token));
  const auto challenge = challenges_.waiting(Purpose::registration, token);
  if (!challenge) {
    return Error{ErrorCode::unauthorised,
                 "Your password was not given in the last five minutes.",
                 {},
                 "Give your password again."};
  }
  return identity::creation_options(*rules_.site, {who.id, who.name, who.display_name}, *challenge,
                                    who.passkeys);
}

Result<std::string> Directory::register_passkey(std::string_view token, const std::string& name,
                                                std::string_view answer) {
  if (!rules_.site) return no_passkey_site();
  FB_TRY(const Person who, holder(token));
  FB_TRY(const Digest challenge, challenges_.take(Purpose::registration, token));
  FB_TRY(Passkey passkey, identity::verify_registration(answer, challenge, *rules_.site));
  passkey.name = name;
  const std::string ref = identity::passkey_ref(passkey.id);
  const auto changed_record = change_checked(
      who.id, who.id,
      [&](Transaction& tx, Person& changed) -> Result<void> {
        FB_TRY(const std::vector<Person> everybody, people_in(tx));
        if (changed.passkeys.size() >= kMostPasskeys || known_to_anybody(everybody, passkey)) {
          return Error{ErrorCode::conflict,
                       "This passkey is registered already, or there are too many.",
                       {},
                       "Use another authenticator."};
        }
        passkey.registered = tx.now();
        passkey.from = london_day(tx.now());
        FB_CHECK(make_it_wait(tx, changed, passkey));
        changed.passkeys.push_back(passkey);
        return {};
      },
      Attempt{who.id, "passkey.register", {}});
  if (!changed_record) return changed_record.error();
  return ref;
}

Result<void> Directory::suspend_passkey(const Actor& actor, const std::string& person_id,
                                        const std::string& ref, std::string_view keep) {
  const auto changed_record = change_checked(
      actor.id, person_id,
      [&](Transaction& tx, Person& changed) -> Result<void> {
        FB_CHECK(may_suspend(tx, actor, person_id));
        Passkey* passkey = identity::passkey_named(changed, ref);
        if (passkey == nullptr)
          return Error{ErrorCode::not_found, "There is no such passkey.", {}, {}};
        if (passkey->suspended)
          return Error{ErrorCode::conflict, "This passkey was suspended already.", {}, {}};
        passkey->suspended = tx.now();
        return {};
      },
      Attempt{actor.id, "passkey.suspend", {}});
  if (!changed_record) return changed_record.error();
  sessions_.end_all(person_id, keep);
  return {};
}

Result<void> Directory::confirm_passkey(const Actor& actor, const std::string& person_id,
                                        const std::string& ref) {
  return change_checked(
      actor.id, person_id,
      [&](Transaction& tx, Person& changed) { return add_confirmation(tx, actor, ref, changed); },
      Attempt{actor.id, "passkey.confirm", {}});
}

Result<Json> Directory::sign_in_options(std::string_view browser) {
  if (!rules_.site) return no_passkey_site();
  return identity::request_options(*rules_.site, challenges_.give(Purpose::sign_in, browser), {});
}

Result<SignedIn> Directory::sign_in_with_passkey(std::string_view browser, std::string_view answer,
                                                 std::string_view provider_browser) {
  if (!rules_.site) return no_passkey_site();
  FB_TRY(const Digest challenge, challenges_.take(Purpose::sign_in, browser));
  FB_TRY(const identity::Assertion assertion, identity::read_assertion(answer));
  const std::string ref = identity::passkey_ref(assertion.passkey);
  for (const Person& who : people()) {
    const Passkey* passkey = identity::passkey_named(who, ref);
    if (passkey == nullptr) continue;
    const auto provided = half_way(who.id, provider_browser);
    const bool open = local_ || provided || last_administrator(who);
    if (!open || !who.active || !identity::is_usable(*passkey, clock_.now()))
      return unknown_passkey();
    FB_CHECK(as_void(recorder_.run([&](Transaction& tx) -> Result<Json> {
      FB_TRY(PasskeyUse use, use_passkey(tx, *passkey, assertion, challenge, *rules_.site));
      if (use.documents.empty()) return Json();
      Json event = new_event(kind::kPasskeyUsed, who.id);
      event["passkey"] = ref;
      FB_TRY([[maybe_unused]] const uint64_t seq,
             tx.append(std::move(event), std::move(use.documents)));
      return Json();
    })));
    identity::SessionBasis basis;
    if (provided) {
      const std::scoped_lock lock(mutex_);
      half_way_.erase(who.id);
      basis = {identity::SignInWay::provider, *provided, {}};
    }
    const identity::NewSession session = sessions_.start(who.id, who.name, basis);
    return SignedIn{session.token, session.expires, !provided && who.must_change_password,
                    identity::actor_of(who)};
  }
  return unknown_passkey();
}

Result<Json> Directory::sign_off_options(std::string_view token, const ReferralState& referral) {
  if (!rules_.site) return no_passkey_site();
  FB_TRY(const Person who, holder(token));
  const auto digest = parse_digest(referral.statement_digest);
  if (referral.state != State::submitted || !digest) return refusal_error(Refusal::wrong_state);
  const auto usable = usable_passkeys(who, *rules_.site, clock_.now());
  if (usable.empty()) return refusal_error(Refusal::passkey_not_usable);
  challenges_.give(Purpose::sign_off, token, asked_about(referral.id, referral.revision), *digest);
  return identity::request_options(*rules_.site, *digest, usable);
}

Result<SignOffRequest> Directory::take_sign_off(std::string_view token, const std::string& referral,
                                                uint64_t revision, std::string_view answer) {
  FB_TRY(const Digest asked,
         challenges_.take(Purpose::sign_off, token, asked_about(referral, revision)));
  FB_TRY(identity::Assertion assertion, identity::read_assertion(answer));
  SignOffRequest request;
  request.statement_digest = show_digest(asked);
  request.key = identity::passkey_ref(assertion.passkey);
  request.assertion = std::move(assertion);
  return request;
}

}  // namespace firebreak::record
