// SPDX-License-Identifier: Apache-2.0
// The server's log: one JSON object a line on standard error, each written by a JSON serialiser (a
// value put into a pattern can forge a second event). It says what the program did,
// never what people asked: no names, no addresses, no query strings, no bodies, no tokens.
//
//   log.event(Log::Level::info, "server.started", {{"port", 8080}});
#pragma once

#include <memory>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"

namespace firebreak::web {

class Log {
 public:
  enum class Level { debug, info, warning, error };

  // Writes events of `least` and above to standard error.
  Log(const Clock& clock, Level least);
  // Writes to `stream` instead, for tests.
  Log(const Clock& clock, Level least, std::ostream& stream);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

  [[nodiscard]] bool takes(Level level) const { return level >= least_; }
  // One line: {"at", "level", "event", ...members}. Safe from several threads; never throws for a
  // member's content (what is not UTF-8 is replaced).
  void event(Level level, std::string_view name, Json members = Json::object());

 private:
  const Clock& clock_;
  Level least_;
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace firebreak::web
