// SPDX-License-Identifier: Apache-2.0
// What every page has: the layout with its navigation, the form token, the session's cookie,
// notices and errors shown as pages. The pages stand in the files *_pages.cc, one for each group.
//
//   PageResponse start_page(Frame& frame, Request& request) {
//     co_return frame.show(request, 200, "start.html", {{"TITLE", "Start"}});
//   }
//
//   void add_start_pages(Router& router, const std::shared_ptr<Frame>& frame) {
//     frame->add_navigation({"Ask a question", "/", Right::ask_question});
//     add_page_routes(router, frame, {{"GET", "/", start_page, {}, Access::anyone}});
//   }
//
// A handler that takes a form: check it with form(), do the work, leave a notice(), and answer by a
// redirect; on an error show the page again with what was typed.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "identity/rights.h"
#include "web/app.h"
#include "web/caller.h"
#include "web/http.h"
#include "web/pages/assets.h"
#include "web/pages/form.h"
#include "web/pages/interviews.h"
#include "web/pages/kept_forms.h"
#include "web/pages/languages.h"
#include "web/pages/templates.h"
#include "web/pages/told_answers.h"

namespace firebreak::web {

using PageResponse = boost::asio::awaitable<Response>;

// An entry of the navigation, shown to those who have the right (none: to everyone signed in).
struct NavigationItem {
  const char* text;
  const char* link;  // current on every page whose path is it, or begins with it and "/"
  std::optional<identity::Right> right = std::nullopt;
  const char* work = "";  // what may wait there, for the start page; empty: nothing does
};

// Who may open a page besides those who have its right.
enum class Access {
  signed_in,            // any person who is signed in, with the right if one is named
  before_new_password,  // also who must first change a one-time password
  anyone,               // signed in or not
};

class Frame {
 public:
  // Errors: as add_pages (pages.h).
  static Result<std::shared_ptr<Frame>> open(App& app);

  [[nodiscard]] App& app() { return app_; }
  [[nodiscard]] Interviews& interviews() { return interviews_; }
  [[nodiscard]] ToldAnswers& told() { return told_; }

  // The page that the template makes of the model, in the layout. Of the model's names the layout
  // uses TITLE (or a section TITLE_… of its own, for pages that are translated), BACK {LINK}, WIDE
  // (the whole width), and HAS_ERRORS with ERRORS (form.h).
  Response show(const Request& request, int status, const std::string& name, Json model);

  // The form that was sent, when it carries its session's token. Errors: bad_input, forbidden.
  [[nodiscard]] Result<Form> form(const Request& request) const;

  // Shown once, at the top of the next page that this session sees: what was just done.
  void notice(const Request& request, std::string text);

  // Whoever just signed in goes on with this session. Ends another session that this browser had,
  // and takes over what the same person had begun in `late_session` (a token, or empty), which had
  // ended by itself.
  struct Entered {
    std::string where;  // where they go: `next`, or to what they had typed
    Header cookie;      // of the session
  };
  Entered enter(const Request& request, const record::SignedIn& session,
                const std::string& late_session, const std::string& next);
  // The caller's session goes on under another token: what is kept with it goes along. Gives the
  // cookie.
  Header go_on_as(const Request& request, const std::string& token);
  // The token that the browser shows of a session that ended by itself a short while ago, or empty.
  [[nodiscard]] std::string late_session(const Request& request) const;
  // Keeps a form whose session had ended, and asks its sender to sign in. `has_page`: its path can
  // be opened as well.
  PageResponse keep_late_form(Request& request, bool has_page);
  [[nodiscard]] KeptForms& kept_forms() { return kept_forms_; }

  // How an error is shown: a redirect where signing in or a new password is what is missing,
  // otherwise a page that says what happened and what to do.
  Response error_page(const Request& request, const Error& error);

  // The page where this person begins: the first of the navigation that they may open.
  [[nodiscard]] std::string home(const identity::Actor& actor) const;
  // What ties a passkey's challenge to this browser: its session, or the cookie that a visitor has
  // from the first page on; empty without either.
  [[nodiscard]] std::string browser(const Request& request) const;

  // What may wait for this person, as links: for the start page.
  [[nodiscard]] Json work(const identity::Actor& actor) const;

  // The display name of who is signed in, and of another person; empty for nobody.
  [[nodiscard]] std::string display_name(const Request& request) const;
  [[nodiscard]] std::string display_name(const std::string& person_id) const;
  // Today's policy; null when none is in force.
  [[nodiscard]] std::shared_ptr<const policy::Policy> policy_today() const;

  // A new random token, for a form that must count once however often it is sent.
  [[nodiscard]] std::string new_token() { return random_name(random_, ""); }

  // Called once each, before the server starts.
  void add_navigation(NavigationItem item) { navigation_.push_back(item); }

  PageResponse asset(Request& request);

 private:
  Frame(App& app, std::unique_ptr<Templates> templates, Languages languages, Assets assets);

  // The token that a form of this session, or of this visitor who is not signed in yet, carries.
  [[nodiscard]] std::string form_token(const Request& request) const;
  [[nodiscard]] std::string form_token_of(std::string_view secret) const;
  void add_assets(Json& model) const;
  void add_person(const Request& request, Json& model);
  // The templates of the page in the language that its visitor reads; tells the model of others.
  [[nodiscard]] const Templates& templates_for(const Request& request, const std::string& name,
                                               Json& model) const;
  [[nodiscard]] Json navigation(const Request& request) const;
  [[nodiscard]] std::string take_notice(const Request& request);
  // Fills in what the session's person had typed before, where this page has the form.
  void add_kept_form(const Request& request, const std::string& name, Json& model,
                     std::string& html);

  App& app_;
  std::unique_ptr<Templates> templates_;
  Languages languages_;
  Assets assets_;
  Interviews interviews_;
  ToldAnswers told_;
  SystemRandom random_;
  Digest form_key_{};  // of this run of the program: a restart signs everyone out anyway
  std::vector<NavigationItem> navigation_;
  KeptForms kept_forms_;
  std::mutex notices_mutex_;
  std::map<Digest, std::string> notices_;  // by the token's hash
};

// One line of a group's table of routes.
struct PageRoute {
  const char* method;
  const char* path;
  PageResponse (*handler)(Frame&, Request&);
  std::optional<identity::Right> right = std::nullopt;
  Access access = Access::signed_in;
  size_t max_body = size_t{16} << 10;  // what is longer gets 413 before it is read
  bool sign_in = false;                // an attempt to sign in (http.h)
};

void add_page_routes(Router& router, const std::shared_ptr<Frame>& frame,
                     std::initializer_list<PageRoute> routes);

// Where a person goes after signing in: a path of this site ("/desk", without a query), or "/" for
// everything else.
std::string local_path(std::string_view path);

}  // namespace firebreak::web
