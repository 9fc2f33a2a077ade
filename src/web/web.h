// SPDX-License-Identifier: Apache-2.0
// The web server whole: API, pages and server over an open register.
//
//   App app{.reg = *reg, .log = log, .ui = "build/ui"};
//   FB_TRY(auto web, Web::start(app, {.port = 8080}));
//   web->run_until_signal();        // finishes what was begun, then returns
//
// Stop it before the register is closed: requests in hand wait for the recorder.
#pragma once

#include <memory>

#include "web/access.h"
#include "web/app.h"
#include "web/server.h"
#include "web/site.h"

namespace firebreak::web {

class Web {
 public:
  // Serves on threads of its own. `options.secure` is set from `app`. Without `app.ui` there is the
  // API alone. Errors: those of Server::start() and add_pages(). `app` must outlive it.
  static Result<std::unique_ptr<Web>> start(App& app, ServeOptions options);

  [[nodiscard]] uint16_t port() const { return server_.port(); }
  [[nodiscard]] const Router& router() const { return router_; }
  void stop() { server_.stop(); }
  void run_until_signal() { server_.run_until_signal(); }

 private:
  Web(App& app, ServeOptions options)
      : authenticator_(app.reg.directory(), app.secure),
        limits_(app.reg.config(), app.reg.clock()),
        site_(router_, authenticator_, app.log, &limits_),
        server_(site_, app.log, std::move(options)) {}

  Router router_;
  DirectoryAuthenticator authenticator_;
  RateLimits limits_;
  Site site_;
  Server server_;
};

// "127.0.0.1:8080" or "[::1]:8080", as force.toml and --listen have it. Error: bad_input.
Result<ServeOptions> listen_on(std::string_view listen);

// Starts, serves until SIGTERM or SIGINT, and stops.
Result<void> serve(App& app, ServeOptions options);

}  // namespace firebreak::web
