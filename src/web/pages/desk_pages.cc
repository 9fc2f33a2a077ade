// SPDX-License-Identifier: Apache-2.0
#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

PageResponse desk_page(Frame& frame, Request& request) {
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  // Named, not a temporary in the co_await: g++ 12 destroys such a temporary twice.
  Block work = [&referrals, actor] { return referrals.list(actor, {}); };
  auto list = co_await frame.app().reads.run(std::move(work));
  if (!list) co_return frame.error_page(request, list.error());
  co_return frame.show(request, 200, "desk.html", desk_view((*list)["referrals"]));
}

}  // namespace

void add_desk_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  using identity::Right;
  frame->add_navigation({"Referrals", "/desk", Right::list_referrals});
  add_page_routes(router, frame, {{"GET", "/desk", desk_page, Right::list_referrals}});
}

}  // namespace firebreak::web
