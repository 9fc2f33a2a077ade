// SPDX-License-Identifier: Apache-2.0
// The list of referrals, newest step first: references, states and dates, and nothing about
// anybody.
//
//   const auto asked = read_list_query(desk_shape(), request);
//   read_referrals(referrals, actor, desk_shape(), *asked, asked_of_register(*asked), desk_row);
#pragma once

#include "base/json.h"
#include "web/listing.h"

namespace firebreak::web {

const ListShape& desk_shape();

// One referral as Referrals::page gives it.
ListRow desk_row(const Json& referral);

// The model of desk.html but for its list: a warning while messages are in doubt.
Json desk_view(uint64_t in_doubt);

// "Signed off, waiting for release": what a referral's state means, in words; the state's own name
// when there are none.
std::string state_words(const std::string& state);

}  // namespace firebreak::web
