// SPDX-License-Identifier: Apache-2.0
// The answers that pages of a referral in the making have shown, so that looking at a page again
// records no other question. Kept in memory, under a digest of what was asked; losing one costs no
// more than another entry.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "base/hash.h"
#include "base/json.h"

namespace firebreak::web {

class ToldAnswers {
 public:
  using Key = Digest;
  static constexpr size_t kMost = 10'000;

  static Key key_of(const Json& question) { return sha256(as_bytes(canonical_json(question))); }

  std::optional<Json> find(const Key& key) {
    const std::scoped_lock lock(mutex_);
    const auto found = answers_.find(key);
    return found == answers_.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const Key& key, const Json& answer) {
    const std::scoped_lock lock(mutex_);
    if (answers_.size() >= kMost) answers_.clear();
    answers_[key] = answer;
  }

 private:
  std::mutex mutex_;
  std::map<Key, Json> answers_;
};

}  // namespace firebreak::web
