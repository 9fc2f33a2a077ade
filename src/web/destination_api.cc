// SPDX-License-Identifier: Apache-2.0
// GET /v1/destinations: what the mail gateway and the telephone switch block, and people check.
#include "identity/rights.h"
#include "web/api.h"
#include "web/app.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

boost::asio::awaitable<Response> list_destinations(App& app) {
  const Day today = london_day(app.reg.clock().now());
  Json all = Json::array();
  for (const record::Destination& one : app.reg.config().destinations) {
    Json said = record::destination_json(one);
    said["id"] = one.id;
    said["closed"] = one.closed();
    said["takes_referrals"] = one.takes_referrals(today);
    all.push_back(std::move(said));
  }
  co_return json_response(200, {{"destinations", std::move(all)}});
}

}  // namespace

void add_destination_api(Router& router, App& app) {
  router.add(
      {.method = "GET", .path = "/v1/destinations", .right = identity::Right::see_destinations},
      [&app](Request&) { return list_destinations(app); });
}

}  // namespace firebreak::web
