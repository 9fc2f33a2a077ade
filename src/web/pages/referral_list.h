// SPDX-License-Identifier: Apache-2.0
// A list of referrals, read from the register page by page along an index, so that its time does
// not grow with the referrals that are not shown; everything, a thousand at a time, for CSV.
//
//   record::ReferralQuery query = asked_of_register(asked);   // and what this list is limited to
//   Block work = [&]() -> Result<Json> {
//     FB_TRY(page, read_referrals(referrals, actor, shape, asked, query, row));
//     return Json();
//   };
//   const auto done = co_await read_pool(frame, asked).run(std::move(work));
#pragma once

#include <functional>

#include "register/referrals.h"
#include "web/listing.h"
#include "web/pages/frame.h"

namespace firebreak::web {

// The search by reference, the filter "state" and the order of last changes of a list.
record::ReferralQuery asked_of_register(const ListQuery& asked);

// `row` makes a row of a referral as Referrals::page gives it. Errors: as Referrals::page.
Result<ListPage> read_referrals(record::Referrals& referrals, const identity::Actor& actor,
                                const ListShape& shape, const ListQuery& asked,
                                record::ReferralQuery query,
                                const std::function<ListRow(const Json&)>& row);

// What it is read on: a CSV of everything keeps no page waiting.
BlockingWork& read_pool(Frame& frame, const ListQuery& asked);

}  // namespace firebreak::web
