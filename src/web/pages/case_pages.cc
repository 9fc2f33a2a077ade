// SPDX-License-Identifier: Apache-2.0
// The referral desk's tasks, and one referral as the desk sees it: where it stands, what may be
// done now, what was sent, what became of it.
#include "web/components/components.h"
#include "web/pages/case_view.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;

PageResponse desk_tasks_page(Frame& frame, Request& request) {
  record::AftercareSteps& aftercare = frame.app().reg.aftercare();
  const identity::Actor actor = request.caller->actor;
  Block work = [&aftercare, actor] { return aftercare.tasks(actor); };
  auto found = co_await frame.app().reads.run(std::move(work));
  if (!found) co_return frame.error_page(request, found.error());
  co_return frame.show(
      request, 200, "parts.html",
      {{"TITLE", "Tasks"}, {"HEADING", "Tasks"}, {"HTML_BODY", tasks_body(*found).json()}});
}

PageResponse case_page(Frame& frame, Request& request) {
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  Block work = [&referrals, actor, ref] { return referrals.show(actor, ref); };
  auto shown = co_await frame.app().reads.run(std::move(work));
  if (!shown) co_return frame.error_page(request, shown.error());
  const CaseNames names = [&frame](const std::string& id) { return frame.display_name(id); };
  const Html body = case_body(*shown, actor, names, frame.app().reg.config());
  co_return frame.show(request, 200, "parts.html",
                       {{"TITLE", "Referral"},
                        {"BACK", {{"LINK", "/tasks"}}},
                        {"CAPTION", {{"TEXT", ref}}},
                        {"HEADING", state_words(shown->value("state", ""))},
                        {"HTML_BODY", body.json()}});
}

}  // namespace

void add_case_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Tasks", "/tasks", Right::release_referral,
                         "Release what is signed off, and the desk’s other tasks"});
  add_page_routes(router, frame,
                  {{"GET", "/tasks", desk_tasks_page, Right::list_referrals},
                   {"GET", "/desk/{ref}", case_page, Right::list_referrals}});
}

}  // namespace firebreak::web
