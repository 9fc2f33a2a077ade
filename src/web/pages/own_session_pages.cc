// SPDX-License-Identifier: Apache-2.0
// One's own sessions, with a way to end them all; and a form that was sent too late, where its own
// page cannot show it.
#include "web/components/components.h"
#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

PageResponse sessions_page(Frame& frame, Request& request) {
  Json rows = Json::array();
  for (const auto& session : frame.app().reg.directory().sessions_of(request.caller->token)) {
    Json row = {{"STARTED", say_time(session.started)}, {"USED", say_time(session.used)}};
    row[session.here ? "HERE" : "ELSEWHERE"] = true;
    switch (session.way) {
      case identity::SignInWay::local:
        row["LOCAL"] = true;
        break;
      case identity::SignInWay::provider:
        row["PROVIDER"] = true;
        break;
      case identity::SignInWay::link:
        row["BY_LINK"] = true;
        break;
    }
    rows.push_back(std::move(row));
  }
  Json model = {{"TITLE", "Where you are signed in"}, {"SESSION", std::move(rows)}};
  model["HTML_END"] =
      components::button({{"text", "Sign out everywhere"}, {"classes", "govuk-button--warning"}})
          .json();
  co_return frame.show(request, 200, "sessions.html", std::move(model));
}

PageResponse end_sessions(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  frame.interviews().forget(request.caller->token);
  frame.kept_forms().take(request.caller->token);
  frame.app().reg.directory().sign_out_everywhere(request.caller->token);
  Response response = redirect("/signed-out");
  response.headers.push_back(set_cookie(kSessionCookie, "", frame.app().secure));
  response.headers.push_back({"Clear-Site-Data", "\"*\""});
  co_return response;
}

// "offending_summary" as "Offending summary".
std::string field_title(std::string name) {
  for (char& c : name)
    if (c == '_' || c == '-' || c == '.') c = ' ';
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

PageResponse kept_form_page(Frame& frame, Request& request) {
  const auto kept = frame.kept_forms().take(request.caller->token);
  if (!kept) co_return redirect("/");
  Json fields = Json::array();
  for (const Header& member : kept->members) {
    fields.push_back({{"FIELD", member.name},
                      {"FIELD_TITLE", field_title(member.name)},
                      {"TYPED", member.value}});
  }
  Json model = {
      {"TITLE", "What you had typed"}, {"ACTION", kept->path}, {"TYPED_FIELD", std::move(fields)}};
  model["HTML_SEND"] =
      components::button({{"text", "Send it now"}, {"preventDoubleClick", true}}).json();
  co_return frame.show(request, 200, "kept_form.html", std::move(model));
}

}  // namespace

void add_own_session_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Your sessions", "/sessions"});
  add_page_routes(router, frame,
                  {{"GET", "/sessions", sessions_page},
                   {"POST", "/sessions/end", end_sessions},
                   {"GET", "/kept-form", kept_form_page}});
}

}  // namespace firebreak::web
