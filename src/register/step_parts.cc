// SPDX-License-Identifier: Apache-2.0
#include "register/step_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace firebreak::record {
namespace {

constexpr std::array<std::string_view, 6> kAnswerReasons = {
    "incomplete",        "not_necessary", "not_proportionate",
    "threshold_not_met", "safeguarding",  "other"};

}  // namespace

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

Result<Json> append_answer(Transaction& tx, const Context& context, Json event,
                           const ReferralState& state, const Answer& answer) {
  const bool known = std::find(kAnswerReasons.begin(), kAnswerReasons.end(), answer.reason) !=
                     kAnswerReasons.end();
  if (!known) {
    return tx.refuse(Refusal::malformed, "reason",
                     "Use incomplete, not_necessary, not_proportionate, threshold_not_met, "
                     "safeguarding or other.");
  }
  if (answer.note.size() > kMaxDraftText) return tx.refuse(Refusal::malformed, "note");
  event["reason"] = answer.reason;
  std::vector<NewDocument> documents;
  if (!answer.note.empty()) {
    FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch_from(tx)));
    documents.push_back(vault.seal_note(answer.note, state.notes + 1, context.random));
  }
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event), std::move(documents)));
  return outcome(tx, state.id);
}

}  // namespace firebreak::record
