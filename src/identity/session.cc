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

Instant Sessions::end_of(const Session& session) const {
  return std::min(session.used + limits_.idle, session.started + limits_.absolute);
}

bool Sessions::live(const Session& session, Instant now) const {
  return now < end_of(session) && now >= session.started;
}

std::chrono::seconds Sessions::wait(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto found = attempts_.find(name);
  if (found == attempts_.end()) return std::chrono::seconds{0};
  const auto ready = found->second.last + wait_after(found->second.wrong);
  return std::max(std::chrono::ceil<std::chrono::seconds>(ready - clock_.now()),
                  std::chrono::seconds{0});
}

Result<void> Sessions::may_try(const std::string& name) {
  const auto left = wait(name);
  if (left == std::chrono::seconds{0}) return {};
  return Error{ErrorCode::too_many,
               "There were too many wrong passwords for this name.",
               {},
               "Wait " + std::to_string(left.count()) + " seconds before the next try."};
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

NewSession Sessions::start(const std::string& person_id, const std::string& name,
                           SessionBasis basis) {
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.now();
  make_room(now);
  if (basis.way == SignInWay::local) attempts_.erase(name);
  NewSession session{new_token(random_, "fbp_"), now + limits_.absolute};
  sessions_[token_hash(session.token)] = {person_id, std::move(basis), now, now};
  return session;
}

std::optional<LiveSession> Sessions::find(std::string_view token) {
  const Digest hash = token_hash(token);
  const std::scoped_lock lock(mutex_);
  const auto found = sessions_.find(hash);
  if (found == sessions_.end()) return std::nullopt;
  const Instant now = clock_.now();
  if (!live(found->second, now)) {
    if (now >= end_of(found->second) + kRemembered) sessions_.erase(found);
    return std::nullopt;
  }
  found->second.used = now;
  return LiveSession{found->second.person_id, found->second.basis};
}

std::optional<NewSession> Sessions::renew(std::string_view token) {
  const std::scoped_lock lock(mutex_);
  auto session = sessions_.extract(token_hash(token));
  if (session.empty() || !live(session.mapped(), clock_.now())) return std::nullopt;
  NewSession renewed{new_token(random_, "fbp_"), session.mapped().started + limits_.absolute};
  session.key() = token_hash(renewed.token);
  sessions_.insert(std::move(session));
  return renewed;
}

std::optional<std::string> Sessions::late_holder(std::string_view token) {
  const Digest hash = token_hash(token);
  const std::scoped_lock lock(mutex_);
  const auto found = sessions_.find(hash);
  if (found == sessions_.end()) return std::nullopt;
  const Instant now = clock_.now();
  const Instant ended = end_of(found->second);
  if (now < ended || now >= ended + kRemembered) return std::nullopt;
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

std::vector<ListedSession> Sessions::of(const std::string& person_id, std::string_view here) {
  const Digest asking = token_hash(here);
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.now();
  std::vector<ListedSession> out;
  for (const auto& [hash, session] : sessions_) {
    if (session.person_id != person_id || !live(session, now)) continue;
    out.push_back({session.basis.way, session.started, session.used, hash == asking});
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.started > b.started; });
  return out;
}

}  // namespace firebreak::identity
