// SPDX-License-Identifier: Apache-2.0
#include "register/policy_drafts.h"

#include "register/change_request.h"
#include "register/event.h"
#include "register/step_parts.h"

namespace firebreak::record {

Result<Json> PolicyDrafts::save(const Actor& actor, const std::string& text) {
  if (text.size() > kMaxPolicyText) {
    return Error{ErrorCode::too_large, "A policy's text has at most 256 KiB.", "text",
                 "Shorten it."};
  }
  return context_.recorder->run(
      [&](Transaction& tx) -> Result<Json> {
        FB_CHECK(need(tx, actor, Right::change_policy));
        const auto before = tx.get("policy_draft", actor.id);
        if (!before && before.error().code != ErrorCode::not_found) return before.error();
        Json event = new_event(kind::kPolicyDrafted, actor.id);
        event["draft"] = actor.id;
        const uint64_t revision = before ? before->revision + 1 : 1;
        FB_TRY([[maybe_unused]] const uint64_t seq,
               tx.append(std::move(event),
                         {{"policy_draft", actor.id, revision, Bytes(text.begin(), text.end())}}));
        return Json();
      },
      Attempt{actor.id, "policy.draft", {}});
}

Result<std::string> PolicyDrafts::read(const Actor& actor) {
  const auto document = context_.reader->document("policy_draft", actor.id);
  if (document) return std::string(as_text(*document->body));
  if (document.error().code == ErrorCode::not_found) return std::string();
  return document.error();
}

}  // namespace firebreak::record
