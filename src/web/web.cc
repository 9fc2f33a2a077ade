// SPDX-License-Identifier: Apache-2.0
#include "web/web.h"

#include <charconv>

#include "web/api.h"
#include "web/authzen.h"
#include "web/caller.h"
#include "web/pages/pages.h"
#include "web/refused.h"

namespace firebreak::web {
namespace {

// Where a route has a right of its own the register never sees who is refused it.
void record_refused_route(App& app, const Request& request, const Route& route) {
  const bool due = request.caller->actor.must_change_password;
  record_refused(app, request, route.method + " " + route.path,
                 due ? record::Refusal::password_change_due : record::Refusal::no_right);
}

}  // namespace

Result<std::unique_ptr<Web>> Web::start(App& app, ServeOptions options) {
  options.secure = app.secure;
  std::unique_ptr<Web> web(new Web(app, std::move(options)));
  add_authzen(web->router_, app);
  add_account_api(web->router_, app);
  add_link_api(web->router_, app);
  add_referral_api(web->router_, app);
  add_aftercare_api(web->router_, app);
  add_data_protection_api(web->router_, app);
  add_change_api(web->router_, app);
  add_destination_api(web->router_, app);
  add_meta_api(web->router_, app);
  web->router_.on_refused([&app](const Request& request, const Route& route) {
    record_refused_route(app, request, route);
  });
  if (!app.ui.empty()) FB_CHECK(add_pages(web->router_, app));
  FB_CHECK(web->server_.start());
  return web;
}

Result<ServeOptions> listen_on(std::string_view listen) {
  const auto colon = listen.rfind(':');
  ServeOptions options;
  const char* end = listen.data() + listen.size();
  if (colon == std::string_view::npos ||
      std::from_chars(listen.data() + colon + 1, end, options.port).ptr != end ||
      colon + 1 == listen.size()) {
    return bad_input("This is not an address and a port.", std::string(listen),
                     "Write it like 127.0.0.1:8080.");
  }
  std::string_view address = listen.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  options.address = std::string(address);
  return options;
}

Result<void> serve(App& app, ServeOptions options) {
  FB_TRY(const std::unique_ptr<Web> web, Web::start(app, std::move(options)));
  web->run_until_signal();
  return {};
}

}  // namespace firebreak::web
