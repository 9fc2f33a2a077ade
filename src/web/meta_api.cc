// SPDX-License-Identifier: Apache-2.0
// GET /v1/openapi.json and GET /healthz.
#include "web/api.h"
#include "web/app.h"

namespace firebreak::web {

void add_meta_api(Router& router, App& app) {
  router.add({.method = "GET", .path = "/v1/openapi.json", .open = true},
             [](Request&) -> boost::asio::awaitable<Response> {
               Response response;
               response.content_type = "application/json";
               response.body = openapi_document();
               co_return response;
             });
  router.add({.method = "GET", .path = "/healthz", .open = true},
             [&app](Request&) -> boost::asio::awaitable<Response> {
               if (const auto stopped = app.reg.recorder().stopped()) {
                 co_return problem(503, "unavailable", stopped->message);
               }
               co_return json_response(200, {{"status", "ok"}});
             });
}

}  // namespace firebreak::web
