// SPDX-License-Identifier: Apache-2.0
// The HTTP server: one acceptor, and a few io threads that each serve the connections given to
// them.
//
//   Server server(site, log, {.address = "127.0.0.1", .port = 8080});
//   FB_CHECK(server.start());
//   server.port();                 // the port that is listened on
//   server.stop();                 // finishes what was begun, then returns
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "web/log.h"

namespace firebreak::web {

class Site;

struct Deadlines {
  std::chrono::milliseconds idle{60'000};    // from one answer to the next request's first byte
  std::chrono::milliseconds header{10'000};  // from the first byte to the end of the header
  std::chrono::milliseconds body{30'000};    // for the whole body
  std::chrono::milliseconds write{30'000};   // for the whole answer
  std::chrono::milliseconds linger{2'000};   // to let a refused sender read why
  std::chrono::milliseconds stop{10'000};    // for requests in hand when the server stops
};

struct ServeOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;     // 0: any free one
  unsigned threads = 0;  // 0: one a processor, at most 4
  size_t max_connections = 1024;
  bool secure = false;  // reached over https: cookies are Secure and answers carry HSTS
  Deadlines deadlines = {};
};

class Server {
 public:
  // `site` and `log` must outlive the server.
  Server(const Site& site, Log& log, ServeOptions options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // stops

  // Listens and serves on threads of its own. Errors: bad_input (the address), unavailable (the
  // port is taken or not allowed).
  Result<void> start();
  [[nodiscard]] uint16_t port() const;
  // Takes no new connection, lets the requests in hand finish, closes, and returns when all is
  // quiet.
  void stop();
  // Blocks until SIGTERM or SIGINT comes, then stop()s.
  void run_until_signal();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace firebreak::web
