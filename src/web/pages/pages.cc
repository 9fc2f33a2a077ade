// SPDX-License-Identifier: Apache-2.0
#include "web/pages/pages.h"

#include "web/pages/groups.h"

namespace firebreak::web {

Result<void> add_pages(Router& router, App& app) {
  FB_TRY(std::shared_ptr<Frame> frame, Frame::open(app));
  add_question_pages(router, frame);
  add_own_referral_pages(router, frame);
  add_casework_pages(router, frame);
  add_submission_pages(router, frame);
  add_supervisor_pages(router, frame);
  add_desk_pages(router, frame);
  add_sign_off_pages(router, frame);
  add_review_pages(router, frame);
  add_case_pages(router, frame);
  add_release_pages(router, frame);
  add_case_step_pages(router, frame);  // after release, whose address has the same shape
  add_subject_pages(router, frame);
  add_erasure_pages(router, frame);
  add_board_pages(router, frame);
  add_change_pages(router, frame);
  add_proposal_pages(router, frame);
  add_people_pages(router, frame);
  add_office_pages(router, frame);
  add_keys_pages(router, frame);
  add_policy_pages(router, frame);
  add_evidence_pages(router, frame);
  add_passkey_pages(router, frame);
  add_session_pages(router, frame);
  add_provider_pages(router, frame);
  add_link_pages(router, frame);
  add_own_session_pages(router, frame);
  add_test_case_pages(router, frame);
  router.add({.method = "GET", .path = "/assets/{file}", .open = true, .audience = Audience::asset},
             [frame](Request& request) { return frame->asset(request); });
  router.on_page_error([frame](const Request& request, const Error& error) {
    return frame->error_page(request, error);
  });
  router.on_late_form(
      {[frame](const Request& request) { return !frame->late_session(request).empty(); },
       [frame, &router](Request& request) {
         return frame->keep_late_form(request, router.find("GET", request.path).route != nullptr);
       }});
  return {};
}

}  // namespace firebreak::web
