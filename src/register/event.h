// SPDX-License-Identifier: Apache-2.0
// The entries of the ledger. This file is their format.
//
// An entry is RFC 8785 canonical JSON and holds no personal data:
//
//   {"v":1, "seq":N, "kind":"...", "at":"2026-11-22T09:30:00.000000Z", "actor":"person_…|service_…|
//    system", "referral":"ref_…" (where there is one), ...the kind's own members...,
//    "documents":[{"kind","id","revision","digest"}]   what the event stored; absent when nothing
//    "destroyed":[{"kind","id","revision"}]}           what the event destroyed; absent likewise
//
// `seq` is the entry's number and its index in the Merkle tree, from 0. `digest` is
// "sha256:" of "firebreak document v1\n" || salt (32 bytes) || body.
// person.added and person.changed hold the passkeys' public part (identity/passkey.h, ledger_json).
// passkey.used records a sign-in whose passkey counts: the document `passkey_use` holds the count.
// A sign-off (referral.authorised) holds "key" and "signature". By a key file: "key_…" and base64.
// By a passkey: its short name "passkey_…", base64url, and "assertion": {"id", "client_data",
// "authenticator_data"} in base64url, byte for byte what was signed.
// question.decided has "day" (Europe/London) and "asked_by" instead of "at" and "actor": facets
// only; and "through", the service whose link opened the asker's session, when one did.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace firebreak::record {

namespace kind {
inline constexpr std::string_view kRegisterCreated = "register.created";
inline constexpr std::string_view kPolicyPutInForce = "policy.put_in_force";
inline constexpr std::string_view kPersonAdded = "person.added";
inline constexpr std::string_view kPersonChanged = "person.changed";
inline constexpr std::string_view kServiceAdded = "service.added";
inline constexpr std::string_view kServiceChanged = "service.changed";
inline constexpr std::string_view kQuestionDecided = "question.decided";
inline constexpr std::string_view kDrafted = "referral.drafted";
inline constexpr std::string_view kSubmitted = "referral.submitted";
inline constexpr std::string_view kReturned = "referral.returned";
inline constexpr std::string_view kWithdrawn = "referral.withdrawn";
inline constexpr std::string_view kAuthorised = "referral.authorised";
inline constexpr std::string_view kRefused = "referral.refused";
inline constexpr std::string_view kReleased = "referral.released";
inline constexpr std::string_view kHanding = "referral.handing";
inline constexpr std::string_view kHanded = "referral.handed";
inline constexpr std::string_view kFailed = "referral.failed";
inline constexpr std::string_view kInDoubt = "referral.in_doubt";
inline constexpr std::string_view kSettled = "referral.settled";
inline constexpr std::string_view kSuperseded = "referral.superseded";
inline constexpr std::string_view kErased = "referral.erased";
inline constexpr std::string_view kSessionLinked = "session.linked";
inline constexpr std::string_view kAttemptRefused = "attempt.refused";
inline constexpr std::string_view kSettingsFirst = "settings.first";
inline constexpr std::string_view kChangeProposed = "change.proposed";
inline constexpr std::string_view kChangeApproved = "change.approved";
inline constexpr std::string_view kChangeRefused = "change.refused";
inline constexpr std::string_view kChangeWithdrawn = "change.withdrawn";
inline constexpr std::string_view kChangeTookEffect = "change.took_effect";
inline constexpr std::string_view kPolicyDrafted = "policy.drafted";
inline constexpr std::string_view kPadding = "padding";
inline constexpr std::string_view kBegun = "referral.begun";
inline constexpr std::string_view kSaved = "referral.saved";
inline constexpr std::string_view kForwarded = "referral.forwarded";
inline constexpr std::string_view kPasskeyUsed = "passkey.used";
inline constexpr std::string_view kReviewed = "referral.reviewed";
inline constexpr std::string_view kHeld = "referral.held";
inline constexpr std::string_view kHoldEnded = "referral.hold_ended";
inline constexpr std::string_view kConsentWithdrawn = "referral.consent_withdrawn";
inline constexpr std::string_view kRecallAnswered = "referral.recall_answered";
inline constexpr std::string_view kAcknowledged = "referral.acknowledged";
inline constexpr std::string_view kOutcomeAsked = "referral.outcome_asked";
inline constexpr std::string_view kOutcomeRecorded = "referral.outcome_recorded";
inline constexpr std::string_view kClosed = "referral.closed";
inline constexpr std::string_view kViewed = "referral.viewed";
inline constexpr std::string_view kErasureProposed = "erasure.proposed";
inline constexpr std::string_view kErasureApproved = "erasure.approved";
inline constexpr std::string_view kErasureDeclined = "erasure.declined";
inline constexpr std::string_view kSubjectSearched = "subject.searched";
inline constexpr std::string_view kSubjectAnswered = "subject.answered";
}  // namespace kind

inline constexpr std::string_view kSystem = "system";  // the actor when the program itself acts

// A new entry of this kind; the store adds v, seq, at and documents.
Json new_event(std::string_view event_kind, std::string_view actor);

// Whether entries of this kind are steps of a referral's life.
bool is_referral_kind(std::string_view event_kind);

// Whether entries of this kind are steps of a change that needs two persons (change_state.h).
bool is_change_kind(std::string_view event_kind);

// Whether the entry is of a known kind and has the members that its kind needs. Error: corrupt.
Result<void> check_members(const Json& entry);

// Checks what every stored entry must have: the canonical form, the version, the number, a known
// kind, the members that the kind needs. Error: corrupt (without the entry's number, which the
// caller knows).
Result<Json> read_entry(std::string_view bytes, uint64_t seq);

// When the entry was made; for question.decided the beginning of its day.
Result<Instant> entry_time(const Json& entry);

}  // namespace firebreak::record
