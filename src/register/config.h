// SPDX-License-Identifier: Apache-2.0
// force.toml: what a force decides for itself. Read whole at start; a setting that is unknown,
// missing or wrong stops the start with its name, its line and what to do.
//
//   FB_TRY(Config config, read_config(text, "force.toml"));
//   const Destination* desk = config.destination("immigration-desk");
//
//   [force]          name, domain (of Message-IDs), districts (the first offices)
//   [ledger]         origin, checkpoint_seconds (600), pad_to (64)
//   [mail]           from, relay ("" or "smtp://host:port"), tls ("required" or "none"),
//                    ca_file (""), outbox_sealed (true)
//   [referrals]      erase_refused_days (30), erase_begun_days (14),
//                    supervisor ("optional" or "required")
//   [outcomes]       chase_days ([7, 28, 90]): when the recipient is asked what became of it
//   [retention]      years (7): after these a closed or failed referral is due for erasure
//   [changes]        delay_hours (24): how long after its approval a change of two persons waits
//   [[destination]]  id, recipient (a value of the vocabulary), address, label
//   [[policy]]       file; from, until (YYYY-MM-DD; what is not here the policy's text says);
//                    offences (a .offences file in policies/; none)
//   [policy.settings]  what the force decides of what the policy above leaves open
//   [[assertion]]    text, claim: what every policy holds before it is put in force, as the policy
//                    language says it after the text of an `assert`
//   [web]            listen ("127.0.0.1:8080"), origin (""), open_pages_per_minute (600, for each
//                    address), address_header (""; docs/operations.md)
//   [sign_in]        local (true), idle_minutes (30), absolute_hours (12), one_time_password_days
//                    (7), per_minute (60, for each address), second_factor
//                    ("required_for_ranks", "required" or "optional"), passkeys_by_two (true),
//                    passkey_delay_hours (24)
//   [sign_in.oidc]   issuer, client_id, client_secret_file, claim, name_claim (""); and
//   [sign_in.oidc.roles]  a group = a role, or a list of roles
//   [sign_off]       file_keys (false): whether an Ed25519 key file signs off as a passkey does;
//                    urgent_hours (12): how long an urgent sign-off holds
//
// Destinations, policies, assertions, [referrals], [retention], the delay, file_keys and what
// begins with passkey are the force's first decisions only: once recorded, two persons change them,
// and a force.toml that says otherwise is not followed (force_settings.h).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "identity/oidc/settings.h"
#include "identity/session.h"
#include "policy/check.h"
#include "policy/dates.h"
#include "policy/policy.h"
#include "register/destination.h"

namespace firebreak::record {

struct PolicyPeriod {
  std::string file;  // name inside the data folder's policies/
  // Its days as far as force.toml says them; the policy's text says the others.
  policy::InForce days;
  // [policy.settings]: what the force decides of what the policy leaves open.
  policy::SettingValues settings;
  std::string offences;  // the list it classes histories by, inside policies/; empty: by none
};

enum class MailTls { required, none };

// Whether a supervisor must forward a referral before anybody decides about it.
enum class SupervisorLook { optional, required };
// Who, having a passkey, must sign in with it: nobody, who holds a rank, everybody.
enum class SecondFactor { optional, required_for_ranks, required };

struct Config {
  struct Force {
    std::string name;
    std::string domain;
    std::vector<std::string> districts;
  } force;
  struct Ledger {
    std::string origin;
    std::chrono::seconds checkpoint_every{600};
    uint64_t pad_to = 64;
  } ledger;
  struct Mail {
    std::string from;
    std::string relay;  // empty: the outbox folder
    MailTls tls = MailTls::required;
    std::string ca_file;  // PEM: only these authorities vouch for the relay; empty: the system's
    bool outbox_sealed = true;
  } mail;
  struct Referrals {
    int erase_refused_days = 30;
    int erase_begun_days = 14;  // without a change
    SupervisorLook supervisor = SupervisorLook::optional;
  } referrals;
  struct Outcomes {
    std::vector<int> chase_days = {7, 28, 90};
  } outcomes;
  struct Retention {
    int years = 7;
  } retention;
  struct Changes {
    int delay_hours = 24;
  } changes;
  struct Web {
    std::string listen = "127.0.0.1:8080";
    std::string origin;
    // The header in which a trusted proxy says who asks, in lower case; empty: nobody is believed.
    std::string address_header;
    unsigned open_pages_per_minute = 600;  // pages for an address that is not signed in
  } web;
  struct SignIn {
    bool local = true;  // by password or passkey; false: through the provider alone
    identity::SessionLimits sessions;
    std::chrono::hours one_time_password{7 * 24};  // how long it works
    unsigned per_minute = 60;                      // attempts of an address
    // Without its secret and the address to come back to; nothing when there is no provider.
    std::optional<identity::oidc::Settings> oidc;
    std::string oidc_secret_file;
    SecondFactor second_factor = SecondFactor::required_for_ranks;
    // Whether the passkey of who holds a rank counts only once two others confirmed it, and the
    // hours after its registration before which they cannot.
    bool passkeys_by_two = true;
    int passkey_delay_hours = 24;
  } sign_in;
  struct SignOff {
    bool file_keys = false;
    int urgent_hours = 12;  // after an urgent sign-off it may be released
  } sign_off;
  std::vector<Destination> destinations;
  std::vector<PolicyPeriod> policies;  // as in the file
  std::vector<policy::ForceAssertion> assertions;

  [[nodiscard]] const Destination* destination(std::string_view id) const;
};

// `name` is the file's name for messages. Error: bad_input with "name:line:column" in `where`.
Result<Config> read_config(std::string_view text, const std::string& name);

// The force.toml of a new data folder: example domains, commented. Policies come into force on
// `today`.
struct NewConfig {
  std::string force_name = "Example Police";
  std::string domain = "police.example";
  std::string policy_file = "psni-service-instruction.policy";
  bool demo = false;  // an outbox that can be read, without a relay
};
std::string new_config_text(const NewConfig& choices, Day today);

}  // namespace firebreak::record
