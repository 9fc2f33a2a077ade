// SPDX-License-Identifier: Apache-2.0
#include "web/pages/referral_list.h"

namespace firebreak::web {

using record::ReferralQuery;

ReferralQuery asked_of_register(const ListQuery& asked) {
  ReferralQuery query;
  const auto states = asked.chosen.find("state");
  if (states != asked.chosen.end()) {
    for (const std::string& state : states->second) {
      query.states.push_back(*record::state_named(state));
    }
  }
  query.reference = asked.search;
  query.oldest_first = !asked.descending;
  return query;
}

Result<ListPage> read_referrals(record::Referrals& referrals, const identity::Actor& actor,
                                const ListShape& shape, const ListQuery& asked, ReferralQuery query,
                                const std::function<ListRow(const Json&)>& row) {
  ListPage list;
  // Adds the rows of one read; gives what follows.
  const auto read = [&]() -> Result<Json> {
    FB_TRY(Json found, referrals.page(actor, query));
    for (const Json& referral : found["referrals"]) list.rows.push_back(row(referral));
    list.total = found["total"].get<uint64_t>();
    return found;
  };
  if (asked.csv) {
    query.urgent_first = false;
    query.limit = ReferralQuery::kMost;
    while (true) {
      FB_TRY(const Json found, read());
      if (!found.contains("next")) return list;
      query.after = found["next"].get<uint64_t>();
    }
  }
  query.limit = shape.page_size;
  query.offset = list_offset(shape, asked.page);
  FB_TRY([[maybe_unused]] const Json found, read());
  list.number = page_within(shape, asked, list.total);
  if (list.number == asked.page) return list;
  query.offset = list_offset(shape, list.number);
  FB_TRY([[maybe_unused]] const Json last, read());
  return list;
}

BlockingWork& read_pool(Frame& frame, const ListQuery& asked) {
  return asked.csv ? frame.app().long_reads : frame.app().reads;
}

}  // namespace firebreak::web
