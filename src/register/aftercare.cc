// SPDX-License-Identifier: Apache-2.0
#include "register/aftercare.h"

#include <algorithm>
#include <utility>

#include "identity/rights.h"
#include "register/aftercare_steps.h"
#include "register/refusal.h"

namespace firebreak::record {
namespace {

using identity::Actor;
using identity::Right;

// Of each state the oldest are looked at; who has more to do has enough to begin with.
constexpr size_t kTasksOfAState = 200;
constexpr size_t kMostKept = 1000;

using AftercareStep =
    std::function<Result<Json>(Transaction&, const Context&, const Actor&, const std::string&)>;

void take_step(const Context& context, const char* what, const Actor& actor, std::string ref,
               AftercareStep step, Done done) {
  Attempt attempt{actor.id, what, ref};
  context.recorder->submit([&context, actor, ref = std::move(ref), step = std::move(step)](
                               Transaction& tx) { return step(tx, context, actor, ref); },
                           std::move(done), std::move(attempt));
}

// The tasks that one referral gives the desk.
class Tasks {
 public:
  Tasks(const Config& config, Day today) : config_(config), today_(today) {}

  // One that is held or being asked back, in whatever state.
  void look_at_kept(const ReferralState& s) {
    if (s.after.consent && s.after.consent->recall == "open")
      add("recall", s, s.after.consent->at, {});
    if (s.after.hold) add("held", s, s.after.hold->at, {});
  }

  // What its state asks for; nothing while it is held.
  void look_at(const ReferralState& s) {
    const std::string since = s.changed;
    if (s.after.hold) return;
    if (s.state == State::in_doubt) add("in_doubt", s, since, {});
    if (s.state == State::failed) add("failed", s, since, {});
    const bool permitted = s.state == State::submitted && s.terms.decision == "permit";
    if (s.state == State::authorised || permitted) add("release", s, since, {});
    if (s.state != State::handed) return;
    const auto chase = next_chase(s, config_.outcomes.chase_days);
    if (chase && *chase <= today_) add("chase", s, since, *chase);
    if (!s.after.acknowledged) add("acknowledge", s, s.last_dispatch()->changed, {});
  }

  Json take() { return std::move(tasks_); }

 private:
  void add(const char* task, const ReferralState& s, const std::string& since,
           std::optional<Day> due) {
    tasks_.push_back({{"task", task},
                      {"referral", s.id},
                      {"state", state_name(s.state)},
                      {"since", since},
                      {"due", due ? Json(format_day(*due)) : Json()}});
  }

  const Config& config_;
  const Day today_;
  Json tasks_ = Json::array();
};

}  // namespace

void AftercareSteps::hold(const Actor& actor, std::string ref, Answer answer, Done done) {
  take_step(
      context_, "referral.hold", actor, std::move(ref),
      [answer = std::move(answer)](auto& tx, auto& context, auto& who, auto& id) {
        return do_hold(tx, context, who, id, answer);
      },
      std::move(done));
}

void AftercareSteps::end_hold(const Actor& actor, std::string ref, std::string note, Done done) {
  take_step(
      context_, "referral.end_hold", actor, std::move(ref),
      [note = std::move(note)](auto& tx, auto& context, auto& who, auto& id) {
        return do_end_hold(tx, context, who, id, note);
      },
      std::move(done));
}

void AftercareSteps::withdraw_consent(const Actor& actor, std::string ref, Answer answer,
                                      Done done) {
  take_step(
      context_, "referral.withdraw_consent", actor, std::move(ref),
      [answer = std::move(answer)](auto& tx, auto& context, auto& who, auto& id) {
        return do_withdraw_consent(tx, context, who, id, answer);
      },
      std::move(done));
}

void AftercareSteps::answer_recall(const Actor& actor, std::string ref, Answer answer, Done done) {
  take_step(
      context_, "referral.answer_recall", actor, std::move(ref),
      [answer = std::move(answer)](auto& tx, auto& context, auto& who, auto& id) {
        return do_answer_recall(tx, context, who, id, answer);
      },
      std::move(done));
}

void AftercareSteps::acknowledge(const Actor& actor, std::string ref, Acknowledgement got,
                                 Done done) {
  take_step(
      context_, "referral.acknowledge", actor, std::move(ref),
      [got = std::move(got)](auto& tx, auto& context, auto& who, auto& id) {
        return do_acknowledge(tx, context, who, id, got);
      },
      std::move(done));
}

void AftercareSteps::ask_outcome(const Actor& actor, std::string ref, Done done) {
  take_step(context_, "referral.ask_outcome", actor, std::move(ref), do_ask_outcome,
            std::move(done));
}

void AftercareSteps::record_outcome(const Actor& actor, std::string ref, OutcomeReport said,
                                    Done done) {
  take_step(
      context_, "referral.record_outcome", actor, std::move(ref),
      [said = std::move(said)](auto& tx, auto& context, auto& who, auto& id) {
        return do_record_outcome(tx, context, who, id, said);
      },
      std::move(done));
}

void AftercareSteps::close(const Actor& actor, std::string ref, Done done) {
  take_step(
      context_, "referral.close", actor, std::move(ref),
      [](auto& tx, auto&, auto& who, auto& id) { return do_close(tx, who, id); }, std::move(done));
}

Result<Json> AftercareSteps::tasks(const Actor& actor) {
  if (!identity::may(actor, Right::list_referrals))
    return refusal_error(Refusal::no_right, {}, "Ask the referral desk.");
  Tasks tasks(context_.config(), london_day(context_.clock.now()));
  FB_TRY(const auto kept, context_.reader->kept(kMostKept));
  bool more = kept.size() == kMostKept;
  for (const ReferralState& one : kept) tasks.look_at_kept(one);
  for (const State state :
       {State::in_doubt, State::failed, State::authorised, State::submitted, State::handed}) {
    FB_TRY(const auto found, context_.reader->oldest(state, kTasksOfAState));
    more = more || found.size() == kTasksOfAState;
    for (const ReferralState& one : found) tasks.look_at(one);
  }
  return Json{{"tasks", tasks.take()}, {"more", more}};
}

}  // namespace firebreak::record
