// SPDX-License-Identifier: Apache-2.0
// Destroying what is no longer to be kept. What was refused or withdrawn goes by itself after its
// days (Referrals::erase_due); what was sent goes by two persons: one proposes, seeing exactly what
// would go, another approves. Destroyed are a referral's key and everything sealed under it; its
// entries and its part in every count stay.
//
//   FB_TRY(Json plan, erasures.plan(dpo));                        // the dry run
//   erasures.propose(dpo, {"retention", {}}, done);               // all that is due
//   erasures.propose(dpo, {"subject_request", {"ref_…"}}, done);
//   erasures.approve(chief, "erasure_…", done);
#pragma once

#include <string>
#include <vector>

#include "identity/person.h"
#include "register/recorder.h"

namespace firebreak::record {

struct Context;

struct ErasureProposal {
  std::string because;                 // retention, subject_request, unlawful, court_order
  std::vector<std::string> referrals;  // empty with `retention`: all that are due
};

class Erasures {
 public:
  explicit Erasures(const Context& context) : context_(context) {}

  // {"years", "due": [item], "blocked": [{"referral", "state", "because": held | not_closed |
  // recall_open}], "proposals": [{"proposal", "because", "proposer", "at", "state": open | approved
  // | declined, "referrals": [item]}]}, an item being {"referral", "state", "changed", "due" (day),
  // "blocked" ("" or as above), "destroys": {"keys", "drafts", "messages", "notes", "releases"}}.
  // Errors: forbidden.
  [[nodiscard]] Result<Json> plan(const identity::Actor& actor);

  // Gives the proposal as above, with "referrals" as plain references. Errors besides those of
  // referrals.h: conflict for a referral that may not be erased, naming it.
  void propose(const identity::Actor& actor, ErasureProposal proposal, Done done);
  // What may not be erased any more is kept: {"proposal", "erased": [ref], "kept": [ref]}.
  void approve(const identity::Actor& actor, std::string proposal, Done done);
  void decline(const identity::Actor& actor, std::string proposal, Done done);

 private:
  const Context& context_;
};

// Inside a transaction, for referrals.cc: destroys what was refused or withdrawn at least
// `erase_refused_days` ago, and what was begun and then left alone for `erase_begun_days`, unless
// it is held. Gives {"erased": N}.
Result<Json> do_erase(Transaction& tx, const Context& context);

}  // namespace firebreak::record
