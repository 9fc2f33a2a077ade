// SPDX-License-Identifier: Apache-2.0
#include "web/pages/desk_view.h"
#include "web/pages/groups.h"
#include "web/pages/referral_list.h"

namespace firebreak::web {
namespace {

PageResponse desk_page(Frame& frame, Request& request) {
  const auto asked = read_list_query(desk_shape(), request);
  if (!asked) co_return frame.error_page(request, asked.error());
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  ListPage list;
  // Named, not a temporary in the co_await: g++ 12 destroys such a temporary twice.
  Block work = [&]() -> Result<Json> {
    FB_TRY(list, read_referrals(referrals, actor, desk_shape(), *asked, asked_of_register(*asked),
                                desk_row));
    return referrals.page(actor, {.states = {record::State::in_doubt}, .limit = 1});
  };
  const auto in_doubt = co_await read_pool(frame, *asked).run(std::move(work));
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
