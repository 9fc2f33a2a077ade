// SPDX-License-Identifier: Apache-2.0
#include "identity/session.h"

#include <algorithm>

#include "identity/token.h"

namespace firebreak::identity {
namespace {

constexpr std::chrono::seconds kLongestWait{15 * 60};

std::chrono::seconds wait_after(int wrong) {
  const int steps = std::min(wrong - Sessions::kFreeAttempts, 20);
  if (steps < 0) return std::chrono::seconds{0};
  return std::min(std::chrono::seconds{2LL << steps}, kLongestWait);
}

}  // namespace

bool Sessions::live(const Session& session, Instant now) {
  return now - session.used < kIdle && now - session.started < kAbsolute && now >= session.started;
}

Result<void> Sessions::may_try(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto found = attempts_.find(name);
  if (found == attempts_.end()) return {};
  const auto ready = found->second.last + wait_after(found->second.wrong);
  if (clock_.now() >= ready) return {};
  return Error{ErrorCode::unavailable,
               "There were too many wrong passwords for this name.",
               {},
               "Wait " + std::to_string(wait_after(found->second.wrong).count()) +
                   " seconds before the next try."};
}

void Sessions::failed(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.now();
  if (!attempts_.contains(name) && attempts_.size() >= kMaxNames) {
    // Forget the name whose last wrong attempt is oldest: whoever floods us with names can do no
    // more than that.
    const auto oldest = std::min_element(
        attempts_.begin(), attempts_.end(),
        [](const auto& a, const auto& b) { return a.second.last < b.second.last; });
    attempts_.erase(oldest);
  }
  Attempts& attempts = attempts_[name];
  // A day without an attempt makes good.
  if (now - attempts.last > std::chrono::hours{24}) attempts.wrong = 0;
  ++attempts.wrong;
  attempts.last = now;
}

void Sessions::make_room(Instant now) {
  if (sessions_.size() < kMaxSessions) return;
  std::erase_if(sessions_, [&](const auto& entry) { return !live(entry.second, now); });
  if (sessions_.size() < kMaxSessions) return;
  const auto oldest =
      std::min_element(sessions_.begin(), sessions_.end(),
                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
  sessions_.erase(oldest);
}

NewSession Sessions::start(const std::string& person_id, const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.now();
  make_room(now);
  attempts_.erase(name);
  NewSession session{new_token(random_, "fbp_"), now + kAbsolute};
  sessions_[token_hash(session.token)] = {person_id, now, now};
  return session;
}

std::optional<std::string> Sessions::find(std::string_view token) {
  const Digest hash = token_hash(token);
  const std::scoped_lock lock(mutex_);
  const auto found = sessions_.find(hash);
  if (found == sessions_.end()) return std::nullopt;
  const Instant now = clock_.now();
  if (!live(found->second, now)) {
    sessions_.erase(found);
    return std::nullopt;
  }
  found->second.used = now;
  return found->second.person_id;
}

void Sessions::end(std::string_view token) {
  const Digest hash = token_hash(token);
  const std::scoped_lock lock(mutex_);
  sessions_.erase(hash);
}

void Sessions::end_all(const std::string& person_id, std::string_view keep) {
  const Digest kept = token_hash(keep);
  const std::scoped_lock lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) {
    return entry.second.person_id == person_id && (keep.empty() || entry.first != kept);
  });
}

}  // namespace firebreak::identity
