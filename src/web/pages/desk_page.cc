// SPDX-License-Identifier: Apache-2.0
#include "web/pages/frame.h"
#include "web/pages/views.h"

namespace firebreak::web {

Pages::Answer Pages::desk(Request& request) {
  record::Referrals& referrals = app_.reg.referrals();
  const identity::Actor actor = request.caller->actor;
  // Named, not a temporary in the co_await: g++ 12 destroys such a temporary twice.
  Block work = [&referrals, actor] { return referrals.list(actor, {}); };
  auto list = co_await app_.reads.run(std::move(work));
  if (!list) co_return error_page(request, list.error());
  co_return show(request, 200, "desk.html", desk_view((*list)["referrals"]));
}

}  // namespace firebreak::web
