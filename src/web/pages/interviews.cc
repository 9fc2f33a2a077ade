// SPDX-License-Identifier: Apache-2.0
#include "web/pages/interviews.h"

#include <algorithm>
#include <utility>

namespace firebreak::web {

std::string RecordedAnswer::policy_digest() const {
  const Json& policy = answer["policy"];
  return policy.is_object() ? policy["digest"].get<std::string>() : std::string();
}

Interview Interviews::get(std::string_view session_token) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(sha256(as_bytes(session_token)));
  if (found == entries_.end() || now - found->second.used > idle_) return {};
  found->second.used = now;
  return found->second.interview;
}

void Interviews::put(std::string_view session_token, Interview interview) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  make_room(now);
  entries_[sha256(as_bytes(session_token))] = {std::move(interview), now};
}

void Interviews::forget(std::string_view session_token) {
  const std::lock_guard lock(mutex_);
  entries_.erase(sha256(as_bytes(session_token)));
}

void Interviews::move(std::string_view session_token, std::string_view new_token) {
  const std::lock_guard lock(mutex_);
  auto entry = entries_.extract(sha256(as_bytes(session_token)));
  if (entry.empty()) return;
  entry.key() = sha256(as_bytes(new_token));
  entries_.insert(std::move(entry));
}

// Looking through all of them costs a few microseconds at a police force's numbers; it is done only
// when an interview is written.
void Interviews::make_room(Instant now) {
  std::erase_if(entries_, [&](const auto& entry) { return now - entry.second.used > idle_; });
  if (entries_.size() < kMost) return;
  entries_.erase(
      std::min_element(entries_.begin(), entries_.end(),
                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

}  // namespace firebreak::web
