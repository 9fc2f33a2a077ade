// SPDX-License-Identifier: Apache-2.0
// Beginning, saving, forwarding: what comes before those who decide.
#include <algorithm>
#include <utility>

#include "base/random.h"
#include "register/casework.h"
#include "register/referral_steps.h"
#include "register/step_parts.h"

namespace firebreak::record {
namespace {

bool is_token(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

// The same referral for the same person and token. Who does not know the token learns nothing from
// the reference, and nobody else's token leads to it.
std::string reference_for(const std::string& person, const std::string& token) {
  return name_from(sha256(as_bytes("firebreak begin v1\n" + person + "\n" + token)), "ref_");
}

Result<Draft> read_working(Transaction& tx, const Json& body) {
  auto draft = read_new_draft(body);
  if (!draft) return tx.refuse(Refusal::malformed, draft.error().where, draft.error().text());
  return draft;
}

}  // namespace

Result<Json> do_begin(Transaction& tx, const Context& context, const Actor& actor,
                      const std::string& token, const Json& body) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  if (!is_token(token)) {
    return tx.refuse(Refusal::malformed, "token",
                     "It is 16 to 64 letters and digits, made up for this referral.");
  }
  const std::string ref = reference_for(actor.id, token);
  if (tx.referral(ref)) return outcome(tx, ref);
  FB_TRY(const Draft draft, read_working(tx, body));
  FB_CHECK(append_content(tx, context, new_event(kind::kBegun, actor.id), ref, 1, draft));
  return outcome(tx, ref);
}

Result<Json> do_save(Transaction& tx, const Context& context, const Actor& actor,
                     const std::string& ref, const SaveRequest& request) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_CHECK(need_requester(tx, actor, state));
  if (state.state != State::begun && state.state != State::draft)
    return tx.refuse(Refusal::wrong_state);
  FB_TRY(const Draft draft, read_working(tx, request.body));
  FB_TRY(const OpenedDraft stored, open_draft(tx, context, state));
  if (to_json(draft) == to_json(stored.draft)) return outcome(tx, ref);
  if (request.content != state.content)
    return tx.refuse(Refusal::content_changed, "content_revision");
  FB_CHECK(append_content(tx, context, new_event(kind::kSaved, actor.id), ref, state.content + 1,
                          draft));
  return outcome(tx, ref);
}

Result<Json> do_forward(Transaction& tx, const Context& context, const Actor& actor,
                        const std::string& ref, const Answer& answer) {
  FB_CHECK(need(tx, actor, Right::forward_referral));
  FB_TRY(const ReferralState state, shown_referral(tx, actor, ref));
  if (state.state != State::submitted) return tx.refuse(Refusal::wrong_state);
  if (state.requester == actor.id) return tx.refuse(Refusal::self_authorised);
  if (state.forwarded) return tx.refuse(Refusal::already_forwarded);
  return append_answer(tx, context, step(kind::kForwarded, actor, state), state, answer,
                       kForwardReasons);
}

}  // namespace firebreak::record
