// SPDX-License-Identifier: Apache-2.0
// What Beast's parser lets through and we do not: a request that two programs
// could read differently is refused before anything looks at it. This header includes Beast; only
// connection.cc, guard.cc and their tests may include it.
//
//   if (auto refusal = refuse(parser.get())) { answer(refusal->status, refusal->why); close(); }
#pragma once

// clang-format off
#include <utility>  // first: Boost 1.74's awaitable.hpp needs it and does not include it
// clang-format on
#include <boost/beast/http.hpp>
#include <optional>
#include <string_view>

#include "web/http.h"

namespace firebreak::web {

using WireParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using WireHeader = boost::beast::http::request_header<boost::beast::http::fields>;

inline constexpr uint32_t kMaxHeader = 16 * 1024;  // bytes, request line and fields

struct Refusal {
  int status;
  std::string_view code;
  std::string_view why;
};

// Nothing when the header is one that every reader understands alike: HTTP/1.1 (RFC 9112 2.3), one
// well-formed Host (3.2), Transfer-Encoding "chunked" alone or absent (6.1), not both framings
// (6.3), one Content-Length of digits, a target in origin form (3.2.1) without dot segments, at
// most one of the fields that say who asks and what is sent.
std::optional<Refusal> refuse(const WireHeader& header);

// How a failure of the parser is answered.
Refusal refusal_of(const boost::beast::error_code& error);

// True when the client waits for "100 Continue" before it sends its body (RFC 9110, 10.1.1).
bool expects_continue(const WireHeader& header);

// The request in our own terms, without its body. The header has passed refuse().
Request to_request(const WireHeader& header);

}  // namespace firebreak::web
