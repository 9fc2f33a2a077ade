// SPDX-License-Identifier: Apache-2.0
// What the policy in force today says about a referral's content: at its draft and submission, and
// again at each later step, where any difference from what was authorised sends it back.
#pragma once

#include "register/context.h"
#include "register/draft.h"
#include "register/referral_state.h"
#include "register/transaction.h"

namespace firebreak::record {

struct Judged {
  std::shared_ptr<const policy::Policy> policy;
  Terms terms;
  Json facets;
  std::vector<std::pair<std::string, std::string>> fields;  // allowed, in the vocabulary's order
};

// Everything that a draft must fulfil. The draft's facts are put into their canonical form. Errors
// are refusals: nothing is permitted, a word is unknown, a field is not allowed, a reason is
// missing.
Result<Judged> judge(Transaction& tx, const Context& context, Draft& draft);

// Decides again with the facts of the draft. When policy, terms or destination differ from what the
// referral was submitted under, it goes back to draft (that stays recorded) and the error says why.
Result<std::shared_ptr<const policy::Policy>> decide_again(Transaction& tx, const Context& context,
                                                           const ReferralState& state,
                                                           const Draft& draft);

// Puts a referral back to draft for one of the reasons above, and gives the refusal.
Error send_back(Transaction& tx, const ReferralState& state, Refusal why);

}  // namespace firebreak::record
