// SPDX-License-Identifier: Apache-2.0
// Sessions of signed-in people, in memory alone: a restart signs everyone out. A session ends when
// it was not used for a while, and some hours after it began in any case.
//
//   Sessions sessions(clock, random);
//   FB_CHECK(sessions.may_try(name));            // refuses when there were too many wrong attempts
//   ... compare the password ...
//   NewSession session = sessions.start(person_id, name);
//   std::optional<LiveSession> who = sessions.find(token);
//
// A token is made when a person signs in and again when what they may do changes (renew): one that
// somebody knew before is worth nothing after.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"

namespace firebreak::identity {

struct SessionLimits {
  std::chrono::seconds idle{30 * 60};
  std::chrono::seconds absolute{12 * 3600};
};

struct NewSession {
  std::string token;
  Instant expires;  // at the latest; earlier when the session is not used
};

// How a person came in, and what follows from it.
enum class SignInWay {
  local,     // a password or a passkey of this directory
  provider,  // OpenID Connect
  link,      // a link that a records system made
};

struct SessionBasis {
  SignInWay way = SignInWay::local;
  std::vector<std::string> roles = {};  // from the provider; with `local` those of the directory
  std::string service = {};             // with `link`: who made it
};

struct LiveSession {
  std::string person_id;
  SessionBasis basis;
};

// A session as its holder is shown it.
struct ListedSession {
  SignInWay way = SignInWay::local;
  Instant started;
  Instant used;
  bool here = false;  // the one that asks
};

// Safe to call from several threads.
class Sessions {
 public:
  static constexpr int kFreeAttempts = 5;  // wrong passwords before the slow-down starts
  static constexpr size_t kMaxSessions = 10'000;
  static constexpr size_t kMaxNames = 10'000;  // names with wrong attempts that are remembered
  // How long after its end a session's holder is still known, so that a form which they sent too
  // late can be kept for them.
  static constexpr std::chrono::minutes kRemembered{60};

  Sessions(const Clock& clock, Random& random, SessionLimits limits = {})
      : clock_(clock), random_(random), limits_(limits) {}

  // Whether a sign-in under this name may be tried now. After kFreeAttempts wrong ones each further
  // attempt waits twice as long as the one before, from 2 seconds to 15 minutes. Error: too_many.
  Result<void> may_try(const std::string& name);
  // How long until one may be tried, in whole seconds; none when it may be now.
  std::chrono::seconds wait(const std::string& name);
  void failed(const std::string& name);

  // Starts a session. A local one forgets the name's wrong attempts; who came in otherwise has not
  // shown that they know the password.
  NewSession start(const std::string& person_id, const std::string& name, SessionBasis basis = {});
  // The live session with this token; counts as use.
  std::optional<LiveSession> find(std::string_view token);
  // Another token for the same session, which ends at the same time; the old one ends. Nothing when
  // it is not live.
  std::optional<NewSession> renew(std::string_view token);
  // Whose session this was, when it ended for want of use or for its age, less than kRemembered
  // ago.
  std::optional<std::string> late_holder(std::string_view token);

  void end(std::string_view token);
  // Ends every session of a person (a new password, a changed role), but the one with `keep`.
  void end_all(const std::string& person_id, std::string_view keep = {});
  // A person's live sessions, the newest first.
  std::vector<ListedSession> of(const std::string& person_id, std::string_view here);

 private:
  struct Session {
    std::string person_id;
    SessionBasis basis;
    Instant started;
    Instant used;
  };
  struct Attempts {
    int wrong = 0;
    Instant last;
  };
  // When it ends if it is not used again.
  [[nodiscard]] Instant end_of(const Session& session) const;
  [[nodiscard]] bool live(const Session& session, Instant now) const;
  void make_room(Instant now);

  const Clock& clock_;
  Random& random_;
  const SessionLimits limits_;
  std::mutex mutex_;
  std::map<Digest, Session> sessions_;  // by the token's hash
  std::map<std::string, Attempts> attempts_;
};

}  // namespace firebreak::identity
