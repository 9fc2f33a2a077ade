// SPDX-License-Identifier: Apache-2.0
#include "register/event.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

namespace firebreak::record {
namespace {

struct KindRow {
  std::string_view kind;
  std::vector<std::string_view> members;  // besides v, seq, kind
};

const std::vector<KindRow>& kinds() {
  static const std::vector<KindRow> table = {
      {kind::kRegisterCreated, {"at", "actor", "force", "domain", "origin", "ledger_key"}},
      {kind::kPolicyPutInForce, {"at", "actor", "policy", "file", "from", "ranks"}},
      {kind::kPersonAdded, {"at", "actor", "person", "roles", "ranks", "keys", "active"}},
      {kind::kPersonChanged, {"at", "actor", "person", "roles", "ranks", "keys", "active"}},
      {kind::kServiceAdded, {"at", "actor", "service", "service_kind", "active"}},
      {kind::kServiceChanged, {"at", "actor", "service", "service_kind", "active"}},
      {kind::kQuestionDecided,
       {"day", "decision", "rule", "role", "crime_type", "channel", "action", "recipient",
        "district", "asked_by", "policy"}},
      {kind::kDrafted, {"at", "actor", "referral", "content", "destination", "facets", "terms"}},
      {kind::kSubmitted,
       {"at", "actor", "referral", "revision", "content", "destination", "facets", "terms",
        "statement", "statement_digest"}},
      {kind::kReturned, {"at", "actor", "referral", "reason"}},
      {kind::kWithdrawn, {"at", "actor", "referral"}},
      {kind::kAuthorised,
       {"at", "actor", "referral", "facets", "terms", "statement", "statement_digest", "key",
        "signature"}},
      {kind::kRefused, {"at", "actor", "referral", "reason"}},
      {kind::kReleased, {"at", "actor", "referral", "release", "statement_digest", "safeguarding"}},
      {kind::kHanding, {"at", "actor", "referral", "release"}},
      {kind::kHanded, {"at", "actor", "referral", "release", "detail"}},
      {kind::kFailed, {"at", "actor", "referral", "release", "outcome", "detail"}},
      {kind::kInDoubt, {"at", "actor", "referral", "release", "because"}},
      {kind::kSettled, {"at", "actor", "referral", "release", "as", "evidence"}},
      {kind::kSuperseded, {"at", "actor", "referral", "release"}},
      {kind::kErased, {"at", "actor", "referral"}},
      {kind::kSessionLinked, {"at", "actor", "service"}},
      {kind::kAttemptRefused, {"at", "actor", "what", "code", "reason"}},
      {kind::kPadding, {"at", "actor"}},
      {kind::kBegun, {"at", "actor", "referral", "content"}},
      {kind::kSaved, {"at", "actor", "referral", "content"}},
      {kind::kForwarded, {"at", "actor", "referral", "reason"}},
      {kind::kPasskeyUsed, {"at", "actor", "passkey"}},
      {kind::kReviewed, {"at", "actor", "referral", "finding"}},
      {kind::kHeld, {"at", "actor", "referral", "reason"}},
      {kind::kHoldEnded, {"at", "actor", "referral"}},
      {kind::kConsentWithdrawn, {"at", "actor", "referral", "said_by", "too_late"}},
      {kind::kRecallAnswered, {"at", "actor", "referral", "answer"}},
      {kind::kAcknowledged, {"at", "actor", "referral", "received"}},
      {kind::kOutcomeAsked, {"at", "actor", "referral", "chase"}},
      {kind::kOutcomeRecorded, {"at", "actor", "referral", "outcome", "source", "learnt", "chase"}},
      {kind::kClosed, {"at", "actor", "referral"}},
      {kind::kViewed, {"at", "actor", "referral"}},
      {kind::kErasureProposed, {"at", "actor", "proposal", "because", "referrals"}},
      {kind::kErasureApproved, {"at", "actor", "proposal", "kept"}},
      {kind::kErasureDeclined, {"at", "actor", "proposal"}},
      {kind::kSubjectSearched, {"at", "actor", "searched", "found", "erased"}},
      {kind::kSubjectAnswered, {"at", "actor", "referrals", "withheld"}},
      {kind::kSettingsFirst, {"at", "actor", "settings"}},
      {kind::kChangeProposed, {"at", "actor", "change", "lines", "notice"}},
      {kind::kChangeApproved, {"at", "actor", "change", "effective", "notice"}},
      {kind::kChangeRefused, {"at", "actor", "change", "notice"}},
      {kind::kChangeWithdrawn, {"at", "actor", "change", "notice"}},
      {kind::kChangeTookEffect, {"at", "actor", "change", "notice"}},
      {kind::kPolicyDrafted, {"at", "actor", "draft"}},
  };
  return table;
}

Error damaged(std::string message) { return {ErrorCode::corrupt, std::move(message), {}, {}}; }

}  // namespace

Json new_event(std::string_view event_kind, std::string_view actor) {
  return {{"kind", event_kind}, {"actor", actor}};
}

Result<void> check_members(const Json& entry) {
  const auto found_kind = entry.find("kind");
  if (found_kind == entry.end() || !found_kind->is_string())
    return damaged("The entry has no kind.");
  const auto& name = found_kind->get_ref<const std::string&>();
  const auto row = std::find_if(kinds().begin(), kinds().end(),
                                [&](const KindRow& known) { return known.kind == name; });
  if (row == kinds().end()) return damaged("The entry is of an unknown kind.");
  for (std::string_view member : row->members) {
    if (!entry.contains(member))
      return damaged("The entry lacks its member '" + std::string(member) + "'.");
  }
  if (is_referral_kind(name) != entry.contains("referral") && name != kind::kAttemptRefused)
    return damaged("Only the steps of a referral name a referral.");
  return {};
}

bool is_referral_kind(std::string_view event_kind) { return event_kind.starts_with("referral."); }

bool is_change_kind(std::string_view event_kind) { return event_kind.starts_with("change."); }

Result<Json> read_entry(std::string_view bytes, uint64_t seq) {
  auto parsed = parse_json(bytes);
  if (!parsed || !parsed->is_object()) return damaged("The entry is not a JSON object.");
  const Json& entry = *parsed;
  try {
    if (canonical_json(entry) != bytes) return damaged("The entry is not in canonical form.");
  } catch (const std::exception&) {
    return damaged("The entry is not in canonical form.");
  }
  if (entry.value("v", Json()) != 1) return damaged("The entry is of an unknown version.");
  if (entry.value("seq", Json()) != seq) return damaged("The entry has another number inside.");
  FB_CHECK(check_members(entry));
  FB_CHECK(entry_time(entry));
  return parsed;
}

Result<Instant> entry_time(const Json& entry) {
  const auto text = [&](const char* name) {
    const auto found = entry.find(name);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (entry.contains("day")) {
    const auto day = parse_day(text("day"));
    if (!day) return damaged("The entry's day is not a date.");
    return london_midnight(*day);
  }
  const auto at = parse_instant(text("at"));
  if (!at) return damaged("The entry's time is not a time.");
  return *at;
}

}  // namespace firebreak::record
