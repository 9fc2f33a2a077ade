// SPDX-License-Identifier: Apache-2.0
#include "register/judge.h"

#include <algorithm>
#include <utility>

#include "register/event.h"
#include "register/facets.h"

namespace firebreak::record {
namespace {

bool is_blank(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Terms terms_of(const policy::Policy& policy, const policy::Decision& decision) {
  Terms terms;
  terms.decision = policy::name(decision.decision);
  terms.rule = decision.rule;
  if (decision.sign_off) {
    terms.rank = decision.sign_off->rank;
    terms.count = decision.sign_off->count;
  }
  terms.conditions = policy::answer(policy, decision).at("conditions");
  terms.policy = policy_json(policy);
  return terms;
}

// The first member that is missing from an undetermined decision; a word of the vocabulary.
std::string first_missing(const policy::Decision& decision) {
  return decision.missing.empty() ? "facts" : "facts." + decision.missing.front();
}

// Only what the decision discloses, each of its kind, at least one.
Result<void> check_fields(Transaction& tx, const policy::Vocabulary& words,
                          const policy::Conditions& conditions, const Draft& draft,
                          Judged& judged) {
  for (const auto& [name, value] : draft.fields) {
    if (words.find_field(name) == nullptr)
      return tx.refuse(Refusal::unknown_word, "fields", "A message has no field of this name.");
    if (!conditions.disclose.empty() && !contains(conditions.disclose, name))
      return tx.refuse(Refusal::field_not_allowed, "fields." + name);
  }
  for (const policy::Field& field : words.fields) {
    const auto given = draft.fields.find(field.name);
    if (given == draft.fields.end() || is_blank(given->second)) continue;
    if (field.kind == policy::FieldKind::date && !parse_day(given->second))
      return tx.refuse(Refusal::malformed, "fields." + field.name, "Give a date as YYYY-MM-DD.");
    judged.fields.emplace_back(field.name, given->second);
  }
  if (judged.fields.empty()) return tx.refuse(Refusal::missing_field, "fields");
  return {};
}

Result<void> check_reasons(Transaction& tx, const policy::Vocabulary& words,
                           const policy::Conditions& conditions, const Draft& draft) {
  for (const auto& [name, value] : draft.reasons) {
    if (words.find_reason(name) == nullptr)
      return tx.refuse(Refusal::unknown_word, "reasons", "There is no reason of this name.");
  }
  for (const std::string& name : conditions.reasons) {
    const auto given = draft.reasons.find(name);
    if (given == draft.reasons.end() || is_blank(given->second))
      return tx.refuse(Refusal::missing_reason, "reasons." + name);
  }
  return {};
}

}  // namespace

Result<Judged> judge(Transaction& tx, const Context& context, Draft& draft) {
  auto policy = context.policies().on(london_day(tx.now()));
  if (!policy) return tx.refuse(Refusal::no_policy_in_force);
  const policy::Policy& in_force = **policy;
  const Destination* destination = context.config().destination(draft.destination);
  if (destination == nullptr || !destination->takes_referrals(london_day(tx.now())))
    return tx.refuse(Refusal::wrong_destination, "destination");
  if (!check_district(context.config(), draft.district))
    return tx.refuse(Refusal::unknown_word, "district", "Use one of the force's offices, or none.");
  const auto facts = in_force.read_facts(draft.facts, {.live = true});
  if (!facts) {
    return tx.refuse(Refusal::unknown_word, "facts." + facts.error().where,
                     facts.error().message + " " + facts.error().action);
  }
  draft.facts = in_force.facts_json(*facts);
  const auto fact_is = [&](const char* name, const std::string& value) {
    return draft.facts.value(name, Json()) == value;
  };
  if (!fact_is("recipient", destination->recipient))
    return tx.refuse(Refusal::wrong_destination, "facts.recipient");
  if (!fact_is("action", "share") || !fact_is("channel", "email")) {
    return tx.refuse(Refusal::malformed, "facts",
                     "A referral shares by email: action share, "
                     "channel email.");
  }
  const policy::Decision decision = in_force.decide(*facts);
  if (decision.decision == policy::Outcome::undetermined)
    return tx.refuse(Refusal::undetermined, first_missing(decision));
  if (decision.decision == policy::Outcome::refuse)
    return tx.refuse(Refusal::not_permitted, "facts", decision.because);
  Judged judged{*policy, terms_of(in_force, decision), facets_of(draft.facts, draft.district), {}};
  const policy::Vocabulary& words = in_force.vocabulary();
  FB_CHECK(check_fields(tx, words, decision.conditions, draft, judged));
  FB_CHECK(check_reasons(tx, words, decision.conditions, draft));
  return judged;
}

Result<std::shared_ptr<const policy::Policy>> decide_again(Transaction& tx, const Context& context,
                                                           const ReferralState& state,
                                                           const Draft& draft) {
  auto policy = context.policies().on(london_day(tx.now()));
  if (!policy) return tx.refuse(Refusal::no_policy_in_force);
  const auto facts = (*policy)->read_facts(draft.facts, {.live = true});
  if (!facts || terms_of(**policy, (*policy)->decide(*facts)) != state.terms)
    return send_back(tx, state, Refusal::policy_changed);
  const Destination* destination = context.config().destination(state.destination);
  if (destination == nullptr || state.statement.value("address", "") != destination->address)
    return send_back(tx, state, Refusal::destination_changed);
  return policy;
}

Error send_back(Transaction& tx, const ReferralState& state, Refusal why) {
  if (state.state == State::in_doubt) return tx.refuse(Refusal::cannot_supersede);
  Json event = new_event(kind::kReturned, kSystem);
  event["referral"] = state.id;
  event["reason"] = refusal_name(why);
  if (const auto seq = tx.append(std::move(event)); !seq) return seq.error();
  return tx.keep(tx.refuse(why));
}

}  // namespace firebreak::record
