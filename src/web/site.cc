// SPDX-License-Identifier: Apache-2.0
#include "web/site.h"

#include <typeinfo>

#include "identity/rights.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

Error nothing_here() { return {ErrorCode::not_found, "There is nothing here.", {}, {}}; }

bool changes_something(std::string_view method) { return method != "GET" && method != "HEAD"; }

Response no_route(const Router::Match& match) {
  if (match.allow.empty()) return problem(nothing_here());
  Response response =
      problem(405, "method_not_allowed", "This method is not known here. See the Allow header.");
  response.headers.push_back({"Allow", match.allow});
  return response;
}

}  // namespace

Result<void> check_same_origin(const Request& request) {
  const Error foreign{ErrorCode::forbidden,
                      "This form was sent from another site.",
                      {},
                      "Open the page here and send it again."};
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty()) {
    if (site == "same-origin" || site == "none") return {};
    return foreign;
  }
  // Our own Referrer-Policy makes browsers write "Origin: null" on our own forms (Fetch standard,
  // "append a request Origin header"): null tells nothing, and SameSite=Strict stands behind it.
  std::string_view origin = request.header("origin");
  if (origin.empty() || origin == "null") return {};
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return foreign;
  origin.remove_prefix(scheme + 3);
  if (origin == request.header("host")) return {};
  return foreign;
}

Response Site::refuse(const Request& request, const Route& route, const Error& error) const {
  if (route.audience == Audience::page && router_.page_error()) {
    return router_.page_error()(request, error);
  }
  return problem(error);
}

Response Site::too_large(const Request& request, const Admission& admission) const {
  return refuse(request, *admission.match.route,
                {ErrorCode::too_large,
                 "What was sent is longer than is taken here.",
                 {},
                 "Go back: most browsers still show what you typed. Keep a copy of it, make it "
                 "shorter and send it again."});
}

std::optional<Response> Site::check_rate(const Request& request, const Route& route) const {
  if (limits_ == nullptr) return std::nullopt;
  const bool open_page =
      route.open && route.audience == Audience::page && request.caller == nullptr;
  if (!route.sign_in && !open_page) return std::nullopt;
  RateLimit& limit = route.sign_in ? limits_->sign_in : limits_->open_pages;
  const auto wait = limit.take(limits_->who(request));
  if (!wait) return std::nullopt;
  const std::string seconds = std::to_string(wait->count());
  Response refusal = refuse(request, route,
                            {ErrorCode::too_many,
                             "Too much was asked from where you are.",
                             {},
                             "Wait " + seconds + " seconds, then try again."});
  refusal.headers.push_back(retry_after(*wait));
  return refusal;
}

std::optional<Error> Site::check_caller(Request& request, const Route& route) const {
  auto caller = authenticator_.caller_of(request, route.audience);
  if (!caller) return route.open ? std::nullopt : std::optional<Error>(caller.error());
  request.caller = *std::move(caller);
  if (route.open) return std::nullopt;
  const identity::Actor& actor = request.caller->actor;
  if (actor.must_change_password && !route.before_new_password) {
    return Error{ErrorCode::forbidden,
                 "A new password is needed before anything else.",
                 {},
                 "Change the one-time password first."};
  }
  if (!actor.through.empty() && route.right != identity::Right::ask_question) {
    return Error{ErrorCode::forbidden,
                 "You came by a link of the records system, which opens questions alone.",
                 {},
                 "Sign in for anything else."};
  }
  if (route.right && !identity::may(actor, *route.right)) {
    return Error{ErrorCode::forbidden,
                 "None of your roles has the right “" +
                     std::string(identity::right_name(*route.right)) + "”.",
                 {},
                 {}};
  }
  return std::nullopt;
}

Site::Admission Site::admit(Request& request) const {
  Admission admission{router_.find(request.method, request.path)};
  const Route* route = admission.match.route;
  if (route == nullptr) {
    admission.refusal = no_route(admission.match);
    const bool browser = request.header("accept").find("text/html") != std::string_view::npos;
    if (admission.match.allow.empty() && browser && router_.page_error()) {
      admission.refusal = router_.page_error()(request, nothing_here());
    }
    return admission;
  }
  request.parameters = admission.match.parameters;
  if (route->audience == Audience::page && changes_something(request.method)) {
    if (auto same = check_same_origin(request); !same) {
      admission.refusal = refuse(request, *route, same.error());
      return admission;
    }
  }
  if (auto error = check_caller(request, *route)) {
    if (request.caller && router_.refused()) router_.refused()(request, *route);
    const auto& wanted = router_.late_form().wanted;
    admission.late = error->code == ErrorCode::unauthorised && route->audience == Audience::page &&
                     request.method == "POST" && wanted && wanted(request);
    if (!admission.late) admission.refusal = refuse(request, *route, *error);
    return admission;
  }
  admission.refusal = check_rate(request, *route);
  return admission;
}

boost::asio::awaitable<Response> Site::answer(Request& request, const Admission& admission) const {
  try {
    const Handler& handler = admission.late ? router_.late_form().keep : *admission.match.handler;
    Response response = co_await handler(request);
    co_return response;
  } catch (const std::exception& fault) {
    // The type alone: the text of an exception may quote what was asked.
    log_.event(Log::Level::error, "handler.fault",
               {{"route", admission.match.route->path}, {"type", typeid(fault).name()}});
  }
  co_return refuse(request, *admission.match.route,
                   internal_error("The server failed at this request; nothing was answered."));
}

}  // namespace firebreak::web
