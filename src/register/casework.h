// SPDX-License-Identifier: Apache-2.0
// The part of a referral's content that its deciders weigh and that is never sent: what is known of
// the person's history, how their role changed, signs of exploitation, what else was considered.
// It is sealed with the rest of the draft (draft.h). Every member may be absent; what is written is
// of the form below, also while the referral is only begun.
//
//   "history":        [{"kind":"conviction"|"allegation"|"none_known", "offence":"…",
//                       "date":"YYYY[-MM[-DD]]", "place":"…", "source":"…", "reliability":"1A",
//                       "equivalence":"…", "class":"lower_level"|"other"|"high_harm",
//                       "classed_by":"…"}]
//   "role_changes":   [{"hours_before":N, "from":"…", "to":"…", "office":"…"}]
//   "indicators":     {"checked_on":"YYYY-MM-DD", "answers":{"controlled":"yes"|"no"|"not_known"}}
//   "assurance":      {"code":"…"} or "none_held": the recipient's undertaking about what it will
//                     do with the information
//   "less_intrusive": "…"
//   "urgent":         {"reason":"…", "needed_by":"YYYY-MM-DDTHH:MM"}      Europe/London
//
// The reliability of a source is graded as police intelligence is (3x5x2, without its handling
// code): 1 reliable, 2 untested, 3 not reliable; A known directly, B known indirectly and
// corroborated, C known indirectly, D not known, E suspected to be false. The class is recorded by
// a named person; an allegation has none.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "register/referral_state.h"
#include "register/refusal.h"

namespace firebreak::record {

struct Draft;

inline constexpr std::array<std::string_view, 6> kCaseworkMembers = {
    "history", "role_changes", "indicators", "assurance", "less_intrusive", "urgent"};
// The signs of slavery and trafficking that are asked for before a suspect is referred.
inline constexpr std::array<std::string_view, 6> kIndicators = {
    "controlled",     "papers_held",       "debt_or_pay",
    "made_to_offend", "afraid_or_coached", "living_or_working"};
inline constexpr size_t kMaxCaseworkEntries = 20;  // of a history, of role changes
inline constexpr size_t kMaxShortText = 300;       // bytes of a place, a source, an office

// Whether each member that is given is of its form. Error: bad_input naming the member.
Result<void> check_casework(const Json& casework);

// No text holds what hides or turns round other text: control characters other than tabs and line
// ends, and Unicode's direction controls. Error: bad_input naming the member.
Result<void> check_nothing_hides(const Json& content);

// The class that the convictions of a history have, the highest; "none" without any.
std::string_view highest_class(const Json& history);

// What a submission lacks, or what in it does not agree; nothing when all is there.
struct Lack {
  Refusal refusal;
  const char* where;
};
std::optional<Lack> lack_of(const Draft& draft, const Terms& terms, bool enforcement, Day today);

}  // namespace firebreak::record
