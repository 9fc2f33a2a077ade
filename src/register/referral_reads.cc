// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "identity/rights.h"
#include "register/aftercare_steps.h"
#include "register/context.h"
#include "register/facets.h"
#include "register/referrals.h"
#include "register/refusal.h"
#include "register/sealing.h"

namespace firebreak::record {
namespace {

using identity::Actor;
using identity::Right;

// What is only begun is nobody's but its writer's: nothing of it was asked of anyone.
bool is_anothers_working_paper(const Actor& actor, const ReferralState& state) {
  return state.state == State::begun && state.requester != actor.id;
}

void leave_out_working_papers(const Actor& actor, ReferralQuery& query) {
  if (query.states.empty()) query.states = all_states();
  std::erase(query.states, State::begun);
  if (!query.states.empty()) return;
  query.states = {State::begun};  // nothing else was asked for: one's own
  query.requester = actor.id;
}

// Answered as if there were none, and recorded: it may have been a guess.
Result<Json> not_shown(const Context& context, const Actor& actor, const std::string& ref) {
  return context.recorder->run(
      [](Transaction& tx) -> Result<Json> { return tx.refuse(Refusal::not_shown); },
      Attempt{actor.id, "referral.view", ref});
}

Result<Json> content_of(const Context& context, const ReferralState& state) {
  const Fetch fetch = [&](std::string_view kind, std::string_view id,
                          std::optional<uint64_t> revision) {
    return context.reader->document(kind, id, revision);
  };
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch));
  FB_TRY(const OpenedDraft draft, vault.draft(fetch, state.content));
  Json content = {{"draft", to_json(draft.draft)}, {"facts_nonce", base64(draft.facts_nonce)}};
  content["notes"] = Json::array();
  for (uint64_t i = 1; i <= state.notes; ++i) {
    FB_TRY(std::string note, vault.note(fetch, i));
    content["notes"].push_back(std::move(note));
  }
  if (!state.statement.is_null()) {
    FB_TRY(const OpenedMessage message, vault.message(fetch, state.revision));
    content["message"] = message.bytes;
    content["message_nonce"] = base64(message.nonce);
  }
  return content;
}

}  // namespace

Result<Json> Referrals::page(const Actor& actor, ReferralQuery query) {
  if (!identity::may(actor, Right::list_referrals)) {
    if (!identity::may(actor, Right::draft_referral)) {
      return refusal_error(Refusal::no_right, {}, "Ask the referral desk.");
    }
    query.requester = actor.id;
  }
  if (query.requester != actor.id) leave_out_working_papers(actor, query);
  // One more than is shown tells whether more follow.
  query.limit = std::clamp<uint64_t>(query.limit, 1, ReferralQuery::kMost - 1);
  const uint64_t shown = query.limit++;
  FB_TRY(ReferralPage found, context_.reader->page(query));
  Json out = {{"total", found.total}};
  if (found.referrals.size() > shown) {
    found.referrals.resize(shown);
    out["next"] = found.referrals.back().at("last_entry");
  }
  out["referrals"] = std::move(found.referrals);
  return out;
}

Result<ReferralState> Referrals::state(const Actor& actor, const std::string& ref) {
  FB_TRY(ReferralState state, context_.reader->referral(ref));
  const bool own = state.requester == actor.id && identity::may(actor, Right::draft_referral);
  const bool shown = own || identity::may(actor, Right::view_referrals) ||
                     identity::may(actor, Right::list_referrals);
  if (shown && !is_anothers_working_paper(actor, state)) return state;
  FB_TRY([[maybe_unused]] const Json none, not_shown(context_, actor, ref));
  return internal_error("A refused look at a referral was not refused.");
}

Result<Json> Referrals::show(const Actor& actor, const std::string& ref) {
  FB_TRY(const ReferralState state, this->state(actor, ref));
  const bool own = state.requester == actor.id && identity::may(actor, Right::draft_referral);
  const bool content = own || identity::may(actor, Right::view_referrals);
  // Seen is recorded before it is shown.
  if (content && state.state != State::erased &&
      view_is_due(state, actor.id, context_.clock.now())) {
    FB_CHECK(
        as_void(context_.recorder->run([&](Transaction& tx) { return do_view(tx, actor, ref); })));
  }
  Json out = to_json(state);
  FB_TRY(out["history"], context_.reader->history(state));
  if (content && state.state != State::erased) {
    FB_TRY(out["content"], content_of(context_, state));
  }
  return out;
}

Result<ReferralState> Referrals::about(const std::string& ref, const Json& facts) {
  FB_TRY(const auto policy, context_.policies().on(london_day(context_.clock.now())));
  FB_TRY(const policy::Facts known, policy->read_facts(facts, {.live = true}));
  FB_TRY(ReferralState state, context_.reader->referral(ref));
  Json asked = facets_of(policy->facts_json(known), {});
  asked["district"] = state.facets.value("district", Json());
  if (asked != state.facets) {
    return Error{ErrorCode::not_found, "The referral is about something else.", {}, {}};
  }
  return state;
}

}  // namespace firebreak::record
