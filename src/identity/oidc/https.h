// SPDX-License-Identifier: Apache-2.0
// How a provider is asked: the one place where sign-in touches the network.
//
//   CurlFetcher fetcher;
//   FB_TRY(Answer answer, fetcher.fetch({.url = issuer + "/.well-known/openid-configuration"}));
//
// Calls block, for ten seconds at the most: never make one on a thread that serves connections.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace firebreak::identity::oidc {

struct Request {
  std::string url;
  std::optional<std::string> form;  // the body of a POST; a GET when there is none
  std::string authorization;        // the header's value; empty for none
};

struct Answer {
  long status = 0;
  std::string body;
};

class Fetcher {
 public:
  Fetcher() = default;
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  virtual ~Fetcher() = default;
  // Safe to call from several threads. Error: unavailable when there is no whole answer.
  virtual Result<Answer> fetch(const Request& request) = 0;
};

// libcurl's: https with the system's certificates, or http on this machine alone (check_url); no
// redirects; an answer of 1 MiB at the most.
class CurlFetcher final : public Fetcher {
 public:
  Result<Answer> fetch(const Request& request) override;
};

}  // namespace firebreak::identity::oidc
