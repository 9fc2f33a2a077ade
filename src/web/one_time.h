// SPDX-License-Identifier: Apache-2.0
// Things that are kept in memory for some minutes and given out once, to whoever shows the token
// that they were kept under: sign-ins under way, links, forms that were sent too late.
//
//   OneTime<Link> links(clock, std::chrono::minutes{2}, 10'000);
//   links.keep(token, link);
//   std::optional<Link> link = links.take(token);     // and never again
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"

namespace firebreak::web {

// Safe to call from several threads. Tokens themselves are not kept, only their digests.
template <typename Thing>
class OneTime {
 public:
  // `most` things at once: the oldest makes room for another.
  OneTime(const Clock& clock, std::chrono::seconds life, size_t most)
      : clock_(clock), life_(life), most_(most) {}

  void keep(std::string_view token, Thing thing) {
    const std::scoped_lock lock(mutex_);
    const Instant now = clock_.now();
    std::erase_if(kept_, [&](const auto& entry) { return !lives(entry.second, now); });
    const Digest key = sha256(as_bytes(token));
    if (kept_.size() >= most_ && !kept_.contains(key)) {
      kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
        return a.second.since < b.second.since;
      }));
    }
    kept_.insert_or_assign(key, Entry{std::move(thing), now});
  }

  // What was kept under the token, if it was not too long ago; it is not kept any more.
  std::optional<Thing> take(std::string_view token) {
    const std::scoped_lock lock(mutex_);
    auto entry = kept_.extract(sha256(as_bytes(token)));
    if (entry.empty() || !lives(entry.mapped(), clock_.now())) return std::nullopt;
    return std::move(entry.mapped().thing);
  }

  // The same, and it stays.
  [[nodiscard]] std::optional<Thing> look(std::string_view token) const {
    const std::scoped_lock lock(mutex_);
    const auto found = kept_.find(sha256(as_bytes(token)));
    if (found == kept_.end() || !lives(found->second, clock_.now())) return std::nullopt;
    return found->second.thing;
  }

 private:
  struct Entry {
    Thing thing;
    Instant since;
  };
  [[nodiscard]] bool lives(const Entry& entry, Instant now) const {
    return now - entry.since < life_ && now >= entry.since;
  }

  const Clock& clock_;
  const std::chrono::seconds life_;
  const size_t most_;
  mutable std::mutex mutex_;
  std::map<Digest, Entry> kept_;
};

}  // namespace firebreak::web
