// SPDX-License-Identifier: Apache-2.0
// The interviews under way, in memory, one for each session: the answers given and the decision
// that was recorded for them. They hold facts about a case and nothing that says whose case it is.
//
//   Interview interview = interviews.get(session_token);
//   interview.answers["role"] = {"victim"};
//   interviews.put(session_token, interview);
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "web/pages/interview.h"

namespace firebreak::web {

// A decision that is on disk, and what it was about.
struct RecordedAnswer {
  Json facts;
  Json answer;  // docs/api.md
  Instant at;
  // The policy's digest; empty when none was in force.
  [[nodiscard]] std::string policy_digest() const;
};

struct Interview {
  Answers answers;
  std::optional<RecordedAnswer> recorded;
};

// Safe to call from several threads. An interview that was not touched for as long as a session may
// idle is forgotten.
class Interviews {
 public:
  static constexpr size_t kMost = 10'000;

  Interviews(const Clock& clock, std::chrono::seconds idle) : clock_(clock), idle_(idle) {}

  // The session's interview; an empty one when there is none.
  Interview get(std::string_view session_token);
  void put(std::string_view session_token, Interview interview);
  void forget(std::string_view session_token);
  // The session has another token now.
  void move(std::string_view session_token, std::string_view new_token);

 private:
  struct Entry {
    Interview interview;
    Instant used;
  };
  void make_room(Instant now);

  const Clock& clock_;
  const std::chrono::seconds idle_;  // as long as a session may be idle
  std::mutex mutex_;
  std::map<Digest, Entry> entries_;  // by the token's hash
};

}  // namespace firebreak::web
