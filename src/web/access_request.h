// SPDX-License-Identifier: Apache-2.0
// What ties a denial to the request that follows it, in the terms of AuthZEN's Access Request and
// Approval Profile (draft; docs/api.md). A denial that a referral can resolve carries a token over
// exactly what was asked; the request gives it back and names the referral; the task that comes of
// it, and the approval in the end, are that referral and nothing of their own. So nothing is kept
// here, and nothing is granted here: what a referral allows is read from the register each time.
//
//   Denials denials;
//   denials.offer(decision["context"], asked, now, base);         // with the denial
//   FB_TRY(..., denials.check(sent["denial"], asked, now));        // when the request comes
//   std::string task = task_id(ref, asked);                        // arq_…; approval_id() likewise
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/random.h"
#include "register/referral_state.h"
#include "web/http.h"

namespace firebreak::web {

// What is bound: who asked (the caller's id), and what (Evaluation::asked).
struct Asked {
  std::string caller;
  Json what;
};

class Denials {
 public:
  Denials();

  // Adds to a denial's context what makes it requestable: evaluation_id, evaluated_at, reason and
  // access_request. `base` is the URL of this site without a path.
  void offer(Json& context, const Asked& asked, Instant now, const std::string& base) const;
  // Whether the request's member `denial` is one that was offered for what is asked. Gives the
  // problem to answer with when it is not.
  [[nodiscard]] std::optional<Response> check(const Json& denial, const Asked& asked,
                                              Instant now) const;

 private:
  [[nodiscard]] std::string seal(std::string_view evaluation_id, std::string_view expires,
                                 const Asked& asked) const;

  mutable SystemRandom random_;
  Digest key_{};  // of this run of the program: a restart ends what was offered
};

// The task that follows a referral for what is asked, and its approval: the referral's reference
// and a digest of what they are about.
std::string task_id(const std::string& ref, const Asked& asked);
std::string approval_id(const std::string& ref, const Asked& asked);

// What such an identifier stands for; nothing when it is none.
struct TaskName {
  std::string ref;
  std::string about;  // the digest, in hexadecimal
};
std::optional<TaskName> task_named(std::string_view id);
// Whether the identifier, of a task or an approval, is about what is asked now.
bool is_about(const TaskName& name, const Asked& asked);
// Whether the identifier was given to this caller.
bool is_callers(const TaskName& name, const std::string& caller);

// The answer about a task: {"task": {id, status, status_endpoint, display}, "result": …}.
Json task_answer(const std::string& task, const record::ReferralState& state,
                 const std::string& base);
// The last time at which a released referral stands as an approval.
Instant approved_until(const record::ReferralState& state);

// The profile's own problems (section Error Responses).
Response not_requestable(std::string_view detail);
Response invalid_denial_binding(std::string_view detail);
Response expired_denial();
Response unknown_task();
Response task_expired();

}  // namespace firebreak::web
