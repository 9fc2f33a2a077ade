// SPDX-License-Identifier: Apache-2.0
#include "register/referrals.h"

#include <utility>

#include "register/context.h"
#include "register/erasure.h"
#include "register/referral_steps.h"

namespace firebreak::record {

using identity::Actor;

void Referrals::draft(const Actor& actor, Json body, Done done) {
  context_.recorder->submit([&context = context_, actor, body = std::move(body)](
                                Transaction& tx) { return do_draft(tx, context, actor, body); },
                            std::move(done), Attempt{actor.id, "referral.draft", {}});
}

void Referrals::submit(const Actor& actor, std::string ref, std::optional<Json> revised,
                       Done done) {
  Attempt attempt{actor.id, "referral.submit", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), revised = std::move(revised)](
          Transaction& tx) { return do_submit(tx, context, actor, ref, revised); },
      std::move(done), std::move(attempt));
}

void Referrals::return_to_draft(const Actor& actor, std::string ref, Answer answer, Done done) {
  Attempt attempt{actor.id, "referral.return", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), answer = std::move(answer)](
          Transaction& tx) { return do_return(tx, context, actor, ref, answer); },
      std::move(done), std::move(attempt));
}

void Referrals::withdraw(const Actor& actor, std::string ref, Done done) {
  Attempt attempt{actor.id, "referral.withdraw", ref};
  context_.recorder->submit(
      [actor, ref = std::move(ref)](Transaction& tx) { return do_withdraw(tx, actor, ref); },
      std::move(done), std::move(attempt));
}

void Referrals::authorise(const Actor& actor, std::string ref, SignOffRequest request, Done done) {
  Attempt attempt{actor.id, "referral.authorise", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), request = std::move(request)](
          Transaction& tx) { return do_authorise(tx, context, actor, ref, request); },
      std::move(done), std::move(attempt));
}

void Referrals::review(const Actor& actor, std::string ref, Review review, Done done) {
  Attempt attempt{actor.id, "referral.review", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), review = std::move(review)](
          Transaction& tx) { return do_review(tx, context, actor, ref, review); },
      std::move(done), std::move(attempt));
}

void Referrals::refuse(const Actor& actor, std::string ref, Answer answer, Done done) {
  Attempt attempt{actor.id, "referral.refuse", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), answer = std::move(answer)](
          Transaction& tx) { return do_refuse(tx, context, actor, ref, answer); },
      std::move(done), std::move(attempt));
}

void Referrals::release(const Actor& actor, std::string ref, ReleaseRequest request, Done done) {
  Attempt attempt{actor.id, "referral.release", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), request = std::move(request)](
          Transaction& tx) { return do_release(tx, context, actor, ref, request); },
      std::move(done), std::move(attempt));
}

void Referrals::settle(const Actor& actor, std::string ref, SettledAs as, Evidence evidence,
                       Done done) {
  Attempt attempt{actor.id, "referral.settle", ref};
  context_.recorder->submit(
      [actor, ref = std::move(ref), as, evidence](Transaction& tx) {
        return do_settle(tx, actor, ref, as, evidence);
      },
      std::move(done), std::move(attempt));
}

void Referrals::erase_due(Done done) {
  context_.recorder->submit(
      [&context = context_](Transaction& tx) { return do_erase(tx, context); }, std::move(done));
}

void Referrals::begin(const Actor& actor, std::string token, Json body, Done done) {
  context_.recorder->submit(
      [&context = context_, actor, token = std::move(token), body = std::move(body)](
          Transaction& tx) { return do_begin(tx, context, actor, token, body); },
      std::move(done), Attempt{actor.id, "referral.begin", {}});
}

void Referrals::save(const Actor& actor, std::string ref, SaveRequest request, Done done) {
  Attempt attempt{actor.id, "referral.save", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), request = std::move(request)](
          Transaction& tx) { return do_save(tx, context, actor, ref, request); },
      std::move(done), std::move(attempt));
}

void Referrals::forward(const Actor& actor, std::string ref, Answer answer, Done done) {
  Attempt attempt{actor.id, "referral.forward", ref};
  context_.recorder->submit(
      [&context = context_, actor, ref = std::move(ref), answer = std::move(answer)](
          Transaction& tx) { return do_forward(tx, context, actor, ref, answer); },
      std::move(done), std::move(attempt));
}

}  // namespace firebreak::record
