// SPDX-License-Identifier: Apache-2.0
// Sessions of signed-in people, in memory alone: a restart signs everyone out. A session ends after
// 30 minutes without use and after 12 hours in any case.
//
//   Sessions sessions(clock, random);
//   FB_CHECK(sessions.may_try(name));            // refuses when there were too many wrong attempts
//   ... compare the password ...
//   NewSession session = sessions.start(person_id, name);
//   std::optional<std::string> person_id = sessions.find(token);
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"

namespace firebreak::identity {

struct NewSession {
  std::string token;
  Instant expires;  // at the latest; earlier when the session is not used
};

// Safe to call from several threads.
class Sessions {
 public:
  static constexpr std::chrono::minutes kIdle{30};
  static constexpr std::chrono::hours kAbsolute{12};
  static constexpr int kFreeAttempts = 5;  // wrong passwords before the slow-down starts
  static constexpr size_t kMaxSessions = 10'000;
  static constexpr size_t kMaxNames = 10'000;  // names with wrong attempts that are remembered

  Sessions(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  // Whether a sign-in under this name may be tried now. After kFreeAttempts wrong ones each further
  // attempt waits twice as long as the one before, from 2 seconds to 15 minutes. Error:
  // unavailable.
  Result<void> may_try(const std::string& name);
  void failed(const std::string& name);

  // Starts a session and forgets the name's wrong attempts.
  NewSession start(const std::string& person_id, const std::string& name);
  // The person whose live session this is; counts as use.
  std::optional<std::string> find(std::string_view token);
  void end(std::string_view token);
  // Ends every session of a person (a new password, a changed role), but the one with `keep`.
  void end_all(const std::string& person_id, std::string_view keep = {});

 private:
  struct Session {
    std::string person_id;
    Instant started;
    Instant used;
  };
  struct Attempts {
    int wrong = 0;
    Instant last;
  };
  static bool live(const Session& session, Instant now);
  void make_room(Instant now);

  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::map<Digest, Session> sessions_;  // by the token's hash
  std::map<std::string, Attempts> attempts_;
};

}  // namespace firebreak::identity
