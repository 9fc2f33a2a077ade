// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/https.h"

#include <curl/curl.h>

#include <memory>

#include "identity/oidc/settings.h"

namespace firebreak::identity::oidc {
namespace {

constexpr size_t kMaxAnswerBytes = size_t{1} << 20;
constexpr long kSecondsToConnect = 5;
constexpr long kSecondsInAll = 10;

struct FreeCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t keep_answer(char* data, size_t size, size_t count, void* out) {
  auto& text = *static_cast<std::string*>(out);
  if (text.size() + size * count > kMaxAnswerBytes) return 0;  // curl then ends the transfer
  text.append(data, size * count);
  return size * count;
}

}  // namespace

Result<Answer> CurlFetcher::fetch(const Request& request) {
  FB_CHECK(check_url(request.url, "the sign-in provider's address"));
  const std::unique_ptr<CURL, FreeCurl> handle(curl_easy_init());
  if (!handle) return internal_error("The HTTP client cannot start.");
  std::unique_ptr<curl_slist, FreeHeaders> headers(
      curl_slist_append(nullptr, "Accept: application/json"));
  const std::string authorization = "Authorization: " + request.authorization;
  if (!request.authorization.empty())
    headers.reset(curl_slist_append(headers.release(), authorization.c_str()));
  Answer answer;
  curl_easy_setopt(handle.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, keep_answer);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, kSecondsToConnect);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, kSecondsInAll);
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_NOPROXY, "127.0.0.1,localhost,[::1]");
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  if (request.form) {
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form->size()));
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, request.form->c_str());
  }
  const CURLcode done = curl_easy_perform(handle.get());
  if (done != CURLE_OK) {
    const std::string why =
        done == CURLE_WRITE_ERROR ? "Its answer is larger than 1 MiB" : curl_easy_strerror(done);
    return Error{ErrorCode::unavailable, "The sign-in provider cannot be reached. " + why + ".",
                 request.url.substr(0, request.url.find('?')),
                 "Try again in a minute; your administrator can check the provider."};
  }
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace firebreak::identity::oidc
