// SPDX-License-Identifier: Apache-2.0
#include "cli/api_client.h"

#include <curl/curl.h>

#include <memory>

#include "base/files.h"

namespace firebreak::cli {
namespace {

constexpr size_t kMaxAnswer = size_t{16} << 20;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t keep(char* data, size_t size, size_t count, void* out) {
  auto& text = *static_cast<std::string*>(out);
  if (text.size() + size * count > kMaxAnswer) return 0;  // curl then ends the transfer
  text.append(data, size * count);
  return size * count;
}

ErrorCode code_of(long status) {
  switch (status) {
    case 401:
      return ErrorCode::unauthorised;
    case 403:
      return ErrorCode::forbidden;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    case 413:
      return ErrorCode::too_large;
    case 429:
    case 503:
      return ErrorCode::unavailable;
    default:
      return status >= 500 ? ErrorCode::internal : ErrorCode::bad_input;
  }
}

std::string member(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string()
             ? object[name].get<std::string>()
             : std::string();
}

Error refused(long status, const std::string& text) {
  const auto body = parse_json(text, {.max_bytes = kMaxAnswer});
  std::string message = body ? member(*body, "detail") : "";
  if (message.empty()) message = "The server answered with status " + std::to_string(status) + ".";
  return {code_of(status), message, body ? member(*body, "where") : "",
          body ? member(*body, "action") : ""};
}

bool on_this_machine(const std::string& url) {
  for (const char* start : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    const std::string_view rest = std::string_view(url).substr(0, std::string_view(start).size());
    const char next = url.size() > rest.size() ? url[rest.size()] : '/';
    if (rest == start && (next == ':' || next == '/')) return true;
  }
  return false;
}

}  // namespace

void add_server_options(CLI::App& command, ServerOptions& options) {
  command.add_option("--server", options.server, "The server")
      ->type_name("URL")
      ->capture_default_str();
  command.add_option("--token-file", options.token_file, "The session made by firebreak sign-in")
      ->type_name("FILE")
      ->capture_default_str();
}

Result<ApiClient> ApiClient::without_token(const std::string& server) {
  if (!server.starts_with("https://") && !on_this_machine(server)) {
    return bad_input("A token may not travel in the clear.", "--server",
                     "Use https://, or http:// on this machine alone.");
  }
  return ApiClient(server.ends_with("/") ? server.substr(0, server.size() - 1) : server);
}

Result<ApiClient> ApiClient::from(const ServerOptions& options) {
  FB_TRY(ApiClient client, without_token(options.server));
  auto token = read_file(options.token_file, 4096);
  if (!token) {
    return Error{token.error().code, token.error().message, token.error().where,
                 "firebreak sign-in NAME --token-file FILE makes one."};
  }
  client.use_token(token->substr(0, token->find('\n')));
  return client;
}

Result<Json> ApiClient::get(const std::string& path) { return call(path, nullptr); }

Result<Json> ApiClient::post(const std::string& path, const Json& body) {
  const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return call(path, &text);
}

Result<Json> ApiClient::call(const std::string& path, const std::string* body) {
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (!handle) return internal_error("The HTTP client cannot start.");
  std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, "Accept: application/json"));
  const auto add = [&headers](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  if (!token_.empty()) add("Authorization: Bearer " + token_);
  if (body != nullptr) add("Content-Type: application/json");
  std::string answer;
  const std::string url = server_ + path;
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_NOPROXY, "127.0.0.1,localhost,[::1]");
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  if (body != nullptr) {
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body->size()));
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, body->c_str());
  }
  const CURLcode done = curl_easy_perform(handle.get());
  if (done != CURLE_OK) {
    return Error{ErrorCode::unavailable,
                 std::string("The server cannot be reached: ") + curl_easy_strerror(done) + ".",
                 server_, "Is it running? ./run starts it."};
  }
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300) return refused(status, answer);
  if (answer.empty()) return Json();
  return parse_json(answer, {.max_bytes = kMaxAnswer});
}

}  // namespace firebreak::cli
