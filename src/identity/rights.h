// SPDX-License-Identifier: Apache-2.0
// What each role may do: one table, and nothing else in the program decides it. A right is needed
// but not always enough: the register also looks at rank, at who asked, and at what was signed.
//
//   if (!may(actor, Right::release_referral)) return forbidden(...);
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "identity/person.h"

namespace firebreak::identity {

enum class Right {
  ask_question,        // ask whether data may be shared
  draft_referral,      // write, submit and withdraw a referral of one's own
  return_referral,     // send a submitted referral back to its requester
  authorise_referral,  // sign off or refuse; the rank is checked besides
  release_referral,    // send an authorised referral
  settle_dispatch,     // say, by evidence, what became of a dispatch in doubt
  view_referrals,      // see every referral with its content
  list_referrals,      // see every referral's state, without content
  check_ledger,        // read proofs and run the verification
  manage_people,       // add people and services, suspend them, give a new one-time password
  forward_referral,    // as a supervisor, send a submitted referral on to those who decide
  hold_referral,       // hold a referral, end a hold, record that consent was withdrawn
  follow_up,           // record what the recipient and others say after it was sent
  search_subject,      // find what is held about one person, for their own request
  propose_erasure,     // say what is to be destroyed
  approve_erasure,     // the second person, who has it destroyed
  change_force,        // propose changes of ranks, destinations and settings
  change_policy,       // write policies, propose to put one in force, and what a force asserts
  decide_change,       // approve or refuse what another person proposed
  view_notices,        // see what was proposed, approved and changed by two persons
  review_urgent,       // look again, the next day, at an urgent sign-off of somebody else
  see_destinations,    // see every way in which each destination is reached
};
inline constexpr int kRightCount = 22;

// The name in the API and in records, for example "release_referral".
std::string_view right_name(Right right);
std::optional<Right> right_named(std::string_view name);

bool may(const Actor& actor, Right right);
// Every right the actor has, in the order of the enumeration.
std::vector<Right> rights_of(const Actor& actor);

}  // namespace firebreak::identity
