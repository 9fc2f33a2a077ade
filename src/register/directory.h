// SPDX-License-Identifier: Apache-2.0
// The people and services of the force: who a token belongs to, signing in, adding and changing.
// Reads come from memory; changes are documents with an entry each.
//
//   FB_TRY(SignedIn session, directory.sign_in(name, password));
//   FB_TRY(Actor actor, directory.authenticate(bearer_token));
//   FB_TRY(NewService service, directory.add_service(admin, "records", "records_system"));
//
// How a person comes in says what they may do: with a password of this directory what its roles
// give; through the force's provider what the roles of its groups give (docs/decisions/
// openid-connect.md); by a link of a records system nothing but questions. Nobody who is suspended
// here comes in on any way.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "identity/challenges.h"
#include "identity/oidc/provider.h"
#include "identity/password.h"
#include "identity/person.h"
#include "identity/session.h"
#include "identity/signoff.h"
#include "register/config.h"
#include "register/passkey_rules.h"
#include "register/recorder.h"
#include "register/referrals.h"

namespace firebreak::record {

struct SignedIn {
  std::string token;  // empty when a passkey is needed
  Instant expires;
  bool must_change_password = false;
  identity::Actor actor;
  bool passkey_needed = false;  // the password is right, and a passkey must answer instead of it
};

struct NewPerson {
  std::string name;
  std::string display_name;
  std::vector<std::string> roles;
  std::vector<identity::RankHeld> ranks;
  bool signing_key = false;  // makes one; its secret part is in what add_person gives
};

struct AddedPerson {
  std::string id;
  std::string name;
  std::string password;  // one-time; to be shown once
  std::optional<identity::SigningSecret> signing_secret;
};

struct AddedService {
  std::string id;
  std::string name;
  std::string token;  // to be shown once
};

// Safe to call from several threads. The calls that compare or make a password take a few hundred
// milliseconds and the calls that record wait for the disk: not for an I/O thread.
class Directory {
 public:
  // The directory as it stands in the store. Without rules there are no passkeys.
  static Result<std::unique_ptr<Directory>> load(Recorder& recorder, const Clock& clock,
                                                 Random& random, identity::PasswordCost cost,
                                                 const Config::SignIn& settings,
                                                 PasskeyRules rules = {});

  // A session's or a service's bearer token. Quick. Error: unauthorised.
  [[nodiscard]] Result<identity::Actor> authenticate(std::string_view token);
  // Errors: unauthorised, the same for an unknown name, a wrong password and an inactive person;
  // forbidden when the password is right but its days are over, or passwords are switched off and
  // this is not the last administrator; too_many when there were too many wrong attempts under
  // this name.
  Result<SignedIn> sign_in(const std::string& name, std::string_view password);
  // How long until a password may be tried under this name; none when it may be now.
  std::chrono::seconds sign_in_wait(const std::string& name);
  // Whoever a provider vouches for. The first time, the person is the one with the sign-in name
  // that the provider says (where force.toml names the claim), and is linked to the account for
  // good. Who must use their passkey (needs_passkey) is not in yet: `passkey_needed`, and
  // `browser`, a secret of theirs, goes with the passkey to sign_in_with_passkey() within five
  // minutes. Error: unauthorised when the account is nobody's here, or an inactive person's.
  Result<SignedIn> sign_in_by_provider(const identity::oidc::SignedIn& who,
                                       std::string_view browser = {});
  // By a link that `service` made, for questions alone; recorded. Error: unauthorised.
  Result<SignedIn> sign_in_by_link(const std::string& person_id, const std::string& service);
  void sign_out(std::string_view token);
  void sign_out_everywhere(std::string_view token);
  // The live sessions of whose token this is.
  [[nodiscard]] std::vector<identity::ListedSession> sessions_of(std::string_view token);
  // Another token for this session, when what it may do has grown; the old one ends. Nothing when
  // it is not live.
  std::optional<std::string> renew_session(std::string_view token);
  // Whose session this was, when it ended by itself a short while ago.
  [[nodiscard]] std::optional<std::string> late_holder(std::string_view token);
  // Ends the person's other sessions and gives this one another token. Errors: unauthorised (old
  // password), forbidden (not signed in by password), bad_input (new one).
  Result<SignedIn> change_password(std::string_view token, std::string_view old_password,
                                   std::string_view new_password);

  // `actor` needs manage_people, or is empty when the command line acts on the folder itself (then
  // recorded as "system"). A rank is given only while the register is made; afterwards two persons
  // give it (changes.h). Errors: forbidden, conflict (the name is taken), bad_input.
  Result<AddedPerson> add_person(const std::optional<identity::Actor>& actor, const NewPerson& who);
  Result<AddedService> add_service(const std::optional<identity::Actor>& actor,
                                   const std::string& name, const std::string& service_kind);
  Result<void> deactivate_person(const std::optional<identity::Actor>& actor,
                                 const std::string& name);
  // Within the work of a change that took effect: the person's ranks from now on. Passkeys that
  // nobody had to confirm must be confirmed now.
  Result<void> set_ranks(Transaction& tx, const std::string& id, const Json& ranks,
                         const std::string& change);
  Result<void> deactivate_service(const std::optional<identity::Actor>& actor,
                                  const std::string& name);
  // A new one-time password for a person who forgot theirs, to be shown once; ends their sessions.
  // Errors: forbidden, not_found.
  Result<std::string> reset_password(const std::optional<identity::Actor>& actor,
                                     const std::string& name);
  // Links a person to their account at a provider, in place of another one there. Errors:
  // forbidden, not_found, bad_input, conflict when the account is another person's.
  Result<void> link_account(const std::optional<identity::Actor>& actor, const std::string& name,
                            const identity::ProviderAccount& account);

  // Passkeys (directory_passkeys.cc). `token` is a session's, `browser` what a visitor's browser
  // holds, `ref` a passkey's short name (identity/passkey.h), `answer` what the page's script
  // brings back.
  [[nodiscard]] const PasskeyRules& passkey_rules() const { return rules_; }
  // Compares the person's password, and asks for a new passkey; for who came in through a provider,
  // that they came in less than five minutes ago. Errors: unauthorised; unavailable, also where
  // there is no site for passkeys.
  Result<void> begin_passkey(std::string_view token, std::string_view password);
  // What the script asks the browser for. Error: unauthorised, when begin_passkey() was not called
  // in the last five minutes.
  Result<Json> passkey_options(std::string_view token);
  // Records the new passkey; that of somebody who holds a rank waits until it is confirmed. Gives
  // its short name. Errors: as verify_registration; conflict (known already); bad_input (name).
  Result<std::string> register_passkey(std::string_view token, const std::string& name,
                                       std::string_view answer);
  // Ends it, and the person's sessions but the one with `keep`. By its holder, or who may manage
  // people. Errors: forbidden; not_found; conflict (suspended already).
  Result<void> suspend_passkey(const identity::Actor& actor, const std::string& person_id,
                               const std::string& ref, std::string_view keep = {});
  // One of the two confirmations of a passkey. Refused to the holder, to who lacks manage_people,
  // twice to the same person, and before the delay.
  Result<void> confirm_passkey(const identity::Actor& actor, const std::string& person_id,
                               const std::string& ref);
  // Asks for any passkey of the site. Error: unavailable.
  Result<Json> sign_in_options(std::string_view browser);
  // `provider_browser`: what sign_in_by_provider() was given, when that came before; the session
  // then is one through the provider. Error: unauthorised, the same for an unknown, pending or
  // suspended passkey and an inactive person.
  Result<SignedIn> sign_in_with_passkey(std::string_view browser, std::string_view answer,
                                        std::string_view provider_browser = {});
  // Asks for one of the person's passkeys in use, to sign this referral's statement. Errors:
  // conflict, when there is nothing to sign or no passkey to sign with; unavailable.
  Result<Json> sign_off_options(std::string_view token, const ReferralState& referral);
  // What goes to Referrals::authorise: the answer, with the digest that this session was asked to
  // sign. Errors: unauthorised; those of read_assertion.
  Result<SignOffRequest> take_sign_off(std::string_view token, const std::string& referral,
                                       uint64_t revision, std::string_view answer);

  [[nodiscard]] std::optional<identity::Person> person(std::string_view id) const;
  [[nodiscard]] std::optional<identity::Person> person_named(std::string_view name) const;
  [[nodiscard]] std::vector<identity::Person> people() const;
  [[nodiscard]] std::vector<identity::Service> services() const;

 private:
  struct Snapshot;
  Directory(Recorder& recorder, const Clock& clock, Random& random, identity::PasswordCost cost,
            const Config::SignIn& settings, PasskeyRules rules);
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
  void replace(std::shared_ptr<const Snapshot> next);
  Result<void> reload(Transaction& tx);
  Result<void> change_person(const std::string& actor, const std::string& id,
                             const std::function<void(identity::Person&)>& change);
  using PersonChange = std::function<Result<void>(Transaction&, identity::Person&)>;
  Result<void> change_checked(const std::string& actor, const std::string& id,
                              const PersonChange& change,
                              std::optional<Attempt> attempt = std::nullopt);
  // Everybody, as this work sees them: with what earlier works of the same commit did.
  static Result<std::vector<identity::Person>> people_in(Transaction& tx);
  // Error: conflict, when the account is linked to another than this person.
  static Result<void> not_anothers(Transaction& tx, const std::string& person,
                                   const identity::ProviderAccount& account);
  Result<void> check_manager(const std::optional<identity::Actor>& actor, const char* what);
  Result<identity::Person> owner_of(const identity::oidc::SignedIn& who);
  [[nodiscard]] bool last_administrator(const identity::Person& who) const;
  // The person of a live session. Error: unauthorised.
  Result<identity::Person> holder(std::string_view token);
  [[nodiscard]] bool just_began(const std::vector<identity::ListedSession>& sessions) const;
  [[nodiscard]] bool needs_passkey(const identity::Person& person) const;

  // Whom the provider vouched for, and whose passkey must answer yet.
  struct HalfWay {
    Digest browser{};
    std::vector<std::string> roles;
    Instant at;
  };
  // The roles that the provider gave this person in this browser, within five minutes.
  std::optional<std::vector<std::string>> half_way(const std::string& person,
                                                   std::string_view browser);

  Recorder& recorder_;
  const Clock& clock_;
  Random& random_;
  identity::PasswordCost cost_;
  const bool local_;                            // whether passwords open the door
  const std::chrono::hours one_time_password_;  // how long one works
  PasskeyRules rules_;
  identity::Sessions sessions_;
  identity::Challenges challenges_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::map<std::string, HalfWay> half_way_;  // by the person
};

}  // namespace firebreak::record
