// SPDX-License-Identifier: Apache-2.0
// One's own passkeys, the passkeys of others that wait to be confirmed, and signing in with one.
// The answer of a passkey needs a script (ui/scripts/passkey.js); all the rest works without.
#include "identity/passkey.h"
#include "web/components/components.h"
#include "web/pages/groups.h"
#include "web/pages/passkey_view.h"
#include "web/provider_sign_in.h"

namespace firebreak::web {
namespace {

constexpr size_t kAnswerForm = size_t{16} << 10;

using identity::Passkey;
using identity::Person;
using identity::Right;

Json primary_button(const char* text) {
  return components::button({{"text", text}, {"preventDoubleClick", true}}).json();
}

// A link into the host that passkeys belong to, when this page was opened under another name.
void say_site(Frame& frame, const Request& request, Json& model) {
  const auto& site = frame.app().reg.directory().passkey_rules().site;
  if (!site) {
    model["NO_SITE"] = true;
    return;
  }
  const std::string_view host = std::string_view(site->origin).substr(site->origin.find("://") + 3);
  if (request.header("host") == host) {
    model["REGISTER"] = true;
  } else {
    model["OTHER_SITE"] = {{"SITE_LINK", site->origin + "/account/passkeys"}};
  }
}

PageResponse passkeys_page(Frame& frame, Request& request) {
  const auto person = frame.app().reg.directory().person(request.caller->actor.id);
  Json model = {{"TITLE", "Your passkeys"}, {"PASSKEY", Json::array()}};
  say_site(frame, request, model);
  for (const Passkey& passkey : person->passkeys) {
    Json row = {{"HTML_PASSKEY", passkey_summary(passkey, frame.app().reg.clock().now())}};
    if (!passkey.suspended) {
      row["SUSPEND"] = {{"SUSPEND_LINK", suspend_link(person->id, passkey)},
                        {"PASSKEY_NAME", passkey.name}};
    }
    model["PASSKEY"].push_back(std::move(row));
  }
  if (person->passkeys.empty()) model["NONE"] = true;
  model["HTML_REGISTER"] =
      components::button({{"text", "Register a passkey"}, {"href", "/account/passkeys/new"}})
          .json();
  co_return frame.show(request, 200, "passkeys.html", std::move(model));
}

Response password_first(Frame& frame, const Request& request, int status,
                        const FormErrors& errors) {
  const auto person = frame.app().reg.directory().person(request.caller->actor.id);
  const auto& rules = frame.app().reg.config().sign_in;
  Json model = {{"TITLE", "Register a passkey"},
                {"BACK", {{"LINK", "/account/passkeys"}}},
                {"SIGN_IN_NAME", person->name}};
  const Day today = london_day(frame.app().reg.clock().now());
  if (rules.passkeys_by_two && identity::holds_any_rank(*person, today))
    model["WAITS"] = {{"HOURS", std::to_string(rules.passkey_delay_hours)}};
  errors.put_in(model);
  model["HTML_PASSWORD_FIELD"] =
      components::password_input({{"label", {{"text", "Your password"}}},
                                  {"name", "password"},
                                  {"errorMessage", errors.of("password")}})
          .json();
  model["HTML_CONTINUE"] = primary_button("Continue");
  return frame.show(request, status, "passkey_password.html", std::move(model));
}

PageResponse new_passkey_page(Frame& frame, Request& request) {
  co_return password_first(frame, request, 200, {});
}

PageResponse take_password(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string password = sent->value("password");
  FormErrors errors;
  if (password.empty()) {
    errors.add("password", "Enter your password");
    co_return password_first(frame, request, 400, errors);
  }
  record::Directory& directory = frame.app().reg.directory();
  const std::string token = request.caller->token;
  Block work = [&directory, token, password]() -> Result<Json> {
    FB_CHECK(directory.begin_passkey(token, password));
    return Json();
  };
  const auto begun = co_await frame.app().passwords.run(std::move(work));
  if (begun) co_return redirect("/account/passkeys/create");
  errors.add("password", sentence(begun.error()));
  co_return password_first(frame, request, http_status(begun.error().code), errors);
}

Response create_page(Frame& frame, const Request& request, int status, const std::string& name,
                     const FormErrors& errors) {
  const auto options = frame.app().reg.directory().passkey_options(request.caller->token);
  if (!options) return redirect("/account/passkeys/new");
  Json model = {{"TITLE", "Name it, then create it"},
                {"BACK", {{"LINK", "/account/passkeys"}}},
                {"OPTIONS", options->dump()}};
  errors.put_in(model);
  model["HTML_NAME_FIELD"] =
      components::input({{"label", {{"text", "A name by which you will know it again"}}},
                         {"hint", {{"text", "For example “work telephone”."}}},
                         {"name", "name"},
                         {"value", name},
                         {"classes", "govuk-input--width-20"},
                         {"errorMessage", errors.of("name")}})
          .json();
  model["HTML_CREATE"] = primary_button("Create the passkey");
  return frame.show(request, status, "passkey_create.html", std::move(model));
}

PageResponse create_form(Frame& frame, Request& request) {
  co_return create_page(frame, request, 200, "", {});
}

PageResponse take_passkey(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string name = sent->value("name");
  const std::string answer = sent->value("answer");
  FormErrors errors;
  if (name.empty() || name.size() > 60) errors.add("name", "Enter a name of at most 60 characters");
  if (answer.empty()) errors.add("", "No passkey answered. This page needs JavaScript");
  if (errors.any()) co_return create_page(frame, request, 400, name, errors);
  record::Directory& directory = frame.app().reg.directory();
  const std::string token = request.caller->token;
  Block work = [&directory, token, name, answer]() -> Result<Json> {
    FB_TRY(std::string ref, directory.register_passkey(token, name, answer));
    return Json(std::move(ref));
  };
  const auto made = co_await frame.app().reads.run(std::move(work));
  if (!made) {
    if (made.error().code == ErrorCode::unavailable)
      co_return frame.error_page(request, made.error());
    errors.add("password", sentence(made.error()));
    co_return password_first(frame, request, 400, errors);
  }
  const auto person = directory.person(request.caller->actor.id);
  const Passkey* passkey = identity::passkey_named(*person, made->get<std::string>());
  frame.notice(request, passkey != nullptr && identity::is_pending(*passkey)
                            ? "The passkey is registered, and waits until two administrators have "
                              "confirmed it."
                            : "The passkey is registered. You can use it now.");
  Response response = redirect("/account/passkeys");
  // What this session may do has grown: whoever knew its token before shall not.
  if (const auto renewed = directory.renew_session(token))
    response.headers.push_back(frame.go_on_as(request, *renewed));
  co_return response;
}

// The person and the passkey that a path names, when this caller may suspend it.
std::optional<std::pair<Person, Passkey>> suspendable(Frame& frame, const Request& request) {
  const auto person = frame.app().reg.directory().person(request.parameter("person"));
  const identity::Actor& actor = request.caller->actor;
  if (!person || (person->id != actor.id && !identity::may(actor, Right::manage_people)))
    return std::nullopt;
  const Passkey* passkey = identity::passkey_named(*person, request.parameter("passkey"));
  if (passkey == nullptr || passkey->suspended) return std::nullopt;
  return std::pair{*person, *passkey};
}

Error no_such_passkey() {
  return {ErrorCode::not_found, "There is no such passkey in use.", {}, {}};
}

PageResponse suspend_page(Frame& frame, Request& request) {
  const auto found = suspendable(frame, request);
  if (!found) co_return frame.error_page(request, no_such_passkey());
  co_return frame.show(request, 200, "passkey_suspend.html",
                       {{"TITLE", "Suspend a passkey"},
                        {"PASSKEY_NAME", found->second.name},
                        {"OF", frame.display_name(found->first.id)},
                        {"ACTION", suspend_link(found->first.id, found->second)},
                        {"HTML_SUSPEND", components::button({{"text", "Suspend it"},
                                                             {"classes", "govuk-button--warning"}})
                                             .json()}});
}

PageResponse take_suspension(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  record::Directory& directory = frame.app().reg.directory();
  const identity::Actor actor = request.caller->actor;
  const std::string token = request.caller->token;
  const std::string person(request.parameter("person"));
  const std::string passkey(request.parameter("passkey"));
  Block work = [&directory, actor, token, person, passkey]() -> Result<Json> {
    FB_CHECK(directory.suspend_passkey(actor, person, passkey, token));
    return Json();
  };
  const auto done = co_await frame.app().reads.run(std::move(work));
  if (!done) co_return frame.error_page(request, done.error());
  frame.notice(request, "The passkey is suspended. It opens and signs nothing any more.");
  co_return redirect(person == actor.id ? "/account/passkeys" : "/passkeys");
}

PageResponse waiting_page(Frame& frame, Request& request) {
  record::Directory& directory = frame.app().reg.directory();
  const Instant now = frame.app().reg.clock().now();
  co_return frame.show(request, 200, "passkeys_waiting.html",
                       waiting_passkeys_view(directory.people(), request.caller->actor.id, now));
}

PageResponse take_confirmation(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  record::Directory& directory = frame.app().reg.directory();
  const identity::Actor actor = request.caller->actor;
  const std::string person(request.parameter("person"));
  const std::string passkey(request.parameter("passkey"));
  Block work = [&directory, actor, person, passkey]() -> Result<Json> {
    FB_CHECK(directory.confirm_passkey(actor, person, passkey));
    return Json();
  };
  const auto done = co_await frame.app().reads.run(std::move(work));
  if (!done) co_return frame.error_page(request, done.error());
  frame.notice(request, "Your confirmation is recorded.");
  co_return redirect("/passkeys");
}

std::string asked_next(const Request& request) {
  const auto members = request.query_members();
  return members ? local_path(Form(*members).value("next")) : std::string("/");
}

Response passkey_sign_in_page(Frame& frame, const Request& request, int status,
                              const std::string& next, const FormErrors& errors) {
  // The first page sets the cookie that the challenge is bound to.
  const std::string browser = frame.browser(request);
  if (browser.empty()) return redirect("/sign-in?next=" + next);
  const auto options = frame.app().reg.directory().sign_in_options(browser);
  if (!options) return frame.error_page(request, options.error());
  Json model = {{"TITLE", "Sign in with your passkey"},
                {"NEXT", next},
                {"OPTIONS", options->dump()},
                {"HTML_SIGN_IN", primary_button("Use your passkey")}};
  const auto members = request.query_members();
  const std::string step = members ? Form(*members).value("step") : std::string();
  if (step == "2") model["PASSWORD_WAS_RIGHT"] = true;
  if (step == "provider") model["PROVIDER_WAS_RIGHT"] = true;
  errors.put_in(model);
  return frame.show(request, status, "passkey_sign_in.html", std::move(model));
}

PageResponse passkey_sign_in_form(Frame& frame, Request& request) {
  if (request.caller && request.caller->actor.through.empty()) co_return redirect("/");
  co_return passkey_sign_in_page(frame, request, 200, asked_next(request), {});
}

PageResponse take_passkey_sign_in(Frame& frame, Request& request) {
  if (request.caller && request.caller->actor.through.empty()) co_return redirect("/");
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string next = local_path(sent->value("next"));
  const std::string answer = sent->value("answer");
  FormErrors errors;
  if (answer.empty()) {
    errors.add("", "No passkey answered. Signing in with one needs JavaScript");
    co_return passkey_sign_in_page(frame, request, 400, next, errors);
  }
  record::Directory& directory = frame.app().reg.directory();
  const std::string browser = frame.browser(request);
  const std::string provider_browser =
      request.cookie(cookie_name(kProviderCookie, frame.app().secure)).value_or("");
  record::SignedIn entering;
  Block work = [&]() -> Result<Json> {
    FB_TRY(entering, directory.sign_in_with_passkey(browser, answer, provider_browser));
    return Json();
  };
  const auto session = co_await frame.app().reads.run(std::move(work));
  if (!session) {
    errors.add("", sentence(session.error()));
    co_return passkey_sign_in_page(frame, request, http_status(session.error().code), next, errors);
  }
  const Frame::Entered entered = frame.enter(request, entering, frame.late_session(request), next);
  Response response =
      redirect(entering.must_change_password ? "/password?next=" + entered.where : entered.where);
  response.headers.push_back(entered.cookie);
  co_return response;
}

}  // namespace

void add_passkey_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Passkeys to confirm", "/passkeys", Right::manage_people});
  frame->add_navigation({"Your passkeys", "/account/passkeys"});
  add_page_routes(
      router, frame,
      {{"GET", "/account/passkeys", passkeys_page},
       {"GET", "/account/passkeys/new", new_passkey_page},
       {"POST", "/account/passkeys/new", take_password},
       {"GET", "/account/passkeys/create", create_form},
       {"POST", "/account/passkeys/create", take_passkey},
       {"GET", "/passkeys", waiting_page, Right::manage_people},
       {"POST", "/passkeys/{person}/{passkey}/confirm", take_confirmation, Right::manage_people},
       {"GET", "/passkeys/{person}/{passkey}/suspend", suspend_page},
       {"POST", "/passkeys/{person}/{passkey}/suspend", take_suspension},
       {"GET", "/sign-in/passkey", passkey_sign_in_form, {}, Access::anyone},
       {"POST", "/sign-in/passkey", take_passkey_sign_in, {}, Access::anyone, kAnswerForm, true}});
}

}  // namespace firebreak::web
