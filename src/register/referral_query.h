// SPDX-License-Identifier: Apache-2.0
// Which referrals a list asks for, page by page, and what it gets. Every such read goes along an
// index of the register, so that its time does not grow with the referrals that are not shown.
//
//   ReferralQuery query{.states = {State::submitted}, .limit = 25};
//   FB_TRY(ReferralPage page, reader.page(query));                 // newest change first
//   query.after = page.referrals.back()["last_entry"].get<uint64_t>();  // and what comes after it
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "register/referral_state.h"

namespace firebreak::record {

struct ReferralQuery {
  static constexpr uint64_t kMost = 1001;  // referrals in one page

  std::vector<State> states = {};   // empty: all
  std::string requester = {};       // empty: everyone's
  std::string reference = {};       // the beginning of a reference; empty: any
  bool oldest_first = false;        // by the last change
  bool urgent_first = false;        // before that; `after` does not go with it
  std::optional<uint64_t> after{};  // the last_entry of one already seen: what follows it
  uint64_t offset = 0;
  // What leaves out one by one: for lists of a few states.
  std::string not_requester = {};      // leaves out this person's; empty: nobody's
  std::optional<bool> forwarded = {};  // by a supervisor, or not
  bool urgent_unreviewed = false;      // only urgent ones that nobody looked at again
  bool for_sign_off = false;           // only where the policy asks for a sign-off
  uint64_t limit = 25;                 // more than kMost counts as kMost
};

struct ReferralPage {
  std::vector<Json> referrals;  // as they are stored: to_json(ReferralState)
  uint64_t total = 0;           // of all pages, `after` and `offset` not counted
};

}  // namespace firebreak::record
