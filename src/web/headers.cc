// SPDX-License-Identifier: Apache-2.0
#include "web/headers.h"

namespace firebreak::web {
namespace {

std::vector<Header> make(Audience audience, bool secure) {
  std::vector<Header> headers = {{"X-Content-Type-Options", "nosniff"},
                                 {"Cross-Origin-Resource-Policy", "same-origin"},
                                 {"Referrer-Policy", "no-referrer"}};
  if (audience != Audience::asset) headers.push_back({"Cache-Control", "no-store"});
  if (audience == Audience::api) {
    // Should a browser be made to show an API's answer, it runs and frames nothing.
    headers.push_back({"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"});
  }
  if (audience == Audience::page) {
    headers.push_back(
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src "
         "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'"});
    headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
    headers.push_back({"Cross-Origin-Embedder-Policy", "require-corp"});
    headers.push_back({"Permissions-Policy",
                       "accelerometer=(), camera=(), display-capture=(), geolocation=(), "
                       "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
                       "publickey-credentials-create=(self), publickey-credentials-get=(self), "
                       "usb=(), web-share=()"});
  }
  if (secure) headers.push_back({"Strict-Transport-Security", "max-age=63072000"});
  return headers;
}

}  // namespace

const std::vector<Header>& security_headers(Audience audience, bool secure) {
  static const std::vector<Header> all[] = {
      make(Audience::api, false), make(Audience::api, true),    make(Audience::page, false),
      make(Audience::page, true), make(Audience::asset, false), make(Audience::asset, true)};
  const size_t row = audience == Audience::api ? 0 : audience == Audience::page ? 2 : 4;
  return all[row + (secure ? 1 : 0)];
}

}  // namespace firebreak::web
