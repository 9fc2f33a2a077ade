// SPDX-License-Identifier: Apache-2.0
#include "web/rate_limit.h"

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cmath>

namespace firebreak::web {
namespace {

namespace ip = boost::asio::ip;

std::optional<std::string> owner_of(std::string_view text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  if (address.is_v4()) return address.to_string();
  if (address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), uint8_t{0});
  return ip::address_v6(bytes).to_string();
}

// After the last comma, without the spaces around it.
std::string_view last_of(std::string_view list) {
  list.remove_prefix(list.rfind(',') == std::string_view::npos ? 0 : list.rfind(',') + 1);
  const auto first = list.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return list.substr(first, list.find_last_not_of(" \t") - first + 1);
}

}  // namespace

void RateLimit::fill(Bucket& bucket, Instant now) const {
  const std::chrono::duration<double, std::ratio<60>> minutes =
      std::max(now - bucket.filled, Instant::duration::zero());
  bucket.tokens = std::min(per_minute_, bucket.tokens + minutes.count() * per_minute_);
  bucket.filled = now;
}

// A full bucket says nothing; of the others the one that was asked for longest ago goes.
void RateLimit::make_room(Instant now) {
  if (buckets_.size() < kMost) return;
  std::erase_if(buckets_, [&](const auto& entry) {
    return now - entry.second.filled >= std::chrono::minutes{1};
  });
  if (buckets_.size() < kMost) return;
  buckets_.erase(std::min_element(
      buckets_.begin(), buckets_.end(),
      [](const auto& a, const auto& b) { return a.second.filled < b.second.filled; }));
}

std::optional<std::chrono::seconds> RateLimit::take(const std::string& who) {
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.now();
  if (!buckets_.contains(who)) {
    make_room(now);
    buckets_[who] = {per_minute_, now};
  }
  Bucket& bucket = buckets_[who];
  fill(bucket, now);
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  const double seconds = std::ceil((1 - bucket.tokens) * 60 / per_minute_);
  return std::chrono::seconds{std::max(1L, static_cast<long>(seconds))};
}

Header retry_after(std::chrono::seconds wait) {
  return {"Retry-After", std::to_string(std::max(wait, std::chrono::seconds{1}).count())};
}

std::string RateLimits::who(const Request& request) const {
  if (!address_header.empty()) {
    // Sent twice, they are one list (RFC 9110, 5.3): the last is the proxy's own.
    std::string_view given;
    for (const Header& header : request.headers)
      if (header.name == address_header) given = header.value;
    if (auto named = owner_of(last_of(given))) return *std::move(named);
  }
  return owner_of(request.address).value_or("");
}

}  // namespace firebreak::web
