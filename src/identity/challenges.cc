// SPDX-License-Identifier: Apache-2.0
#include "identity/challenges.h"

#include <algorithm>

namespace firebreak::identity {
namespace {

Digest place_of_challenge(std::string_view browser, std::string_view subject) {
  // Two digests, so that no other cut between the two texts gives the same place.
  return sha256({sha256(as_bytes(browser)), sha256(as_bytes(subject))});
}

bool alive(Instant given, Instant now) { return given <= now && now - given < Challenges::kLife; }

}  // namespace

void Challenges::make_room(Waiting& waiting, Instant now) {
  if (waiting.size() < kMost) return;
  std::erase_if(waiting, [&](const auto& entry) { return !alive(entry.second.at, now); });
  if (waiting.size() < kMost) return;
  waiting.erase(std::min_element(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
    return a.second.at < b.second.at;
  }));
}

Digest Challenges::give(Purpose purpose, std::string_view browser, std::string_view subject,
                        const std::optional<Digest>& digest) {
  Given given{{}, clock_.now()};
  const std::scoped_lock lock(mutex_);
  if (digest) {
    given.challenge = *digest;
  } else {
    random_.fill(given.challenge);
  }
  Waiting& waiting = of(purpose);
  make_room(waiting, given.at);
  waiting[place_of_challenge(browser, subject)] = given;
  return given.challenge;
}

std::optional<Digest> Challenges::waiting(Purpose purpose, std::string_view browser,
                                          std::string_view subject) {
  const std::scoped_lock lock(mutex_);
  const auto found = of(purpose).find(place_of_challenge(browser, subject));
  if (found == of(purpose).end() || !alive(found->second.at, clock_.now())) return std::nullopt;
  return found->second.challenge;
}

Result<Digest> Challenges::take(Purpose purpose, std::string_view browser,
                                std::string_view subject) {
  const std::scoped_lock lock(mutex_);
  const auto taken = of(purpose).extract(place_of_challenge(browser, subject));
  if (!taken.empty() && alive(taken.mapped().at, clock_.now())) return taken.mapped().challenge;
  return Error{ErrorCode::unauthorised,
               "The passkey answered a question that was asked too long ago, or answered before.",
               {},
               "Start again from the page."};
}

}  // namespace firebreak::identity
