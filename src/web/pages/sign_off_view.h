// SPDX-License-Identifier: Apache-2.0
// What a chief officer sees: the queue, and one page with all that a sign-off rests on. Pure
// functions from the referral, the policy and the people; no rule is decided here.
//
//   Json model = sign_off_view(referral, policy.get(), names, reader);
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "identity/person.h"
#include "policy/policy.h"
#include "register/config.h"
#include "web/listing.h"

namespace firebreak::web {

class Frame;

using NameOf = std::function<std::string(const std::string& person_id)>;

// Who looks, and what their looking rests on.
struct SignOffReader {
  const identity::Person& person;
  Instant now;
  const record::Config& config;
  NameOf name_of;
  // The person deputised for somebody in that rank on that day.
  std::function<bool(const std::string& person_id, const std::string& rank, Day day)> deputised;
};

SignOffReader reader_of(Frame& frame, const identity::Person& person);

// The list of what waits for a sign-off, urgent first, then what waits longest; and one row of it,
// of a referral as Referrals::page gives it.
const ListShape& sign_off_shape();
ListRow sign_off_row(const Json& referral, const SignOffReader& reader);

// For urgent_reviews.html: urgent sign-offs that wait for somebody else to look again, the oldest
// first; those since midnight are shown, and wait until tomorrow.
Json urgent_reviews_view(const Json& referrals, const SignOffReader& reader);

// For sign_off.html: `referral` is as Referrals::show gives it, with its content.
Json sign_off_view(const Json& referral, const policy::Policy* policy, const SignOffReader& reader);

// Why this person cannot sign the referral off now, in a sentence; empty when they can. The
// register decides; this says it before anything is read or typed.
std::string why_not_sign(const Json& referral, const policy::Policy* policy,
                         const SignOffReader& reader);

// What became of a referral that no longer waits, for who comes second: "Chief Officer Two refused
// it on 22 Nov 2026, 9:00am."
std::string what_happened(const Json& referral, const NameOf& name_of);

}  // namespace firebreak::web
