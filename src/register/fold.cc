// SPDX-License-Identifier: Apache-2.0
#include "register/fold.h"

#include <algorithm>
#include <utility>

#include "identity/rights.h"
#include "identity/signoff.h"
#include "identity/webauthn.h"
#include "register/event.h"
#include "register/fold_parts.h"
#include "register/force_settings.h"
#include "register/refusal.h"
#include "register/statement.h"

namespace firebreak::record {
namespace {

DocumentKey key_of(const Json& document) {
  return {document.at("kind").get<std::string>(), document.at("id").get<std::string>(),
          document.at("revision").get<uint64_t>()};
}

PolicyFile policy_file(const Json& entry) {
  PolicyFile out;
  out.file = entry.at("file").get<std::string>();
  out.digest = entry.at("policy").at("digest").get<std::string>();
  if (entry.contains("settings"))
    out.decided.settings = entry.at("settings").get<policy::SettingValues>();
  if (entry.contains("offences")) {
    out.offences_file = entry.at("offences").at("file").get<std::string>();
    out.decided.offences = entry.at("offences").at("digest").get<std::string>();
  }
  return out;
}

Result<void> check_key_file_entry(const Json& entry, const identity::Person& person,
                                  const ReferralState& before, Day day) {
  const identity::SigningKey* key =
      identity::usable_key(person, entry.at("key").get<std::string>(), day);
  if (key == nullptr) return wrong("A sign-off is by a key that was not the person's that day.");
  const auto signature = identity::parse_signature(entry.at("signature").get<std::string>());
  if (signature &&
      identity::sign_off_verifies(key->public_key, statement_digest(before.statement), *signature))
    return {};
  return wrong("A sign-off's signature does not verify.");
}

}  // namespace

Result<void> Fold::take(const Json& entry) {
  try {
    const auto name = entry.at("kind").get<std::string>();
    if (created_ == (name == kind::kRegisterCreated))
      return wrong("The first entry, and no other, creates the register.");
    FB_CHECK(check_time(entry));
    FB_CHECK(check_actor(name, entry));
    FB_CHECK(take_documents(entry));
    FB_CHECK(governed_.take(entry, people_));
    return take_kind(name, entry);
  } catch (const std::exception&) {
    return wrong("A member of the entry is of the wrong type.");
  }
}

// Nothing is recorded as earlier than what came before it: a rank that has ended, or a sign-off
// that is too old, would hold again. Of questions the day alone is recorded.
Result<void> Fold::check_time(const Json& entry) {
  if (entry.contains("day")) return {};
  FB_TRY(const Instant at, entry_time(entry));
  if (at < newest_) return wrong("The entry is older than the one before it.");
  newest_ = at;
  return {};
}

// What concerns people is done by one whom an entry added, or by the program.
Result<void> Fold::check_actor(const std::string& name, const Json& entry) const {
  const bool persons =
      is_referral_kind(name) || name.starts_with("erasure.") || name.starts_with("subject.");
  if (!persons || given_ == Given::some) return {};
  const auto actor = entry.at("actor").get<std::string>();
  if (actor == kSystem || people_.contains(actor)) return {};
  return wrong("The entry is by nobody whom an entry added.");
}

bool Fold::holds_right(const Json& actor, identity::Right right) const {
  const auto found = people_.find(actor.get<std::string>());
  return found != people_.end() && had_right(found->second, right);
}

Result<void> Fold::take_documents(const Json& entry) {
  const auto seq = entry.at("seq").get<uint64_t>();
  for (const Json& document : entry.value("documents", Json::array())) {
    const ExpectedDocument expected{document.at("digest").get<std::string>(), seq, false};
    if (!documents_.emplace(key_of(document), expected).second)
      return wrong("The entry stores a document that was stored before.");
  }
  for (const Json& document : entry.value("destroyed", Json::array())) {
    const auto found = documents_.find(key_of(document));
    if (found == documents_.end() || found->second.destroyed)
      return wrong("The entry destroys a document that was not there.");
    found->second.destroyed = true;
  }
  return {};
}

Result<void> Fold::take_kind(const std::string& name, const Json& entry) {
  if (name == kind::kRegisterCreated) {
    created_ = true;
    origin_ = entry.at("origin").get<std::string>();
    ledger_key_ = entry.at("ledger_key").get<std::string>();
    return {};
  }
  if (name == kind::kPersonAdded || name == kind::kPersonChanged)
    return take_person(entry, name == kind::kPersonAdded);
  if (name == kind::kPolicyPutInForce) return take_policy(entry);
  if (name == kind::kQuestionDecided) return check_question(entry);
  if (name.starts_with("erasure.")) return take_erasure(name, entry);
  if (name == kind::kAttemptRefused) {
    if (is_refusal(entry.at("code").get<std::string>(), entry.at("reason").get<std::string>()))
      return {};
    return wrong("A refused attempt has a reason that this program does not give.");
  }
  if (is_referral_kind(name)) return take_referral(name, entry);
  return {};
}

bool Fold::deputises(const std::string& person, const std::string& rank, Day day) const {
  const auto found = people_.find(person);
  const Period* period = in_force(day);
  if (found == people_.end() || period == nullptr) return false;
  const auto who = person_of(found->second);
  return who && identity::deputises(*who, period->ranks, rank, day);
}

Result<void> Fold::take_policy(const Json& entry) {
  const auto from = entry.at("from").get<std::string>();
  Period period{entry.at("policy"), *parse_day(from), std::nullopt,
                entry.at("ranks").get<std::vector<std::string>>()};
  if (entry.contains("until")) period.until = *parse_day(entry.at("until").get<std::string>());
  files_.insert_or_assign(from, policy_file(entry));
  const auto known = periods_.find(from);
  if (known != periods_.end() && known->second.policy != period.policy)
    return wrong("Two policies are put in force from the same day.");
  FB_TRY(const Instant at, entry_time(entry));
  if (known == periods_.end() && period.from < london_day(at))
    return wrong("A policy is put in force back-dated.");
  periods_.insert_or_assign(from, std::move(period));
  return {};
}

const Fold::Period* Fold::in_force(Day day) const {
  for (const auto& [from, period] : periods_) {
    if (period.from <= day && (!period.until || day <= *period.until)) return &period;
  }
  return nullptr;
}

Result<void> Fold::check_question(const Json& entry) const {
  const auto day = parse_day(entry.at("day").get<std::string>());
  const Period* period = day ? in_force(*day) : nullptr;
  if (entry.at("policy") == (period == nullptr ? Json() : period->policy)) return {};
  return wrong("A question was decided under a policy that was not in force on its day.");
}

// Two persons: who proposes does not approve.
Result<void> Fold::take_erasure(const std::string& name, const Json& entry) {
  const auto id = entry.at("proposal").get<std::string>();
  const auto actor = entry.at("actor").get<std::string>();
  if (name == kind::kErasureProposed) {
    const Proposal made{actor, entry.at("referrals").get<std::set<std::string>>(), {}, false};
    if (!proposals_.emplace(id, made).second) return wrong("An erasure is proposed twice.");
    return {};
  }
  const auto found = proposals_.find(id);
  if (found == proposals_.end() || found->second.declined || !found->second.approver.empty())
    return wrong("An erasure is decided that is not open.");
  found->second.declined = name == kind::kErasureDeclined;
  if (found->second.declined) return {};
  if (actor == found->second.proposer)
    return wrong("An erasure was approved by the person who proposed it.");
  if (!holds_right(entry.at("actor"), identity::Right::approve_erasure))
    return wrong("An erasure was approved by somebody who may not approve it.");
  found->second.approver = actor;
  return {};
}

// By the program after a refusal or withdrawal; otherwise as one person proposed and another
// approved.
Result<void> Fold::check_erased(const Json& entry) {
  const auto ref = entry.at("referral").get<std::string>();
  const auto actor = entry.at("actor").get<std::string>();
  if (actor == kSystem) {
    const auto known = referrals_.find(ref);
    const State state = known == referrals_.end() ? State::draft : known->second.state;
    if (state != State::refused && state != State::withdrawn && state != State::begun)
      return wrong("The program erased what was neither refused, withdrawn nor only begun.");
    if (known->second.was_disclosed()) return wrong("The program erased what may have been sent.");
    return {};
  }
  const auto found = proposals_.find(entry.value("proposal", ""));
  const bool approved = found != proposals_.end() && found->second.approver == actor &&
                        found->second.referrals.erase(ref) == 1;
  if (!approved) return wrong("A referral was erased that nobody proposed and approved.");
  return {};
}

Result<void> Fold::take_referral(const std::string& name, const Json& entry) {
  const auto id = entry.at("referral").get<std::string>();
  const auto found = referrals_.find(id);
  const bool known = found != referrals_.end();
  if (name == kind::kAuthorised && known) FB_CHECK(check_sign_off(entry, found->second));
  if (name == kind::kErased) FB_CHECK(check_erased(entry));
  if (name == kind::kSubmitted && show_digest(statement_digest(entry.at("statement"))) !=
                                      entry.at("statement_digest").get<std::string>())
    return wrong("The digest of a statement is not that of the statement.");
  FB_TRY(ReferralState state,
         next_state(known ? std::optional(found->second) : std::nullopt, entry));
  steps_.emplace(id, state.last_seq);
  referrals_[id] = std::move(state);
  return {};
}

// The signature, the key's and the rank's days, the statement: as the register checked them then.
Result<void> Fold::check_sign_off(const Json& entry, const ReferralState& before) {
  FB_TRY(const Instant at, entry_time(entry));
  const Day day = london_day(at);
  const auto known = people_.find(entry.at("actor").get<std::string>());
  if (known == people_.end()) return wrong("A sign-off is by somebody unknown.");
  if (entry.contains("signer_entry") && entry.at("signer_entry") != known->second.at("seq"))
    return wrong("A sign-off names another entry about its signer than the newest before it.");
  FB_TRY(const identity::Person person, person_of(known->second));
  const Period* period = in_force(day);
  if (period == nullptr || period->policy != before.terms.policy)
    return wrong("A sign-off was given under a policy that was not in force.");
  if (!person.active || !identity::holds_rank(person, period->ranks, before.terms.rank, day))
    return wrong("A sign-off is by a person who did not hold the rank that day.");
  if (entry.at("statement") != before.statement)
    return wrong("A sign-off is about another statement than the submitted one.");
  if (entry.contains("assertion")) {
    FB_CHECK(check_assertion(entry, person, before));
  } else if (governed_.setting(kFileKeys) == false) {
    return wrong("A key file signed off, and two persons had not decided that it may.");
  } else {
    FB_CHECK(check_key_file_entry(entry, person, before, day));
  }
  ++sign_offs_;
  return {};
}

// As the register checked it then, from the entry alone: the passkey was the person's, confirmed
// and not suspended; its holder was verified; and it signed this statement on the force's pages.
Result<void> Fold::check_assertion(const Json& entry, const identity::Person& person,
                                   const ReferralState& before) {
  const Json& told = entry.at("assertion");
  const auto client_data = from_base64url(told.at("client_data").get<std::string>());
  const auto data = from_base64url(told.at("authenticator_data").get<std::string>());
  const auto signature = from_base64url(entry.at("signature").get<std::string>());
  if (told.size() != 3 || !client_data || !data || !signature)
    return wrong("The passkey's answer of a sign-off cannot be read.");
  FB_TRY(const Instant at, entry_time(entry));
  const auto ref = entry.at("key").get<std::string>();
  const identity::Passkey* found = identity::passkey_named(person, ref);
  if (found == nullptr || !identity::is_usable(*found, at))
    return wrong("A sign-off is by a passkey that was not the person's to use then.");
  identity::Passkey passkey = *found;
  passkey.sign_count = counts_[ref];
  const auto count = identity::verify_assertion(
      passkey, {told.at("id").get<std::string>(), *client_data, *data, *signature},
      statement_digest(before.statement), {passkey.site, {}, passkey.origin});
  if (!count) return wrong("A sign-off's passkey does not verify: " + count.error().message);
  counts_[ref] = *count;
  return {};
}

}  // namespace firebreak::record
