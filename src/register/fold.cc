// SPDX-License-Identifier: Apache-2.0
#include "register/fold.h"

#include <utility>

#include "identity/person.h"
#include "identity/signoff.h"
#include "register/event.h"
#include "register/refusal.h"
#include "register/statement.h"

namespace firebreak::record {
namespace {

Error wrong(std::string message) { return {ErrorCode::corrupt, std::move(message), {}, {}}; }

// The person as the ledger's entries describe them: ranks and keys, no name.
Result<identity::Person> person_of(const Json& entry) {
  Json body = {{"id", entry.at("person")},
               {"name", ""},
               {"display_name", ""},
               {"password_hash", ""},
               {"must_change_password", false}};
  for (const char* member : {"roles", "ranks", "keys", "active"}) body[member] = entry.at(member);
  return identity::read_person(body);
}

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

}  // namespace

Result<void> Fold::take(const Json& entry) {
  try {
    const auto name = entry.at("kind").get<std::string>();
    if (created_ == (name == kind::kRegisterCreated))
      return wrong("The first entry, and no other, creates the register.");
    FB_CHECK(take_documents(entry));
    return take_kind(name, entry);
  } catch (const std::exception&) {
    return wrong("A member of the entry is of the wrong type.");
  }
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
  if (name == kind::kPersonAdded || name == kind::kPersonChanged) {
    const auto id = entry.at("person").get<std::string>();
    if (people_.contains(id) == (name == kind::kPersonAdded))
      return wrong("A person is added once, and changed only after that.");
    people_[id] = entry;
    return {};
  }
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
    if (state == State::refused || state == State::withdrawn || state == State::begun) return {};
    return wrong("The program erased what was neither refused, withdrawn nor only begun.");
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
  FB_TRY(const identity::Person person, person_of(known->second));
  const Period* period = in_force(day);
  if (period == nullptr || period->policy != before.terms.policy)
    return wrong("A sign-off was given under a policy that was not in force.");
  if (!person.active || !identity::holds_rank(person, period->ranks, before.terms.rank, day))
    return wrong("A sign-off is by a person who did not hold the rank that day.");
  const identity::SigningKey* key =
      identity::usable_key(person, entry.at("key").get<std::string>(), day);
  if (key == nullptr) return wrong("A sign-off is by a key that was not the person's that day.");
  if (entry.at("statement") != before.statement)
    return wrong("A sign-off is about another statement than the submitted one.");
  const auto signature = identity::parse_signature(entry.at("signature").get<std::string>());
  if (!signature ||
      !identity::sign_off_verifies(key->public_key, statement_digest(before.statement), *signature))
    return wrong("A sign-off's signature does not verify.");
  ++sign_offs_;
  return {};
}

}  // namespace firebreak::record
