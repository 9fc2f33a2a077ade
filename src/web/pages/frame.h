// SPDX-License-Identifier: Apache-2.0
// What every page has: the layout with its navigation, the form token, the session's cookie, errors
// shown as pages. The pages themselves are in session_pages.cc, question_pages.cc and desk_page.cc.
//
//   Response Pages::start(Request& request) {
//     return show(request, 200, "start.html", {{"TITLE", "Start"}});
//   }
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "web/app.h"
#include "web/caller.h"
#include "web/http.h"
#include "web/pages/assets.h"
#include "web/pages/interviews.h"
#include "web/pages/templates.h"

namespace firebreak::web {

// The members of a form that was sent.
class Form {
 public:
  explicit Form(std::vector<Header> members) : members_(std::move(members)) {}
  // The first value of that name, or empty.
  [[nodiscard]] std::string value(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;

 private:
  std::vector<Header> members_;
};

class Pages {
 public:
  using Answer = boost::asio::awaitable<Response>;

  static Result<std::shared_ptr<Pages>> open(App& app);

  // session_pages.cc
  Answer start(Request& request);
  Answer sign_in_form(Request& request);
  Answer sign_in(Request& request);
  Answer sign_out(Request& request);
  Answer signed_out(Request& request);
  Answer password_form(Request& request);
  Answer change_password(Request& request);

  // question_pages.cc
  Answer begin(Request& request);
  Answer next_question(Request& request);
  Answer question(Request& request);
  Answer take_answer(Request& request);
  Answer answer(Request& request);

  // desk_page.cc
  Answer desk(Request& request);

  // frame.cc
  Answer asset(Request& request);
  // How the server shows an error on a page: a redirect where signing in or a new password is what
  // is missing, otherwise a page that says what happened and what to do.
  Response error_page(const Request& request, const Error& error);

 private:
  Pages(App& app, std::unique_ptr<Templates> templates, Assets assets);

  // The page `name` in the layout.
  Response show(const Request& request, int status, const std::string& name, Json model);
  // The form, when it carries its session's token. Errors: bad_input, forbidden.
  Result<Form> form(const Request& request) const;
  // The token that a form of this session, or of this visitor who is not signed in yet, carries.
  [[nodiscard]] std::string form_token(const Request& request) const;
  [[nodiscard]] std::string form_token_of(std::string_view secret) const;
  [[nodiscard]] std::string display_name(const Request& request) const;

  struct PasswordErrors {
    std::string old, fresh, again;
    [[nodiscard]] bool any() const { return !(old.empty() && fresh.empty() && again.empty()); }
  };
  Response password_page(const Request& request, int status, const std::string& next,
                         const PasswordErrors& errors);
  Response sign_in_page(const Request& request, int status, const std::string& name,
                        const std::string& next, const std::string& name_error,
                        const std::string& password_error);

  // Goes on from the answers given: to the next question, or, when nothing is left to ask, to the
  // answer once the decision is recorded.
  Answer go_on(Request& request);
  // Today's policy; null when none is in force.
  [[nodiscard]] std::shared_ptr<const policy::Policy> policy_today() const;

  App& app_;
  std::unique_ptr<Templates> templates_;
  Assets assets_;
  Interviews interviews_;
  SystemRandom random_;
  Digest form_key_{};  // of this run of the program: a restart signs everyone out anyway
};

}  // namespace firebreak::web
