// SPDX-License-Identifier: Apache-2.0
// Drafting, submitting, returning, withdrawing.
#include "register/referral_steps.h"

#include <utility>

#include "register/casework.h"
#include "register/judge.h"
#include "register/statement.h"
#include "register/step_parts.h"

namespace firebreak::record {
namespace {

// Records a new content of a draft, judged.
Result<void> append_draft(Transaction& tx, const Context& context, const Actor& actor,
                          const std::string& ref, uint64_t content, const Draft& draft,
                          const Judged& judged) {
  Json event = new_event(kind::kDrafted, actor.id);
  event["destination"] = draft.destination;
  event["facets"] = judged.facets;
  event["terms"] = to_json(judged.terms);
  return append_content(tx, context, std::move(event), ref, content, draft);
}

}  // namespace

Result<Json> do_draft(Transaction& tx, const Context& context, const Actor& actor,
                      const Json& body) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  auto draft = read_new_draft(body);
  if (!draft) return tx.refuse(Refusal::malformed, draft.error().where, draft.error().text());
  FB_TRY(const Judged judged, judge(tx, context, *draft));
  const std::string ref = random_name(context.random, "ref_");
  FB_CHECK(append_draft(tx, context, actor, ref, 1, *draft, judged));
  return outcome(tx, ref);
}

namespace {

Result<std::string> render(Transaction& tx, const Context& context, const std::string& ref,
                           const Destination& destination, const Judged& judged) {
  return context.renderer->render({ref, ref + "@" + context.config().force.domain,
                                   context.config().mail.from, destination.address, tx.now(),
                                   judged.fields});
}

// Renders, seals and records a submission of the draft that `content` holds.
Result<void> append_submission(Transaction& tx, const Context& context, const Actor& actor,
                               const ReferralState& state, const Judged& judged) {
  FB_TRY(const OpenedDraft opened, open_draft(tx, context, state));
  const Destination& destination = *context.config().destination(opened.draft.destination);
  FB_TRY(std::string message, render(tx, context, state.id, destination, judged));
  const OpenedMessage sealed{new_nonce(context.random), std::move(message)};
  const uint64_t revision = state.revision + 1;
  const Json statement = make_statement(
      {state.id, revision, nonced_digest(sealed.nonce, as_bytes(sealed.bytes)), destination.id,
       destination.address, judged.terms,
       nonced_digest(opened.facts_nonce, as_bytes(canonical_json(opened.draft.facts)))});
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch_from(tx)));
  Json event = step(kind::kSubmitted, actor, state);
  event["revision"] = revision;
  event["content"] = state.content;
  event["destination"] = destination.id;
  event["facets"] = judged.facets;
  event["terms"] = to_json(judged.terms);
  if (opened.draft.casework.contains("urgent")) event["urgent"] = true;
  event["statement"] = statement;
  event["statement_digest"] = show_digest(statement_digest(statement));
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {vault.seal_message(sealed, revision, context.random)}));
  return {};
}

}  // namespace

namespace {

// Whether everything is there that those who decide after this must be able to weigh.
Result<void> check_whole(Transaction& tx, const Draft& draft, const Judged& judged) {
  const std::string recipient = draft.facts.value("recipient", "");
  const bool enforcement = judged.policy->vocabulary().is_enforcement(recipient);
  const auto lack = lack_of(draft, judged.terms, enforcement, london_day(tx.now()));
  return lack ? Result<void>(tx.refuse(lack->refusal, lack->where)) : Result<void>();
}

// After consent was withdrawn the draft must say so.
Result<void> check_consent(Transaction& tx, const ReferralState& state, const Draft& draft) {
  if (!state.after.consent) return {};
  const auto consent = draft.facts.find("consent");
  const bool says_so =
      consent != draft.facts.end() && (*consent == "withdrawn" || *consent == "refused");
  if (says_so) return {};
  return tx.refuse(Refusal::consent_withdrawn, "facts.consent");
}

}  // namespace

Result<Json> do_submit(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const std::optional<Json>& revised) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  FB_TRY(ReferralState state, tx.referral(ref));
  FB_CHECK(need_requester(tx, actor, state));
  if (state.state != State::draft && state.state != State::begun)
    return tx.refuse(Refusal::wrong_state);
  FB_TRY(const OpenedDraft stored, open_draft(tx, context, state));
  Draft draft = stored.draft;
  if (revised) {
    auto read = read_new_draft(*revised);
    if (!read) return tx.refuse(Refusal::malformed, read.error().where, read.error().text());
    draft = *std::move(read);
  }
  FB_TRY(const Judged judged, judge(tx, context, draft));
  FB_CHECK(check_whole(tx, draft, judged));
  FB_CHECK(check_consent(tx, state, draft));
  if (revised || state.working) {
    FB_CHECK(append_draft(tx, context, actor, ref, state.content + 1, draft, judged));
    FB_TRY(state, tx.referral(ref));
  }
  FB_CHECK(append_submission(tx, context, actor, state, judged));
  return outcome(tx, ref);
}

Result<Json> do_return(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const Answer& answer) {
  FB_CHECK(need(tx, actor, Right::return_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  const bool possible = state.state == State::submitted || state.state == State::authorised ||
                        state.state == State::released || state.state == State::failed;
  if (!possible) return tx.refuse(Refusal::wrong_state);
  return append_answer(tx, context, step(kind::kReturned, actor, state), state, answer);
}

Result<Json> do_withdraw(Transaction& tx, const Actor& actor, const std::string& ref) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_CHECK(need_requester(tx, actor, state));
  const bool possible = state.state == State::begun || state.state == State::draft ||
                        state.state == State::submitted || state.state == State::authorised;
  if (!possible) return tx.refuse(Refusal::wrong_state);
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(step(kind::kWithdrawn, actor, state)));
  return outcome(tx, ref);
}

}  // namespace firebreak::record
