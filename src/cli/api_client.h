// SPDX-License-Identifier: Apache-2.0
// Speaks to a running server for the commands that do: JSON over HTTP with a bearer token.
//
//   FB_TRY(ApiClient client, ApiClient::from(options));
//   FB_TRY(Json referral, client.get("/v1/referrals/" + ref));
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::cli {

struct ServerOptions {
  std::string server = "http://127.0.0.1:8080";
  std::string token_file = "firebreak.token";
};

// Adds --server URL and --token-file FILE.
void add_server_options(CLI::App& command, ServerOptions& options);

class ApiClient {
 public:
  // Reads the token file. Errors: bad_input (the URL: http on loopback, https elsewhere),
  // not_found.
  static Result<ApiClient> from(const ServerOptions& options);
  // For signing in, before there is a token.
  static Result<ApiClient> without_token(const std::string& server);

  // The answer's JSON; null when it has no body. What the server refuses comes back as its error,
  // with the server's words. Errors besides: unavailable when the server cannot be reached.
  Result<Json> get(const std::string& path);
  Result<Json> post(const std::string& path, const Json& body);
  void use_token(std::string token) { token_ = std::move(token); }

 private:
  explicit ApiClient(std::string server) : server_(std::move(server)) {}
  Result<Json> call(const std::string& path, const std::string* body);
  std::string server_;
  std::string token_;
};

}  // namespace firebreak::cli
