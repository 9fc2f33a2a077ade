// SPDX-License-Identifier: Apache-2.0
// Signing in through the force's provider: to it, and back from it.
//
// The browser comes back from another site, and such a visit neither shows our session's cookie nor
// keeps showing it through redirects (SameSite=Strict). So the way back has a cookie of its own
// that is sent from elsewhere, and ends on a page that goes on by itself.
#include "base/code_name.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

void log_refusal(Frame& frame, const Error& error) {
  frame.app().log.event(
      Log::Level::info, "sign_in.refused",
      {{"way", "provider"}, {"code", code_name(error.code)}, {"message", error.message}});
}

Response refused_page(Frame& frame, const Request& request, const Error& error) {
  log_refusal(frame, error);
  return frame.show(
      request, http_status(error.code), "provider_refused.html",
      {{"TITLE", "You are not signed in"}, {"BECAUSE", error.message}, {"ACTION", error.action}});
}

std::string query_value(const Request& request, const char* name) {
  const auto members = request.query_members();
  return members ? Form(*members).value(name) : std::string();
}

PageResponse begin_provider_sign_in(Frame& frame, Request& request) {
  ProviderSignIn* provider = frame.app().provider.get();
  if (provider == nullptr || (request.caller && request.caller->actor.through.empty()))
    co_return redirect("/sign-in");
  const std::string next = local_path(query_value(request, "next"));
  const std::string late_session = frame.late_session(request);
  ProviderSignIn::Begun begun;
  Block ask = [&]() -> Result<Json> {
    FB_TRY(begun, provider->begin(next, late_session));
    return Json();
  };
  const auto asked = co_await provider->work().run(std::move(ask));
  if (!asked) co_return refused_page(frame, request, asked.error());
  Response response = redirect(begun.url);
  response.headers.push_back(
      set_cookie(kProviderCookie, begun.browser, frame.app().secure, FromElsewhere::sent));
  co_return response;
}

// By way of a page of ours, so that the next visit comes from here.
Response passkey_next(Frame& frame, const Request& request, const std::string& next) {
  const std::string where = "/sign-in/passkey?step=provider&next=" + next;
  Response response = frame.show(request, 200, "provider_back.html",
                                 {{"TITLE", "Your passkey is needed"}, {"WHERE", where}});
  response.headers.push_back({"Refresh", "0; url=" + where});
  return response;
}

PageResponse finish_provider_sign_in(Frame& frame, Request& request) {
  ProviderSignIn* provider = frame.app().provider.get();
  if (provider == nullptr) co_return redirect("/sign-in");
  const identity::oidc::Returned returned{
      query_value(request, "state"), query_value(request, "code"), query_value(request, "error"),
      query_value(request, "iss")};
  const std::string browser =
      request.cookie(cookie_name(kProviderCookie, frame.app().secure)).value_or("");
  record::Directory& directory = frame.app().reg.directory();
  ProviderSignIn::Back back;
  record::SignedIn session;
  Block ask = [&]() -> Result<Json> {
    FB_TRY(back, provider->finish(browser, returned));
    FB_TRY(session, directory.sign_in_by_provider(back.who, browser));
    return Json();
  };
  const auto asked = co_await provider->work().run(std::move(ask));
  if (!asked) co_return refused_page(frame, request, asked.error());
  // The cookie stays: with it the passkey's answer ends the sign-in.
  if (session.passkey_needed) co_return passkey_next(frame, request, back.next);
  const Frame::Entered entered = frame.enter(request, session, back.late_session, back.next);
  Response response = frame.show(request, 200, "provider_back.html",
                                 {{"TITLE", "You are signed in"}, {"WHERE", entered.where}});
  response.headers.push_back(entered.cookie);
  response.headers.push_back(
      set_cookie(kProviderCookie, "", frame.app().secure, FromElsewhere::sent));
  response.headers.push_back({"Refresh", "0; url=" + entered.where});
  co_return response;
}

}  // namespace

void add_provider_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  add_page_routes(
      router, frame,
      {{"GET", "/sign-in/oidc", begin_provider_sign_in, {}, Access::anyone, 0, true},
       {"GET", "/sign-in/oidc/callback", finish_provider_sign_in, {}, Access::anyone, 0, true}});
}

}  // namespace firebreak::web
