// SPDX-License-Identifier: Apache-2.0
#include "web/pages/desk_view.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using record::ReferralQuery;

// Adds the rows of one read; gives the number of all.
Result<Json> read_rows(record::Referrals& referrals, const identity::Actor& actor,
                       const ReferralQuery& query, ListPage& list) {
  FB_TRY(Json found, referrals.page(actor, query));
  for (const Json& referral : found["referrals"]) list.rows.push_back(desk_row(referral));
  list.total = found["total"].get<uint64_t>();
  return found;
}

// One page of the register's, or for CSV all of them, a thousand at a time.
Result<void> read_list(record::Referrals& referrals, const identity::Actor& actor,
                       const ListQuery& asked, ListPage& list) {
  const ListShape& shape = desk_shape();
  ReferralQuery query = desk_query(asked);
  if (asked.csv) {
    query.limit = ReferralQuery::kMost;
    while (true) {
      FB_TRY(const Json found, read_rows(referrals, actor, query, list));
      if (!found.contains("next")) return {};
      query.after = found["next"].get<uint64_t>();
    }
  }
  query.limit = shape.page_size;
  query.offset = list_offset(shape, asked.page);
  FB_TRY([[maybe_unused]] const Json found, read_rows(referrals, actor, query, list));
  list.number = page_within(shape, asked, list.total);
  if (list.number == asked.page) return {};
  query.offset = list_offset(shape, list.number);
  FB_TRY([[maybe_unused]] const Json last, read_rows(referrals, actor, query, list));
  return {};
}

PageResponse desk_page(Frame& frame, Request& request) {
  const auto asked = read_list_query(desk_shape(), request);
  if (!asked) co_return frame.error_page(request, asked.error());
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  ListPage list;
  // Named, not a temporary in the co_await: g++ 12 destroys such a temporary twice.
  Block work = [&]() -> Result<Json> {
    FB_CHECK(read_list(referrals, actor, *asked, list));
    return referrals.page(actor, {.states = {record::State::in_doubt}, .limit = 1});
  };
  const auto in_doubt = co_await frame.app().reads.run(std::move(work));
  if (!in_doubt) co_return frame.error_page(request, in_doubt.error());
  if (asked->csv) co_return list_csv(desk_shape(), list);
  Json model = desk_view((*in_doubt)["total"].get<uint64_t>());
  model["HTML_LIST"] = list_html(desk_shape(), *asked, list).json();
  co_return frame.show(request, 200, "desk.html", std::move(model));
}

}  // namespace

void add_desk_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  using identity::Right;
  frame->add_navigation({"Referrals", "/desk", Right::list_referrals});
  add_page_routes(router, frame, {{"GET", "/desk", desk_page, Right::list_referrals}});
}

}  // namespace firebreak::web
