// SPDX-License-Identifier: Apache-2.0
// What stands in a referral's state besides its way to the recipient: holds, consent withdrawn, and
// what became of it after it was sent. Part of referral_state.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace firebreak::record {

struct ReferralState;

// The times are RFC 3339, the days YYYY-MM-DD; `by` is the person who recorded it.
struct Hold {
  std::string by;
  std::string reason;
  std::string at;
};

struct ConsentWithdrawn {
  std::string by;
  std::string said_by;  // subject, solicitor, adviser, other
  std::string at;
  uint64_t revision = 0;    // the last submission that it concerns
  bool too_late = false;    // the message had left, or may have
  std::string recall = {};  // empty: nothing to ask back; open, deleted, declined, no_reply
};

struct Acknowledged {
  std::string by;
  std::string at;
  std::string received;  // day
};

struct Outcome {
  std::string outcome;
  std::string source;  // who said so
  std::string learnt;  // day
  std::string by;
  std::string at;
};

struct Aftercare {
  std::optional<Hold> hold;
  std::optional<ConsentWithdrawn> consent;
  std::optional<Acknowledged> acknowledged;
  uint64_t asked = 0;      // times that the recipient was asked for an outcome
  std::string chase = {};  // the day on which to ask again; empty: none was set
  std::vector<Outcome> outcomes = {};
  std::map<std::string, std::string> viewed = {};  // who saw the content, and when last recorded
};

// The words of the entries, in the order in which they are offered.
const std::vector<std::string>& hold_reasons();
const std::vector<std::string>& consent_sources();
const std::vector<std::string>& recall_answers();
const std::vector<std::string>& outcome_words();
const std::vector<std::string>& outcome_sources();
bool is_word_of(const std::vector<std::string>& words, std::string_view word);

// Whether entries of this kind are taken here.
bool is_aftercare_kind(std::string_view event_kind);
// Applies such an entry, but for `changed` and the entry's number. Error: corrupt when it cannot
// follow.
Result<void> take_aftercare(ReferralState& state, const Json& entry);
// Puts the referral back to draft: nothing that was submitted is valid any more.
void back_to_draft(ReferralState& state);
// Counts the sealed notes that the entry stored.
void count_notes(ReferralState& state, const Json& entry);

// The day on which the recipient is to be asked next, `chase_days` after the message was handed
// over and later as it was set; nothing when the referral is not open any more.
std::optional<Day> next_chase(const ReferralState& state, const std::vector<int>& chase_days);
// The first of the chase days after `today`; nothing when all have passed.
std::optional<Day> chase_after(const ReferralState& state, const std::vector<int>& chase_days,
                               Day today);

Json to_json(const Aftercare& after);
// Throws nlohmann's exceptions for what to_json did not write.
Aftercare read_aftercare(const Json& json);

}  // namespace firebreak::record
