// SPDX-License-Identifier: Apache-2.0
// Start, sign in, sign out, and a new password.
#include "base/code_name.h"
#include "web/components/components.h"
#include "web/pages/groups.h"
#include "web/rate_limit.h"

namespace firebreak::web {
namespace {

constexpr size_t kSignInForm = 4096;

std::string next_of(const Request& request) {
  const auto members = request.query_members();
  return members ? local_path(Form(*members).value("next")) : std::string("/");
}

// Who came by a link may still sign in, to do more than ask.
bool has_full_session(const Request& request) {
  return request.caller && request.caller->actor.through.empty();
}

Json password_field(const FormErrors& errors, const std::string& id, const std::string& label,
                    const std::string& hint, const std::string& autocomplete) {
  Json options = {{"label", {{"text", label}}},
                  {"name", id},
                  {"autocomplete", autocomplete},
                  {"errorMessage", errors.of(id)}};
  if (!hint.empty()) options["hint"] = {{"text", hint}};
  return components::password_input(options).json();
}

PageResponse start_page(Frame& frame, Request& request) {
  // Who asks no questions begins elsewhere.
  if (request.caller && !request.caller->actor.must_change_password) {
    const std::string home = frame.home(request.caller->actor);
    if (home != "/") co_return redirect(home);
  }
  Json model = {{"TITLE", "Can I share this person’s information?"},
                {"FORCE", frame.app().reg.config().force.name}};
  if (const auto policy = frame.policy_today()) {
    model["POLICY"] = {{"POLICY_TITLE", policy->title()},
                       {"POLICY_ID", policy->id()},
                       {"POLICY_VERSION", policy->version()}};
  } else {
    model["NO_POLICY"] = true;
  }
  for (const std::string& notice : frame.app().reg.notices()) {
    model["POLICY_NOTICE"].push_back({{"NOTICE_TEXT", notice}});
  }
  if (request.caller) {
    const Interview interview = frame.interviews().get(request.caller->token);
    if (!interview.answers.empty() && !interview.recorded) model["UNFINISHED"] = true;
    Json work = frame.work(request.caller->actor);
    if (!work.empty()) model["WORK"] = {{"WORK_LINK", std::move(work)}};
  }
  co_return frame.show(request, 200, "start.html", std::move(model));
}

Response sign_in_page(Frame& frame, const Request& request, int status, const std::string& name,
                      const std::string& next, const FormErrors& errors) {
  Json model = {{"TITLE", "Sign in"}, {"NEXT", next}};
  if (frame.app().reg.directory().passkey_rules().site) model["PASSKEYS"] = true;
  if (frame.app().provider) model["PROVIDER"] = true;
  if (!frame.app().reg.config().sign_in.local) model["NO_LOCAL"] = true;
  if (frame.kept_forms().look(frame.late_session(request))) model["KEPT"] = true;
  errors.put_in(model);
  model["HTML_NAME_FIELD"] = components::input({{"label", {{"text", "Sign-in name"}}},
                                                {"name", "name"},
                                                {"value", name},
                                                {"classes", "govuk-input--width-20"},
                                                {"spellcheck", false},
                                                {"autocapitalize", "none"},
                                                {"autocomplete", "username"},
                                                {"errorMessage", errors.of("name")}})
                                 .json();
  model["HTML_PASSWORD_FIELD"] =
      components::password_input({{"label", {{"text", "Password"}}},
                                  {"name", "password"},
                                  {"errorMessage", errors.of("password")}})
          .json();
  model["HTML_SIGN_IN"] =
      components::button({{"text", "Sign in"}, {"preventDoubleClick", true}}).json();
  return frame.show(request, status, "sign_in.html", std::move(model));
}

PageResponse sign_in_form(Frame& frame, Request& request) {
  if (has_full_session(request)) co_return redirect("/");
  co_return sign_in_page(frame, request, 200, "", next_of(request), {});
}

PageResponse take_sign_in(Frame& frame, Request& request) {
  if (has_full_session(request)) co_return redirect("/");
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string name = sent->value("name");
  const std::string password = sent->value("password");
  const std::string next = local_path(sent->value("next"));
  FormErrors errors;
  if (name.empty()) errors.add("name", "Enter your sign-in name");
  if (password.empty()) errors.add("password", "Enter your password");
  if (errors.any()) co_return sign_in_page(frame, request, 400, name, next, errors);
  record::Directory& directory = frame.app().reg.directory();
  // A std::function by name: g++ 12 destroys a temporary of a co_await twice.
  record::SignedIn entering;
  Block work = [&directory, &entering, name, password]() -> Result<Json> {
    FB_TRY(entering, directory.sign_in(name, password));
    return Json();
  };
  auto session = co_await frame.app().passwords.run(std::move(work));
  if (!session) {
    const bool wrong = session.error().code == ErrorCode::unauthorised;
    errors.add("name",
               wrong ? "The sign-in name or the password is not right" : sentence(session.error()));
    frame.app().log.event(Log::Level::info, "sign_in.refused",
                          {{"way", "password"}, {"code", code_name(session.error().code)}});
    Response refusal =
        sign_in_page(frame, request, http_status(session.error().code), name, next, errors);
    if (session.error().code == ErrorCode::too_many)
      refusal.headers.push_back(retry_after(directory.sign_in_wait(name)));
    co_return refusal;
  }
  // A passkey by itself is two factors: the password's being right need not be remembered.
  if (entering.passkey_needed) co_return redirect("/sign-in/passkey?step=2&next=" + next);
  const Frame::Entered entered = frame.enter(request, entering, frame.late_session(request), next);
  Response response =
      redirect(entering.must_change_password ? "/password?next=" + entered.where : entered.where);
  response.headers.push_back(entered.cookie);
  co_return response;
}

PageResponse take_sign_out(Frame& frame, Request& request) {
  if (request.caller) {
    const auto sent = frame.form(request);
    if (!sent) co_return frame.error_page(request, sent.error());
    frame.interviews().forget(request.caller->token);
    frame.kept_forms().take(request.caller->token);
    frame.app().reg.directory().sign_out(request.caller->token);
  }
  Response response = redirect("/signed-out");
  response.headers.push_back(set_cookie(kSessionCookie, "", frame.app().secure));
  response.headers.push_back({"Clear-Site-Data", "\"*\""});
  co_return response;
}

PageResponse signed_out_page(Frame& frame, Request& request) {
  if (request.caller) co_return redirect("/");
  co_return frame.show(request, 200, "signed_out.html", {{"TITLE", "You have signed out"}});
}

Response password_page(Frame& frame, const Request& request, int status, const std::string& next,
                       const FormErrors& errors) {
  const auto person = frame.app().reg.directory().person(request.caller->actor.id);
  const bool first = request.caller->actor.must_change_password;
  Json model = {{"TITLE", "Choose a new password"},
                {"NEXT", next},
                {"SIGN_IN_NAME", person ? person->name : std::string()}};
  if (first) model["FIRST_TIME"] = true;
  errors.put_in(model);
  model["HTML_OLD"] =
      password_field(errors, "old", first ? "Your one-time password" : "Your password now", "",
                     "current-password");
  model["HTML_NEW"] = password_field(
      errors, "new", "New password",
      "At least 12 characters. Three words that do not belong together are good.", "new-password");
  model["HTML_AGAIN"] = password_field(errors, "again", "New password again", "", "new-password");
  model["HTML_SAVE"] =
      components::button({{"text", "Change password"}, {"preventDoubleClick", true}}).json();
  return frame.show(request, status, "password.html", std::move(model));
}

PageResponse password_form(Frame& frame, Request& request) {
  co_return password_page(frame, request, 200, next_of(request), {});
}

PageResponse take_new_password(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string old = sent->value("old");
  const std::string fresh = sent->value("new");
  const std::string next = local_path(sent->value("next"));
  FormErrors errors;
  if (old.empty()) errors.add("old", "Enter the password that you signed in with");
  if (fresh.empty()) errors.add("new", "Enter a new password");
  if (!fresh.empty() && fresh != sent->value("again")) {
    errors.add("again", "The two new passwords are not the same");
  }
  if (errors.any()) co_return password_page(frame, request, 400, next, errors);
  record::Directory& directory = frame.app().reg.directory();
  const std::string token = request.caller->token;
  Block work = [&directory, token, old, fresh]() -> Result<Json> {
    FB_TRY(record::SignedIn session, directory.change_password(token, old, fresh));
    return Json(session.token);
  };
  auto changed = co_await frame.app().passwords.run(std::move(work));
  if (changed) {
    Response response = redirect(next);
    response.headers.push_back(frame.go_on_as(request, changed->get<std::string>()));
    co_return response;
  }
  const Error& error = changed.error();
  if (error.code == ErrorCode::unauthorised) {
    errors.add("old", "This is not the password that you signed in with");
  } else if (error.code == ErrorCode::bad_input) {
    errors.add("new", sentence(error));
  } else {
    co_return frame.error_page(request, error);
  }
  co_return password_page(frame, request, 400, next, errors);
}

}  // namespace

void add_session_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  add_page_routes(router, frame,
                  {{"GET", "/", start_page, {}, Access::anyone},
                   {"GET", "/sign-in", sign_in_form, {}, Access::anyone},
                   {"POST", "/sign-in", take_sign_in, {}, Access::anyone, kSignInForm, true},
                   {"POST", "/sign-out", take_sign_out, {}, Access::anyone},
                   {"GET", "/signed-out", signed_out_page, {}, Access::anyone},
                   {"GET", "/password", password_form, {}, Access::before_new_password},
                   {"POST", "/password", take_new_password, {}, Access::before_new_password}});
}

}  // namespace firebreak::web
