// SPDX-License-Identifier: Apache-2.0
// What the steps of a referral share: the checks that come first, and what comes back. For the
// files *_steps.cc alone.
//
//   FB_CHECK(need(tx, actor, Right::release_referral));
//   FB_TRY(const ReferralState state, tx.referral(ref));
//   ...
//   FB_TRY(auto seq, tx.append(step(kind::kReleased, actor, state)));
//   return outcome(tx, ref);
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "identity/person.h"
#include "identity/rights.h"
#include "register/context.h"
#include "register/event.h"
#include "register/referrals.h"
#include "register/sealing.h"
#include "register/transaction.h"

namespace firebreak::record {

using identity::Actor;
using identity::Right;

Fetch fetch_from(Transaction& tx);

// Refuses who lacks the right, or must first change a password.
Result<void> need(Transaction& tx, const Actor& actor, Right right);

// The same for an act that needs a second person: besides, the actor's own record must give them
// the role. What a sign-in provider says of them is not in the ledger, so nobody could check it.
Result<void> need_by_record(Transaction& tx, const Actor& actor, Right right);

// The actor as recorded. Refuses who is suspended.
Result<identity::Person> person_of(Transaction& tx, const Actor& actor);

// Refuses all but the requester. Who may not see the referral is told that there is none.
Result<void> need_requester(Transaction& tx, const Actor& actor, const ReferralState& state);

// A new entry about the referral, by the actor.
Json step(std::string_view event_kind, const Actor& actor, const ReferralState& state);

// The state after the step, as the caller gets it.
Result<Json> outcome(Transaction& tx, const std::string& ref);

// The content of the present draft.
Result<OpenedDraft> open_draft(Transaction& tx, const Context& context, const ReferralState& state);

// Appends a step with a note (empty: none) that is sealed under the referral's key, and gives the
// state after it. A note that is too long, or hides text, is refused.
Result<Json> append_noted(Transaction& tx, const Context& context, Json event,
                          const ReferralState& state, const std::string& note);

// What a step that says no may give as its reason.
inline constexpr std::array<std::string_view, 6> kAnswerReasons = {
    "incomplete",        "not_necessary", "not_proportionate",
    "threshold_not_met", "safeguarding",  "other"};
// What a supervisor may give as the reason to forward.
inline constexpr std::array<std::string_view, 4> kForwardReasons = {"complete", "threshold_met",
                                                                    "for_decision", "other"};

// Records a step of a person about another's request, with one of these words (Answer::reason) and
// a sealed note.
Result<Json> append_answer(Transaction& tx, const Context& context, Json event,
                           const ReferralState& state, const Answer& answer,
                           std::span<const std::string_view> words = kAnswerReasons);

// The referral, for a step on it. What was only begun is shown to its requester alone.
Result<ReferralState> shown_referral(Transaction& tx, const Actor& actor, const std::string& ref);

// Where the force asks for a supervisor's look: refuses what none has forwarded.
Result<void> need_forwarded(Transaction& tx, const Context& context, const ReferralState& state);

// Stores a new content of the draft under this event, which gets its number.
Result<void> append_content(Transaction& tx, const Context& context, Json event,
                            const std::string& ref, uint64_t content, const Draft& draft);

}  // namespace firebreak::record
