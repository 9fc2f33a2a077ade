// SPDX-License-Identifier: Apache-2.0
// A referral's life as a function of its entries: the one reducer that the register writes by and
// `verify` checks by. It refuses an entry that cannot follow.
//
//   begun -> draft  working content, saved part by part; nothing of it is decided yet
//   draft -> submitted -> authorised -> released -> handing -> handed
//     ^         | |           |            ^           |-> in_doubt -> (settled) handed |
//     authorised |         | +-> refused |            |           |-> failed (for good)
//     +---------+-------------+            +-----------+   (for now: released again)
//   begun, draft, submitted, authorised -> withdrawn;  handed -> closed
//   begun, refused, withdrawn, handed, failed, closed -> erased
//   A referral whose decision is `permit` is released from `submitted`; a settled one returns
//   there. While it is held it is neither released nor handed over nor erased. When consent is
//   withdrawn a referral that was not sent goes back to draft.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "register/aftercare_state.h"

namespace firebreak::record {

enum class State {
  draft,
  submitted,
  authorised,
  refused,
  withdrawn,
  released,
  handing,
  handed,
  failed,
  in_doubt,
  erased,
  begun,
  closed,
};
std::string_view state_name(State state);
std::optional<State> state_named(std::string_view name);
std::vector<State> all_states();

// One officer's sign-off of the present revision.
struct SignOffGiven {
  std::string person;
  std::string key;
  std::string signature;  // base64
  std::string at;         // RFC 3339
};

// What the policy answered, as far as a difference sends a referral back to draft.
struct Terms {
  std::string decision;  // "permit" or "sign_off"
  std::string rule;
  std::string rank;                  // needed for the sign-off; empty for a permit
  int count = 0;                     // sign-offs needed
  Json conditions = Json::object();  // as in docs/api.md
  Json policy;                       // {id, version, digest}
  bool operator==(const Terms&) const = default;
};
Json to_json(const Terms& terms);
Result<Terms> read_terms(const Json& json);

// What somebody else found of an urgent sign-off afterwards.
struct UrgentReview {
  std::string by;
  std::string finding;  // "in_order" or "not_in_order"
  std::string at;       // RFC 3339
};

// One time the message was let go. Numbers count from 1.
struct Dispatch {
  uint64_t number = 0;
  std::string releaser;
  std::string state;  // released, handing, handed, failed, in_doubt, delivered, not_delivered, void
  bool superseded = false;
  int attempts = 0;     // times it was offered to the mail server
  std::string changed;  // RFC 3339, the entry that last changed it
  // Whether it must be counted as disclosed: handed, delivered, and in doubt until settled.
  [[nodiscard]] bool counts_as_disclosed() const;
};

struct ReferralState {
  std::string id;
  State state = State::draft;
  std::string requester;
  uint64_t content = 0;   // revision of the draft
  uint64_t revision = 0;  // counts submissions; each has its own message
  uint64_t notes = 0;     // sealed notes so far
  std::string destination;
  Json facets = Json::object();  // role, crime_type, channel, action, recipient, district
  Terms terms;
  Json statement;  // what is signed (statement.h); null in a draft
  std::string statement_digest;
  std::vector<SignOffGiven> sign_offs;  // of the present statement
  std::set<std::string> acted;  // who may not authorise: who asked, returned, forwarded, released…
  std::vector<Dispatch> dispatches;
  Aftercare after;
  std::string created;  // RFC 3339
  std::string changed;
  uint64_t first_seq = 0;
  uint64_t last_seq = 0;
  bool working = false;    // the present content was saved without being judged
  bool forwarded = false;  // a supervisor forwarded the present submission
  bool urgent = false;     // its requester asks for a decision soon; as of the last submission
  std::optional<UrgentReview> review;  // of the present sign-offs

  // It was signed off as urgent, and nobody else has looked at it since.
  [[nodiscard]] bool awaits_review() const;

  // Consent was withdrawn, and what was submitted before may not be sent any more.
  [[nodiscard]] bool stopped_by_consent() const {
    return after.consent && revision <= after.consent->revision;
  }
  // The mail server took the message, or evidence says that it arrived.
  [[nodiscard]] bool handed_over() const {
    return state == State::handed || state == State::closed;
  }
  // A release of it, also one that another superseded, counts as disclosed.
  [[nodiscard]] bool was_disclosed() const {
    return std::any_of(dispatches.begin(), dispatches.end(),
                       [](const Dispatch& one) { return one.counts_as_disclosed(); });
  }
  // The message has left, or may have.
  [[nodiscard]] bool may_have_left() const { return handed_over() || was_disclosed(); }
  [[nodiscard]] const Dispatch* last_dispatch() const {
    return dispatches.empty() ? nullptr : &dispatches.back();
  }
};

// The state after the entry. `before` is empty for the first. Error: corrupt when the entry cannot
// follow, saying why.
Result<ReferralState> next_state(const std::optional<ReferralState>& before, const Json& entry);

// The whole state, as the index keeps it and the API shows it: no personal data.
Json to_json(const ReferralState& state);
Result<ReferralState> read_referral_state(const Json& json);

}  // namespace firebreak::record
