// SPDX-License-Identifier: Apache-2.0
#include "web/pages/frame.h"

#include <algorithm>
#include <utility>

#include "identity/token.h"
#include "web/pages/error_words.h"
#include "web/pages/form_filler.h"

namespace firebreak::web {
namespace {

// The cookie of a visitor who has not signed in yet; it ties the sign-in form to this browser.
constexpr const char* kVisitCookie = "firebreak-visit";

// The language that a visitor chose for the pages that are translated.
constexpr const char* kLanguageCookie = "firebreak-language";

// Notices wait for the next page of their session; more would be a flood of forms without pages.
constexpr size_t kMostNotices = 10'000;

bool is_current(std::string_view path, std::string_view link) {
  if (link == "/") return path == "/" || path.starts_with("/question") || path == "/answer";
  return path == link || (path.starts_with(link) && path[link.size()] == '/');
}

}  // namespace

Frame::Frame(App& app, std::unique_ptr<Templates> templates, Languages languages, Assets assets)
    : app_(app),
      templates_(std::move(templates)),
      languages_(std::move(languages)),
      assets_(std::move(assets)),
      interviews_(app.reg.clock(),
                  app.reg.config().sign_in.sessions.idle + identity::Sessions::kRemembered),
      kept_forms_(app.reg.clock()) {
  random_.fill(form_key_);
}

Result<std::shared_ptr<Frame>> Frame::open(App& app) {
  FB_TRY(Assets assets, Assets::load(app.ui / "assets"));
  FB_TRY(std::unique_ptr<Templates> templates, Templates::load(app.ui / "templates"));
  FB_TRY(Languages languages, Languages::load(app.ui / "templates"));
  return std::shared_ptr<Frame>(
      new Frame(app, std::move(templates), std::move(languages), std::move(assets)));
}

Json Frame::navigation(const Request& request) const {
  Json items = Json::array();
  if (request.caller->actor.must_change_password) return items;  // nothing else is open to them yet
  for (const NavigationItem& item : navigation_) {
    if (item.right && !identity::may(request.caller->actor, *item.right)) continue;
    if (!item.right && !request.caller->actor.through.empty()) continue;  // a link: questions alone
    Json shown = {{"TEXT", item.text}, {"LINK", item.link}};
    if (is_current(request.path, item.link)) shown["CURRENT"] = true;
    items.push_back(std::move(shown));
  }
  return items;
}

std::string Frame::home(const identity::Actor& actor) const {
  for (const NavigationItem& item : navigation_)
    if (!item.right || identity::may(actor, *item.right)) return item.link;
  return "/";
}

Json Frame::work(const identity::Actor& actor) const {
  Json links = Json::array();
  for (const NavigationItem& item : navigation_) {
    if (*item.work == '\0' || !item.right || !identity::may(actor, *item.right)) continue;
    links.push_back({{"TEXT", item.work}, {"LINK", item.link}});
  }
  return links;
}

void Frame::add_assets(Json& model) const {
  for (const auto& [variable, asset] :
       {std::pair{"GOVUK_CSS", "govuk-frontend.css"}, std::pair{"FIREBREAK_CSS", "firebreak.css"},
        std::pair{"ENABLED_JS", "enabled.js"}, std::pair{"START_JS", "start.js"},
        std::pair{"PASSKEY_JS", "passkey.js"}, std::pair{"FAVICON", "favicon.svg"}}) {
    model[variable] = assets_.url(asset);
  }
}

void Frame::add_person(const Request& request, Json& model) {
  if (!request.caller) {
    model["SIGNED_OUT"] = true;
    return;
  }
  model["SIGNED_IN"] = true;
  model["PERSON"] = display_name(request);
  model["NAVIGATION"] = navigation(request);
  const std::string text = take_notice(request);
  if (!text.empty()) model["DONE"] = {{"DONE_TEXT", text}};
}

Response Frame::show(const Request& request, int status, const std::string& name, Json model) {
  add_assets(model);
  if (!model.contains("WIDE")) model["NARROW"] = true;
  std::optional<Header> visit;
  std::string token = form_token(request);
  if (token.empty()) {
    const std::string secret = random_name(random_, "fbv_");
    visit = set_cookie(kVisitCookie, secret, app_.secure);
    token = form_token_of(secret);
  }
  model["CSRF"] = token;
  add_person(request, model);
  auto html = templates_for(request, name, model).render(name, model);
  if (html && status == 200) add_kept_form(request, name, model, *html);
  if (!html) {
    app_.log.event(Log::Level::error, "page.not_rendered", {{"template", name}});
    return page(500,
                "<!DOCTYPE html><html lang=\"en-GB\"><title>Sorry</title><p>Sorry, this page "
                "cannot be shown. No answer was given: do not share.</p></html>");
  }
  Response response = page(status, *std::move(html));
  if (visit) response.headers.push_back(*std::move(visit));
  if (request.query.starts_with("lang=") && model.contains("LANGUAGES")) {
    // Sent from elsewhere as well: a link to these pages comes from another site.
    response.headers.push_back(set_cookie(kLanguageCookie,
                                          model["LANGUAGES"]["CHOSEN"].get<std::string>(),
                                          app_.secure, FromElsewhere::sent));
  }
  return response;
}

const Templates& Frame::templates_for(const Request& request, const std::string& name,
                                      Json& model) const {
  const std::string cookie = request.cookie(cookie_name(kLanguageCookie, app_.secure)).value_or("");
  const std::string language = languages_.chosen(request, cookie);
  Json others = languages_.others(language, name);
  if (!others.empty()) {
    model["LANGUAGES"] = {{"OTHER_LANGUAGE", std::move(others)},
                          {"CHOSEN", language.empty() ? "en" : language}};
  }
  return languages_.templates(language, name, *templates_);
}

// What was typed comes back in the form that it was typed into; other pages tell that it is there.
void Frame::add_kept_form(const Request& request, const std::string& name, Json& model,
                          std::string& html) {
  if (!request.caller || request.method != "GET") return;
  const auto kept = kept_forms_.look(request.caller->token);
  if (!kept) return;
  const bool here = kept->path == request.path && fill_form(html, kept->path, kept->members);
  model[here ? "KEPT_HERE" : "KEPT_ELSEWHERE"] = true;
  auto told = templates_->render(name, model);
  if (!told) return;
  html = *std::move(told);
  if (!here) return;
  html = fill_form(html, kept->path, kept->members).value_or(html);
  kept_forms_.take(request.caller->token);
}

Header Frame::go_on_as(const Request& request, const std::string& token) {
  interviews_.move(request.caller->token, token);
  {
    const std::scoped_lock lock(notices_mutex_);
    auto notice = notices_.extract(identity::token_hash(request.caller->token));
    if (!notice.empty()) notices_[identity::token_hash(token)] = std::move(notice.mapped());
  }
  return set_cookie(kSessionCookie, token, app_.secure);
}

std::string Frame::late_session(const Request& request) const {
  const std::string token = request.cookie(cookie_name(kSessionCookie, app_.secure)).value_or("");
  return app_.reg.directory().late_holder(token) ? token : std::string();
}

PageResponse Frame::keep_late_form(Request& request, bool has_page) {
  const std::string token = late_session(request);
  const auto person = app_.reg.directory().late_holder(token);
  const auto members = request.form_members();
  // Only what our own page sent, and nothing that holds a password.
  if (person && members && request.path != "/password" &&
      Form(*members).value("csrf") == form_token_of(token)) {
    KeptForm form{*person, request.path, has_page, *members};
    std::erase_if(form.members, [](const Header& member) { return member.name == "csrf"; });
    kept_forms_.keep(token, std::move(form));
  }
  co_return redirect("/sign-in?next=" + (has_page ? local_path(request.path) : "/"));
}

Frame::Entered Frame::enter(const Request& request, const record::SignedIn& session,
                            const std::string& late_session, const std::string& next) {
  record::Directory& directory = app_.reg.directory();
  if (request.caller) {
    interviews_.forget(request.caller->token);
    directory.sign_out(request.caller->token);
  }
  Entered entered{next, set_cookie(kSessionCookie, session.token, app_.secure)};
  if (late_session.empty()) return entered;
  if (directory.late_holder(late_session) == session.actor.id) {
    interviews_.move(late_session, session.token);
  }
  const auto kept = kept_forms_.hand_over(late_session, session.actor.id, session.token);
  directory.sign_out(late_session);  // remembered no longer
  if (kept) entered.where = kept->has_page ? kept->path : "/kept-form";
  return entered;
}

void Frame::notice(const Request& request, std::string text) {
  const Digest session = identity::token_hash(request.caller->token);
  const std::scoped_lock lock(notices_mutex_);
  if (notices_.size() >= kMostNotices) notices_.clear();
  notices_[session] = std::move(text);
}

std::string Frame::take_notice(const Request& request) {
  const Digest session = identity::token_hash(request.caller->token);
  const std::scoped_lock lock(notices_mutex_);
  auto node = notices_.extract(session);
  return node.empty() ? std::string() : std::move(node.mapped());
}

std::string Frame::form_token_of(std::string_view secret) const {
  const std::string text = "firebreak form v1\n" + std::string(secret);
  return hex(hmac_sha256(form_key_, as_bytes(text)));
}

std::string Frame::browser(const Request& request) const {
  if (request.caller) return request.caller->token;
  return request.cookie(cookie_name(kVisitCookie, app_.secure)).value_or("");
}

std::string Frame::form_token(const Request& request) const {
  const std::string secret = browser(request);
  return secret.empty() ? std::string() : form_token_of(secret);
}

Result<Form> Frame::form(const Request& request) const {
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

std::string Frame::display_name(const Request& request) const {
  return display_name(request.caller->actor.id);
}

std::string Frame::display_name(const std::string& person_id) const {
  const auto person = app_.reg.directory().person(person_id);
  if (!person) return {};
  return person->display_name.empty() ? person->name : person->display_name;
}

std::shared_ptr<const policy::Policy> Frame::policy_today() const {
  auto policy = app_.reg.policy_today();
  return policy ? *std::move(policy) : nullptr;
}

PageResponse Frame::asset(Request& request) {
  const Asset* found = assets_.find(request.parameter("file"));
  if (found == nullptr) co_return problem(404, "not_found", "There is no such file.");
  Response response;
  response.content_type = found->content_type;
  const Asset::Encoded encoded = found->encoded(request.header("accept-encoding"));
  response.body = *encoded.content;
  response.headers.push_back({"Vary", "Accept-Encoding"});
  if (!encoded.encoding.empty()) {
    response.headers.push_back({"Content-Encoding", std::string(encoded.encoding)});
  }
  response.audience = Audience::asset;
  // The name holds the content's digest: another content has another name.
  response.headers.push_back({"Cache-Control", "public, max-age=31536000, immutable"});
  co_return response;
}

Response Frame::error_page(const Request& request, const Error& error) {
  const bool signed_in = request.caller != nullptr;
  const std::string next =
      request.method == "GET" && request.path != "/" ? "?next=" + local_path(request.path) : "";
  if (error.code == ErrorCode::unauthorised && !signed_in) return redirect("/sign-in" + next);
  if (signed_in && request.caller->actor.must_change_password) return redirect("/password" + next);
  const ErrorWords words = words_for(error);
  return show(request, http_status(error.code), "error.html",
              {{"TITLE", words.heading},
               {"HEADING", words.heading},
               {"PARAGRAPH", error_paragraphs(error, words)}});
}

void add_page_routes(Router& router, const std::shared_ptr<Frame>& frame,
                     std::initializer_list<PageRoute> routes) {
  for (const PageRoute& route : routes) {
    router.add(
        {.method = route.method,
         .path = route.path,
         .right = route.right,
         .open = route.access == Access::anyone,
         .audience = Audience::page,
         .sign_in = route.sign_in,
         .before_new_password = route.access == Access::before_new_password,
         .max_body = route.max_body},
        [frame, handler = route.handler](Request& request) { return handler(*frame, request); });
  }
}

std::string local_path(std::string_view path) {
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-';
  });
  const bool local = plain && path.starts_with('/') && !path.starts_with("//");
  return local && path.size() <= 200 ? std::string(path) : "/";
}

}  // namespace firebreak::web
