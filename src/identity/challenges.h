// SPDX-License-Identifier: Apache-2.0
// The challenges that passkeys answer, kept by the server alone: each is given for one purpose to
// one browser, is taken once, and lives five minutes.
//
//   Digest asked = challenges.give(Purpose::sign_in, browser);             // 32 random bytes
//   FB_TRY(Digest asked, challenges.take(Purpose::sign_in, browser));      // once
//   FB_TRY(passkey.sign_count, verify_assertion(passkey, answer, asked, party));
//
// A sign-off's challenge is the digest of the statement that is signed, so that the signature can
// be checked against it years later. That digest is not random to who knows the statement; what
// makes the assertion fresh is this: the statement holds two salted digests whose salts are drawn
// at submission, so nothing could be signed before it; it names referral and revision, so it
// serves no other; the server takes it only from the session that was asked within the last five
// minutes, and once; and the register takes one sign-off of a statement from a person.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"

namespace firebreak::identity {

enum class Purpose { registration, sign_in, sign_off };

// Safe to call from several threads.
class Challenges {
 public:
  static constexpr std::chrono::minutes kLife{5};
  static constexpr size_t kMost = 10'000;  // of a purpose; then the oldest is forgotten

  Challenges(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  // A new challenge for who is asked (`browser`: a secret of theirs, such as the session's token),
  // about `subject` (a sign-off's referral and revision). It replaces one given before for the
  // same. Without `digest` it is random.
  Digest give(Purpose purpose, std::string_view browser, std::string_view subject = {},
              const std::optional<Digest>& digest = std::nullopt);
  // The challenge, which is not taken by that; nothing when there is none that is alive.
  std::optional<Digest> waiting(Purpose purpose, std::string_view browser,
                                std::string_view subject = {});
  // Takes it away. Error: unauthorised, when it was not given, was taken before, or is too old.
  Result<Digest> take(Purpose purpose, std::string_view browser, std::string_view subject = {});

 private:
  struct Given {
    Digest challenge{};
    Instant at;
  };
  using Waiting = std::map<Digest, Given>;  // by the digest of browser and subject

  Waiting& of(Purpose purpose) { return waiting_[static_cast<size_t>(purpose)]; }
  static void make_room(Waiting& waiting, Instant now);

  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::array<Waiting, 3> waiting_;  // each purpose by itself: a flood of one leaves the others
};

}  // namespace firebreak::identity
