// SPDX-License-Identifier: Apache-2.0
#include "web/pages/frame.h"

#include <algorithm>
#include <array>
#include <utility>

#include "identity/rights.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

// The cookie of a visitor who has not signed in yet; it ties the sign-in form to this browser.
constexpr const char* kVisitCookie = "firebreak-visit";

struct NavigationItem {
  const char* text;
  const char* link;
  identity::Right right;
};
constexpr std::array<NavigationItem, 2> kNavigation = {{
    {"Ask a question", "/", identity::Right::ask_question},
    {"Referrals", "/desk", identity::Right::list_referrals},
}};

Json navigation(const Request& request) {
  Json items = Json::array();
  if (request.caller->actor.must_change_password) return items;  // nothing else is open to them yet
  for (const NavigationItem& item : kNavigation) {
    if (!identity::may(request.caller->actor, item.right)) continue;
    Json shown = {{"TEXT", item.text}, {"LINK", item.link}};
    const bool desk = request.path == "/desk";
    if (desk == (std::string_view(item.link) == "/desk")) shown["CURRENT"] = true;
    items.push_back(std::move(shown));
  }
  return items;
}

struct ErrorWords {
  const char* heading;
  const char* then;
};

ErrorWords words_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_input:
    case ErrorCode::too_large:
      return {"There is a problem with what was sent", "Nothing was changed."};
    case ErrorCode::unauthorised:
      return {"You are not signed in", "Sign in, then try again."};
    case ErrorCode::forbidden:
      return {"You cannot do this", "If you need to, ask your administrator for the right."};
    case ErrorCode::not_found:
      return {"Page not found", "If you typed the address, check that it is correct."};
    case ErrorCode::conflict:
      return {"This cannot be done now", "Nothing was changed."};
    case ErrorCode::unavailable:
      return {"Sorry, the service is not available",
              "No answer is given when it cannot be recorded. Until you have an answer, do not "
              "share. Try again in a few minutes."};
    case ErrorCode::corrupt:
    case ErrorCode::internal:
      break;
  }
  return {"Sorry, there is a problem with the service",
          "No answer was given. Until you have an answer, do not share. Try again later."};
}

// What an officer must know first; then, for a fault of the service, what its keeper must know.
Json error_paragraphs(const Error& error, const char* then) {
  std::string said = error.message + (error.action.empty() ? "" : " " + error.action);
  std::vector<std::string> texts;
  switch (error.code) {
    case ErrorCode::not_found:
    case ErrorCode::internal:
      texts = {then};
      break;
    case ErrorCode::unavailable:
    case ErrorCode::corrupt:
      texts = {then, "For whoever runs the service: " + said};
      break;
    case ErrorCode::forbidden:
      // An error that says itself what to do is not about a right that somebody could give.
      if (!error.action.empty()) {
        texts = {said};
        break;
      }
      std::replace(said.begin(), said.end(), '_', ' ');  // the names of rights
      texts = {said, then};
      break;
    default:
      texts = {said, then};
  }
  Json paragraphs = Json::array();
  for (const std::string& text : texts) paragraphs.push_back({{"TEXT", text}});
  return paragraphs;
}

}  // namespace

std::string Form::value(std::string_view name) const {
  for (const Header& member : members_)
    if (member.name == name) return member.value;
  return {};
}

std::vector<std::string> Form::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const Header& member : members_)
    if (member.name == name) found.push_back(member.value);
  return found;
}

Pages::Pages(App& app, std::unique_ptr<Templates> templates, Assets assets)
    : app_(app),
      templates_(std::move(templates)),
      assets_(std::move(assets)),
      interviews_(app.reg.clock()) {
  random_.fill(form_key_);
}

Result<std::shared_ptr<Pages>> Pages::open(App& app) {
  FB_TRY(Assets assets, Assets::load(app.ui / "assets"));
  FB_TRY(std::unique_ptr<Templates> templates, Templates::load(app.ui / "templates"));
  return std::shared_ptr<Pages>(new Pages(app, std::move(templates), std::move(assets)));
}

Response Pages::show(const Request& request, int status, const std::string& name, Json model) {
  for (const auto& [variable, asset] :
       {std::pair{"GOVUK_CSS", "govuk-frontend.css"}, std::pair{"FIREBREAK_CSS", "firebreak.css"},
        std::pair{"ENABLED_JS", "enabled.js"}, std::pair{"START_JS", "start.js"},
        std::pair{"FAVICON", "favicon.svg"}}) {
    model[variable] = assets_.url(asset);
  }
  if (!model.contains("WIDE")) model["NARROW"] = true;
  std::optional<Header> visit;
  std::string token = form_token(request);
  if (token.empty()) {
    const std::string secret = random_name(random_, "fbv_");
    visit = set_cookie(kVisitCookie, secret, app_.secure);
    token = form_token_of(secret);
  }
  model["CSRF"] = token;
  if (request.caller) {
    model["SIGNED_IN"] = true;
    model["PERSON"] = display_name(request);
    model["NAVIGATION"] = navigation(request);
  } else {
    model["SIGNED_OUT"] = true;
  }
  auto html = templates_->render(name, model);
  if (!html) {
    app_.log.event(Log::Level::error, "page.not_rendered", {{"template", name}});
    return page(500,
                "<!DOCTYPE html><html lang=\"en-GB\"><title>Sorry</title><p>Sorry, this page "
                "cannot be shown. No answer was given: do not share.</p></html>");
  }
  Response response = page(status, *std::move(html));
  if (visit) response.headers.push_back(*std::move(visit));
  return response;
}

std::string Pages::form_token_of(std::string_view secret) const {
  const std::string text = "firebreak form v1\n" + std::string(secret);
  return hex(hmac_sha256(form_key_, as_bytes(text)));
}

std::string Pages::form_token(const Request& request) const {
  if (request.caller) return form_token_of(request.caller->token);
  const auto visit = request.cookie(cookie_name(kVisitCookie, app_.secure));
  return visit && !visit->empty() ? form_token_of(*visit) : std::string();
}

Result<Form> Pages::form(const Request& request) const {
  FB_TRY(std::vector<Header> members, request.form_members());
  Form sent(std::move(members));
  const std::string expected = form_token(request);
  if (expected.empty() ||
      !equal_in_constant_time(as_bytes(sent.value("csrf")), as_bytes(expected))) {
    return Error{ErrorCode::forbidden,
                 "The page was too old, or was not sent from this service.",
                 {},
                 "Go back, load the page again, and send it once more."};
  }
  return sent;
}

std::string Pages::display_name(const Request& request) const {
  const auto person = app_.reg.directory().person(request.caller->actor.id);
  if (!person) return {};
  return person->display_name.empty() ? person->name : person->display_name;
}

std::shared_ptr<const policy::Policy> Pages::policy_today() const {
  auto policy = app_.reg.policy_today();
  return policy ? *std::move(policy) : nullptr;
}

Pages::Answer Pages::asset(Request& request) {
  const Asset* found = assets_.find(request.parameter("file"));
  if (found == nullptr) co_return problem(404, "not_found", "There is no such file.");
  Response response;
  response.content_type = found->content_type;
  response.body = found->content;
  response.audience = Audience::asset;
  // The name holds the content's digest: another content has another name.
  response.headers.push_back({"Cache-Control", "public, max-age=31536000, immutable"});
  co_return response;
}

Response Pages::error_page(const Request& request, const Error& error) {
  const bool signed_in = request.caller != nullptr;
  const std::string next = request.path == "/desk" ? "?next=desk" : "?next=question";
  if (error.code == ErrorCode::unauthorised && !signed_in) return redirect("/sign-in" + next);
  if (signed_in && request.caller->actor.must_change_password) return redirect("/password" + next);
  const ErrorWords words = words_for(error.code);
  return show(request, http_status(error.code), "error.html",
              {{"TITLE", words.heading},
               {"HEADING", words.heading},
               {"PARAGRAPH", error_paragraphs(error, words.then)}});
}

}  // namespace firebreak::web
