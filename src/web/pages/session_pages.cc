// SPDX-License-Identifier: Apache-2.0
// Start, sign in, sign out, and a new password.
#include "web/components/components.h"
#include "web/pages/frame.h"

namespace firebreak::web {
namespace {

// Where a person goes after signing in: a word of this list, never an address from outside.
std::string destination(std::string_view next) {
  if (next == "question") return "/question";
  if (next == "desk") return "/desk";
  return "/";
}

std::string next_of(const Request& request) {
  const auto members = request.query_members();
  return members ? Form(*members).value("next") : std::string();
}

std::string sentence(const Error& error) {
  return error.action.empty() ? error.message : error.message + " " + error.action;
}

void add_error(Json& model, const std::string& id, const std::string& message) {
  if (message.empty()) return;
  model["HAS_ERRORS"] = true;
  if (!model.contains("ERRORS")) model["ERRORS"] = Json::array();
  model["ERRORS"].push_back({{"MESSAGE", message}, {"PLACE", {{"ID", id}}}});
}

// The option `errorMessage` of a component; none when there is no error.
Json error_option(const std::string& message) {
  return message.empty() ? Json() : Json{{"text", message}};
}

Json password_field(const std::string& id, const std::string& label, const std::string& hint,
                    const std::string& autocomplete, const std::string& error) {
  Json field = {{"ID", id}, {"LABEL", label}, {"AUTOCOMPLETE", autocomplete}};
  std::string described;
  if (!hint.empty()) {
    field["HINT"] = {{"TEXT", hint}};
    described = id + "-hint";
  }
  if (!error.empty()) {
    field["ERROR"] = {{"MESSAGE", error}};
    described += (described.empty() ? "" : " ") + id + "-error";
  }
  if (!described.empty()) field["DESCRIBED"] = {{"BY", described}};
  return field;
}

}  // namespace

Pages::Answer Pages::start(Request& request) {
  Json model = {{"TITLE", "Can I share this person’s information?"},
                {"FORCE", app_.reg.config().force.name}};
  if (const auto policy = policy_today()) {
    model["POLICY"] = {{"POLICY_TITLE", policy->title()},
                       {"POLICY_ID", policy->id()},
                       {"POLICY_VERSION", policy->version()}};
  } else {
    model["NO_POLICY"] = true;
  }
  for (const std::string& notice :
       app_.reg.policies().notices(london_day(app_.reg.clock().now()))) {
    model["POLICY_NOTICE"].push_back({{"NOTICE_TEXT", notice}});
  }
  if (request.caller) {
    const Interview interview = interviews_.get(request.caller->token);
    if (!interview.answers.empty() && !interview.recorded) model["UNFINISHED"] = true;
  }
  co_return show(request, 200, "start.html", std::move(model));
}

Response Pages::sign_in_page(const Request& request, int status, const std::string& name,
                             const std::string& next, const std::string& name_error,
                             const std::string& password_error) {
  Json model = {{"TITLE", "Sign in"}, {"NEXT", next}};
  add_error(model, "name", name_error);
  add_error(model, "password", password_error);
  model["HTML_NAME_FIELD"] = components::input({{"label", {{"text", "Sign-in name"}}},
                                                {"name", "name"},
                                                {"value", name},
                                                {"classes", "govuk-input--width-20"},
                                                {"spellcheck", false},
                                                {"autocapitalize", "none"},
                                                {"autocomplete", "username"},
                                                {"errorMessage", error_option(name_error)}})
                                 .json();
  model["HTML_PASSWORD_FIELD"] =
      components::password_input({{"label", {{"text", "Password"}}},
                                  {"name", "password"},
                                  {"errorMessage", error_option(password_error)}})
          .json();
  model["HTML_SIGN_IN"] =
      components::button({{"text", "Sign in"}, {"preventDoubleClick", true}}).json();
  return show(request, status, "sign_in.html", std::move(model));
}

Pages::Answer Pages::sign_in_form(Request& request) {
  if (request.caller) co_return redirect("/");
  co_return sign_in_page(request, 200, "", next_of(request), "", "");
}

Pages::Answer Pages::sign_in(Request& request) {
  if (request.caller) co_return redirect("/");
  const auto sent = form(request);
  if (!sent) co_return error_page(request, sent.error());
  const std::string name = sent->value("name");
  const std::string password = sent->value("password");
  const std::string next = sent->value("next");
  if (name.empty() || password.empty()) {
    co_return sign_in_page(request, 400, name, next, name.empty() ? "Enter your sign-in name" : "",
                           password.empty() ? "Enter your password" : "");
  }
  record::Directory& directory = app_.reg.directory();
  // A std::function by name: g++ 12 destroys a temporary of a co_await twice.
  Block work = [&directory, name, password]() -> Result<Json> {
    FB_TRY(record::SignedIn session, directory.sign_in(name, password));
    return Json{{"token", session.token}, {"new_password", session.must_change_password}};
  };
  auto session = co_await app_.passwords.run(std::move(work));
  if (!session) {
    const bool wrong = session.error().code == ErrorCode::unauthorised;
    co_return sign_in_page(
        request, http_status(session.error().code), name, next,
        wrong ? "The sign-in name or the password is not right" : sentence(session.error()), "");
  }
  Response response = redirect((*session)["new_password"].get<bool>()
                                   ? "/password?next=" + (destination(next) == "/" ? "" : next)
                                   : destination(next));
  response.headers.push_back(
      set_cookie(kSessionCookie, (*session)["token"].get<std::string>(), app_.secure));
  co_return response;
}

Pages::Answer Pages::sign_out(Request& request) {
  if (request.caller) {
    const auto sent = form(request);
    if (!sent) co_return error_page(request, sent.error());
    interviews_.forget(request.caller->token);
    app_.reg.directory().sign_out(request.caller->token);
  }
  Response response = redirect("/signed-out");
  response.headers.push_back(set_cookie(kSessionCookie, "", app_.secure));
  response.headers.push_back({"Clear-Site-Data", "\"*\""});
  co_return response;
}

Pages::Answer Pages::signed_out(Request& request) {
  if (request.caller) co_return redirect("/");
  co_return show(request, 200, "signed_out.html", {{"TITLE", "You have signed out"}});
}

Response Pages::password_page(const Request& request, int status, const std::string& next,
                              const PasswordErrors& errors) {
  const auto person = app_.reg.directory().person(request.caller->actor.id);
  const bool first = request.caller->actor.must_change_password;
  Json model = {{"TITLE", "Choose a new password"},
                {"NEXT", next},
                {"SIGN_IN_NAME", person ? person->name : std::string()}};
  if (first) model["FIRST_TIME"] = true;
  add_error(model, "old", errors.old);
  add_error(model, "new", errors.fresh);
  add_error(model, "again", errors.again);
  model["FIELD"] = {
      password_field("old", first ? "Your one-time password" : "Your password now", "",
                     "current-password", errors.old),
      password_field("new", "New password",
                     "At least 12 characters. Three words that do not belong together are good.",
                     "new-password", errors.fresh),
      password_field("again", "New password again", "", "new-password", errors.again)};
  return show(request, status, "password.html", std::move(model));
}

Pages::Answer Pages::password_form(Request& request) {
  co_return password_page(request, 200, next_of(request), {});
}

Pages::Answer Pages::change_password(Request& request) {
  const auto sent = form(request);
  if (!sent) co_return error_page(request, sent.error());
  const std::string old = sent->value("old");
  const std::string fresh = sent->value("new");
  const std::string next = sent->value("next");
  PasswordErrors errors;
  if (old.empty()) errors.old = "Enter the password that you signed in with";
  if (fresh.empty()) errors.fresh = "Enter a new password";
  if (!fresh.empty() && fresh != sent->value("again")) {
    errors.again = "The two new passwords are not the same";
  }
  if (errors.any()) co_return password_page(request, 400, next, errors);
  record::Directory& directory = app_.reg.directory();
  const std::string token = request.caller->token;
  Block work = [&directory, token, old, fresh]() -> Result<Json> {
    FB_CHECK(directory.change_password(token, old, fresh));
    return Json();
  };
  auto changed = co_await app_.passwords.run(std::move(work));
  if (changed) co_return redirect(destination(next));
  const Error& error = changed.error();
  if (error.code == ErrorCode::unauthorised) {
    errors.old = "This is not the password that you signed in with";
  } else if (error.code == ErrorCode::bad_input) {
    errors.fresh = sentence(error);
  } else {
    co_return error_page(request, error);
  }
  co_return password_page(request, 400, next, errors);
}

}  // namespace firebreak::web
