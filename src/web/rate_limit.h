// SPDX-License-Identifier: Apache-2.0
// How often one address may try to sign in, and open the pages that are open to anyone: a bucket of
// tokens for each address, which fills again by and by. Nobody is shut out for longer than it takes
// to fill by one.
//
//   RateLimits limits(config, clock);
//   if (auto wait = limits.sign_in.take(limits.who(request))) ...429, Retry-After: wait...
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "register/config.h"
#include "web/http.h"

namespace firebreak::web {

// Safe to call from several threads.
class RateLimit {
 public:
  static constexpr size_t kMost = 20'000;  // addresses that are remembered

  // A bucket holds as much as a minute brings.
  RateLimit(const Clock& clock, unsigned per_minute) : clock_(clock), per_minute_(per_minute) {}

  // Takes one; when there is none, how long until there is, in whole seconds and at least one.
  std::optional<std::chrono::seconds> take(const std::string& who);

 private:
  struct Bucket {
    double tokens = 0;
    Instant filled;
  };
  void fill(Bucket& bucket, Instant now) const;
  void make_room(Instant now);

  const Clock& clock_;
  const double per_minute_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// What a refusal for asking too often says of when to ask again; at least a second.
Header retry_after(std::chrono::seconds wait);

struct RateLimits {
  RateLimits(const record::Config& config, const Clock& clock)
      : sign_in(clock, config.sign_in.per_minute),
        open_pages(clock, config.web.open_pages_per_minute),
        address_header(config.web.address_header) {}

  // Who asks: an IPv4 address, or the first half of an IPv6 address (one line's customer has all of
  // the other half). Where force.toml names a proxy's header, the last address in it, which is the
  // one that the proxy itself saw; what does not read as an address is not believed.
  [[nodiscard]] std::string who(const Request& request) const;

  RateLimit sign_in;
  RateLimit open_pages;
  const std::string address_header;
};

}  // namespace firebreak::web
