// SPDX-License-Identifier: Apache-2.0
// What the pages of one referral share: reading it as who is signed in may, and the view of its
// content. For the files *_pages.cc alone.
#pragma once

#include "web/pages/frame.h"
#include "web/pages/tasks.h"

namespace firebreak::web {

// The referral that the path names, as Referrals::show gives it.
boost::asio::awaitable<Result<Json>> shown_referral(Frame& frame, const Request& request);
// The same, of one's own alone: of another's one is told that there is none.
boost::asio::awaitable<Result<Json>> own_referral(Frame& frame, const Request& request);

// A referral of one's own that may still be changed, opened for one request.
struct Opened {
  std::shared_ptr<const policy::Policy> policy;  // today's; `making` points to it
  Json referral;
  Making making;
  [[nodiscard]] uint64_t revision() const {
    return referral.value("content_revision", uint64_t{0});
  }
};
bool may_change(const Json& referral);
Opened opened(Frame& frame, Json referral);

// "/referrals/REF/" and the page.
std::string path_of(const Request& request, const std::string& page);
// The revision of the content that the form was made from; 0 for what is none.
uint64_t revision_in(const Form& sent);

// The policy's answer for the facts so far, once it is recorded: once for each set of facts and
// policy. Error: as Questions::ask.
boost::asio::awaitable<Result<Json>> told_answer(Frame& frame, const Request& request,
                                                 const Making& making);

// How pages speak of who took a step: "You", "A supervisor", "The program".
std::string role_of_step(Frame& frame, const Request& request, const Json& referral,
                         const Json& entry);

// The answers as summary lists, one for each section: [{"HEADING", "HTML_LIST"}]. `change` is the
// address that the links to change begin with; empty: there are none.
Json answers_view(const Making& making, const std::string& change);

// The radios of a decision about another's referral, and its note: one page for returning and
// forwarding.
TaskForm decision_form(const char* title, const char* question,
                       const std::vector<std::pair<std::string, std::string>>& reasons);

}  // namespace firebreak::web
