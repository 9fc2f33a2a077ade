// SPDX-License-Identifier: Apache-2.0
#include "web/pages/pages.h"

#include "identity/rights.h"
#include "web/pages/frame.h"

namespace firebreak::web {
namespace {

using identity::Right;

// No form of ours is longer; what is gets 413 before it is read.
constexpr size_t kMaxForm = size_t{16} << 10;

struct Line {
  const char* method;
  const char* path;
  Pages::Answer (Pages::*handler)(Request&);
  std::optional<Right> right = std::nullopt;
  bool open = false;
  bool before_new_password = false;
};

}  // namespace

Result<void> add_pages(Router& router, App& app) {
  FB_TRY(std::shared_ptr<Pages> pages, Pages::open(app));
  const Line lines[] = {
      {"GET", "/", &Pages::start, {}, true},
      {"GET", "/sign-in", &Pages::sign_in_form, {}, true},
      {"POST", "/sign-in", &Pages::sign_in, {}, true},
      {"POST", "/sign-out", &Pages::sign_out, {}, true},
      {"GET", "/signed-out", &Pages::signed_out, {}, true},
      {"GET", "/password", &Pages::password_form, {}, false, true},
      {"POST", "/password", &Pages::change_password, {}, false, true},
      {"GET", "/question", &Pages::next_question, Right::ask_question},
      {"POST", "/question/start", &Pages::begin, Right::ask_question},
      {"GET", "/question/{attribute}", &Pages::question, Right::ask_question},
      {"POST", "/question/{attribute}", &Pages::take_answer, Right::ask_question},
      {"GET", "/answer", &Pages::answer, Right::ask_question},
      {"GET", "/desk", &Pages::desk, Right::list_referrals},
  };
  for (const Line& line : lines) {
    router.add(
        {.method = line.method,
         .path = line.path,
         .right = line.right,
         .open = line.open,
         .audience = Audience::page,
         .before_new_password = line.before_new_password,
         .max_body = kMaxForm},
        [pages, handler = line.handler](Request& request) { return ((*pages).*handler)(request); });
  }
  router.add({.method = "GET", .path = "/assets/{file}", .open = true, .audience = Audience::asset},
             [pages](Request& request) { return pages->asset(request); });
  router.on_page_error([pages](const Request& request, const Error& error) {
    return pages->error_page(request, error);
  });
  return {};
}

}  // namespace firebreak::web
