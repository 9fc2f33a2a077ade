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
void add_passkey_pages(Router& router, const std::shared_ptr<Frame>& frame);   // one's own, others'
void add_desk_pages(Router& router, const std::shared_ptr<Frame>& frame);      // referrals by state
void add_board_pages(Router& router, const std::shared_ptr<Frame>& frame);     // figures
void add_provider_pages(Router& router, const std::shared_ptr<Frame>& frame);  // OpenID Connect
void add_link_pages(Router& router, const std::shared_ptr<Frame>& frame);  // the records system's
void add_test_case_pages(Router& router, const std::shared_ptr<Frame>& frame);    // for anyone
void add_own_session_pages(Router& router, const std::shared_ptr<Frame>& frame);  // one's sessions

}  // namespace firebreak::web
