// SPDX-License-Identifier: Apache-2.0
#include "register/step_parts.h"

#include <algorithm>
#include <utility>

#include "register/casework.h"

namespace firebreak::record {
Fetch fetch_from(Transaction& tx) {
  return [&tx](std::string_view kind, std::string_view id, std::optional<uint64_t> revision) {
    return tx.get(kind, id, revision);
  };
}

Result<void> need(Transaction& tx, const Actor& actor, Right right) {
  if (actor.must_change_password) return tx.refuse(Refusal::password_change_due);
  if (!identity::may(actor, right)) return tx.refuse(Refusal::no_right);
  return {};
}

Result<void> need_by_record(Transaction& tx, const Actor& actor, Right right) {
  FB_CHECK(need(tx, actor, right));
  FB_TRY(const identity::Person person, person_of(tx, actor));
  if (!identity::may({.id = person.id, .roles = person.roles}, right))
    return tx.refuse(Refusal::no_right);
  return {};
}

Result<identity::Person> person_of(Transaction& tx, const Actor& actor) {
  FB_TRY(const Document document, tx.get("person", actor.id));
  if (!document.body) return Error{ErrorCode::corrupt, "A person's record was destroyed.", {}, {}};
  FB_TRY(const Json body, parse_json(as_text(*document.body)));
  FB_TRY(identity::Person person, identity::read_person(body));
  if (!person.active) return tx.refuse(Refusal::no_right);
  return person;
}

Result<void> need_requester(Transaction& tx, const Actor& actor, const ReferralState& state) {
  if (state.requester == actor.id) return {};
  const bool seen = identity::may(actor, Right::list_referrals);
  return tx.refuse(seen ? Refusal::not_requester : Refusal::not_shown);
}

Json step(std::string_view event_kind, const Actor& actor, const ReferralState& state) {
  Json event = new_event(event_kind, actor.id);
  event["referral"] = state.id;
  return event;
}

Result<Json> outcome(Transaction& tx, const std::string& ref) {
  FB_TRY(const ReferralState state, tx.referral(ref));
  return to_json(state);
}

Result<OpenedDraft> open_draft(Transaction& tx, const Context& context,
                               const ReferralState& state) {
  const Fetch fetch = fetch_from(tx);
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch));
  return vault.draft(fetch, state.content);
}

Result<Json> append_noted(Transaction& tx, const Context& context, Json event,
                          const ReferralState& state, const std::string& note) {
  if (note.size() > kMaxDraftText || !check_nothing_hides(note))
    return tx.refuse(Refusal::malformed, "note",
                     "It is too long, or holds a character that hides other text.");
  std::vector<NewDocument> documents;
  if (!note.empty()) {
    FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch_from(tx)));
    documents.push_back(vault.seal_note(note, state.notes + 1, context.random));
  }
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event), std::move(documents)));
  return outcome(tx, state.id);
}

Result<Json> append_answer(Transaction& tx, const Context& context, Json event,
                           const ReferralState& state, const Answer& answer,
                           std::span<const std::string_view> words) {
  if (std::find(words.begin(), words.end(), answer.reason) == words.end()) {
    std::string use = "Use one of:";
    for (std::string_view word : words) use.append(" ").append(word);
    return tx.refuse(Refusal::malformed, "reason", use + ".");
  }
  event["reason"] = answer.reason;
  return append_noted(tx, context, std::move(event), state, answer.note);
}

Result<ReferralState> shown_referral(Transaction& tx, const Actor& actor, const std::string& ref) {
  FB_TRY(ReferralState state, tx.referral(ref));
  if (state.state == State::begun && state.requester != actor.id)
    return tx.refuse(Refusal::not_shown);
  return state;
}

Result<void> need_forwarded(Transaction& tx, const Context& context, const ReferralState& state) {
  const bool asked = context.config().referrals.supervisor == SupervisorLook::required;
  if (asked && !state.forwarded) return tx.refuse(Refusal::not_forwarded);
  return {};
}

Result<void> append_content(Transaction& tx, const Context& context, Json event,
                            const std::string& ref, uint64_t content, const Draft& draft) {
  std::vector<NewDocument> documents;
  NewDocument key;
  auto vault = content == 1 ? ReferralVault::create(context.vault, ref, context.random, key)
                            : ReferralVault::open(context.vault, ref, fetch_from(tx));
  if (!vault) return vault.error();
  if (content == 1) documents.push_back(std::move(key));
  documents.push_back(
      vault->seal_draft({draft, new_nonce(context.random)}, content, context.random));
  event["referral"] = ref;
  event["content"] = content;
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event), std::move(documents)));
  return {};
}

}  // namespace firebreak::record
