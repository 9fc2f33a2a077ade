// SPDX-License-Identifier: Apache-2.0
// Any bytes to the request parser with our guard behind it. What passes keeps the guard's promises.
#include <cstdlib>

#include "web/guard.h"

namespace {

constexpr uint64_t kMaxBody = uint64_t{4} << 20;  // bytes; each route takes less

using namespace firebreak;
using namespace firebreak::web;

void promise(bool kept) {
  if (!kept) std::abort();
}

void use(const Request& request) {
  promise(request.path.starts_with('/'));
  promise(!request.header("host").empty());
  promise(request.header("transfer-encoding").empty() || request.header("content-length").empty());
  (void)request.cookie("session");
  (void)request.query_members();
  (void)request.form_members();
  (void)request.json();
  const Router router;
  promise(router.find(request.method, request.path).route == nullptr);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer names it
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  WireParser parser;
  parser.header_limit(kMaxHeader);
  parser.body_limit(kMaxBody);
  parser.eager(true);
  boost::beast::error_code error;
  boost::asio::const_buffer rest(data, size);
  while (!error && rest.size() > 0 && !parser.is_done()) {
    const size_t used = parser.put(rest, error);
    rest += used;
    if (error == boost::beast::http::error::need_more || used == 0) break;
  }
  if (error) (void)refusal_of(error);
  if (!parser.is_header_done() || refuse(parser.get())) return 0;
  Request request = to_request(parser.get());
  request.body = parser.get().body();
  promise(request.body.size() <= kMaxBody);
  use(request);
  return 0;
}
