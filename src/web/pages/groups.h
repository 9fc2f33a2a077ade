// SPDX-License-Identifier: Apache-2.0
// The groups of pages: each adds its routes and its entries of the navigation. The order in
// pages.cc is the navigation's.
#pragma once

#include <memory>

#include "web/pages/frame.h"

namespace firebreak::web {

void add_session_pages(Router& router, const std::shared_ptr<Frame>& frame);   // sign in and out
void add_question_pages(Router& router, const std::shared_ptr<Frame>& frame);  // can I share?
void add_sign_off_pages(Router& router, const std::shared_ptr<Frame>& frame);  // chief officers
void add_review_pages(Router& router, const std::shared_ptr<Frame>& frame);    // urgent ones
void add_passkey_pages(Router& router, const std::shared_ptr<Frame>& frame);   // one's own, others'
void add_desk_pages(Router& router, const std::shared_ptr<Frame>& frame);      // referrals by state
void add_change_pages(Router& router, const std::shared_ptr<Frame>& frame);    // by two persons
void add_proposal_pages(Router& router, const std::shared_ptr<Frame>& frame);  // of them
void add_people_pages(Router& router, const std::shared_ptr<Frame>& frame);    // administrators
void add_office_pages(Router& router, const std::shared_ptr<Frame>& frame);    // of the force
void add_keys_pages(Router& router, const std::shared_ptr<Frame>& frame);    // who signs with what
void add_policy_pages(Router& router, const std::shared_ptr<Frame>& frame);  // policy owners
void add_evidence_pages(Router& router, const std::shared_ptr<Frame>& frame);   // training too
void add_board_pages(Router& router, const std::shared_ptr<Frame>& frame);      // figures
void add_case_pages(Router& router, const std::shared_ptr<Frame>& frame);       // the desk's tasks
void add_release_pages(Router& router, const std::shared_ptr<Frame>& frame);    // release
void add_case_step_pages(Router& router, const std::shared_ptr<Frame>& frame);  // the other steps
void add_subject_pages(Router& router, const std::shared_ptr<Frame>& frame);   // a person's request
void add_erasure_pages(Router& router, const std::shared_ptr<Frame>& frame);   // retention
void add_casework_pages(Router& router, const std::shared_ptr<Frame>& frame);  // writing a referral
void add_submission_pages(Router& router, const std::shared_ptr<Frame>& frame);    // begin, submit
void add_own_referral_pages(Router& router, const std::shared_ptr<Frame>& frame);  // my referrals
void add_supervisor_pages(Router& router, const std::shared_ptr<Frame>& frame);  // forward, return
void add_provider_pages(Router& router, const std::shared_ptr<Frame>& frame);    // OpenID Connect
void add_link_pages(Router& router, const std::shared_ptr<Frame>& frame);  // the records system's
void add_test_case_pages(Router& router, const std::shared_ptr<Frame>& frame);    // for anyone
void add_own_session_pages(Router& router, const std::shared_ptr<Frame>& frame);  // one's sessions

}  // namespace firebreak::web
