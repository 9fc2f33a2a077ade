// SPDX-License-Identifier: Apache-2.0
// A link that the records system made (POST /v1/links): a page that says as whom it opens
// Firebreak, and the session for questions alone that follows. Opening the page uses nothing up, so
// that what only looks at links ahead of a person does no harm.
#include "web/components/components.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

Response link_gone(Frame& frame, const Request& request) {
  return frame.show(request, 404, "link_gone.html",
                    {{"TITLE", "This link does not work any more"}});
}

PageResponse link_page(Frame& frame, Request& request) {
  const std::string token(request.parameter("token"));
  const auto link = frame.app().links.look(token);
  if (!link) co_return link_gone(frame, request);
  Json model = {{"TITLE", "Can I share this person’s information?"},
                {"AS", frame.display_name(link->person)},
                {"LINK_TOKEN", token}};
  model["HTML_GO_ON"] =
      components::button({{"text", "Continue"}, {"preventDoubleClick", true}}).json();
  co_return frame.show(request, 200, "link.html", std::move(model));
}

PageResponse follow_link(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const auto link = frame.app().links.take(sent->value("link"));
  if (!link) co_return link_gone(frame, request);
  record::Directory& directory = frame.app().reg.directory();
  record::SignedIn session;
  Block enter = [&]() -> Result<Json> {
    FB_TRY(session, directory.sign_in_by_link(link->person, link->service));
    return Json();
  };
  const auto done = co_await frame.app().reads.run(std::move(enter));
  if (!done) co_return link_gone(frame, request);
  const Frame::Entered entered = frame.enter(request, session, "", "/question");
  Interview interview;
  for (const auto& [name, value] : link->facts.items()) interview.answers[name] = value;
  frame.interviews().put(session.token, std::move(interview));
  Response response = redirect(entered.where);
  response.headers.push_back(entered.cookie);
  co_return response;
}

}  // namespace

void add_link_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  add_page_routes(router, frame,
                  {{"GET", "/link/{token}", link_page, {}, Access::anyone},
                   {"POST", "/link", follow_link, {}, Access::anyone, 4096, true}});
}

}  // namespace firebreak::web
