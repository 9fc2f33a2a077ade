// SPDX-License-Identifier: Apache-2.0
// The referral's life against a slow, obvious model of it, over random sequences of commands.
#include <rapidcheck.h>

#include <map>
#include <set>
#include <utility>

#include "register/test_support.h"

namespace firebreak::record {
namespace {

// What a person would write down after reading docs/referrals.md: for each command the states in
// which it is possible and the state after it.
struct Model {
  std::string state = "begun";
  bool chief_returned_it = false;
  bool forwarded = false;
  bool held = false;
  bool stopped = false;         // consent was withdrawn since the last submission
  bool withdrawn_once = false;  // consent, at some time
  bool draft_says_so = false;   // and the facts of the draft say that it was
  bool recall = false;          // it is being asked back
  bool has_outcome = false;
  int superseded = 0;  // dispatches that may have arrived, besides the last

  bool take(const std::string& command) {
    using Set = std::set<std::string>;
    const auto step = [&](const Set& from, const char* to) {
      if (!from.contains(state)) return false;
      state = to;
      return true;
    };
    if (command == "save") {
      const bool done = state == "begun" || state == "draft";
      draft_says_so = draft_says_so && !done;
      return done;
    }
    if (command == "save from an old page") return false;
    if (command == "forward") return state == "submitted" && !std::exchange(forwarded, true);
    if (command == "hold") return state != "begun" && !std::exchange(held, true);
    if (command == "end hold") return std::exchange(held, false);
    if (command == "withdraw consent") return withdraw_consent();
    if (command == "record an outcome") {
      has_outcome = has_outcome || state == "handed" || state == "closed";
      return state == "handed" || state == "closed";
    }
    if (command == "acknowledge") return state == "handed" || state == "closed";
    if (command == "ask for the outcome") return state == "handed";
    if (command == "close") return has_outcome && !recall && step({"handed"}, "closed");
    if (command == "answer to the recall") return std::exchange(recall, false);
    if (command == "submit") return (!withdrawn_once || draft_says_so) && submit();
    if (command == "revise") {
      const bool done = !withdrawn_once && submit();
      draft_says_so = draft_says_so && !done;
      return done;
    }
    if (command == "revise without consent") {
      draft_says_so = draft_says_so || state == "draft" || state == "begun";
      return submit();
    }
    if (command == "withdraw")
      return step({"begun", "draft", "submitted", "authorised"}, "withdrawn");
    if (command == "return by supervisor" || command == "return by chief") {
      const bool done = step({"submitted", "authorised", "released", "failed"}, "draft");
      if (done && command == "return by chief") chief_returned_it = true;
      return done;
    }
    if (command == "authorise") return !chief_returned_it && step({"submitted"}, "authorised");
    if (command == "refuse") return !chief_returned_it && step({"submitted"}, "refused");
    const bool goes = !held && !stopped;
    if (command == "release") return goes && step({"authorised", "failed"}, "released");
    if (command == "release with other facts") {
      if (goes) step({"authorised", "failed"}, "draft");
      return false;  // refused, and back to draft
    }
    if (command == "supersede") {
      const bool done = goes && step({"in_doubt"}, "released");
      superseded += done ? 1 : 0;
      return done;
    }
    if (command == "begin") return goes && step({"released"}, "handing");
    if (command == "accepted") return step({"handing"}, "handed");
    if (command == "rejected for now") return not_sent("handing", "released");
    if (command == "rejected") return not_sent("handing", "failed");
    if (command == "no answer") return step({"handing"}, "in_doubt");
    if (command == "settle delivered") return step({"in_doubt"}, "handed");
    return command == "settle not delivered" && not_sent("in_doubt", "authorised");
  }

  bool submit() {
    if (state != "draft" && state != "begun") return false;
    state = "submitted";
    stopped = forwarded = false;
    return true;
  }

  bool not_sent(const std::string& from, const std::string& to) {
    if (state != from) return false;
    state = stopped ? "draft" : to;
    if (stopped && superseded == 0) recall = false;
    return true;
  }

  bool withdraw_consent() {
    if (stopped || state == "begun") return false;  // not shown to the desk
    stopped = withdrawn_once = true;
    using Set = std::set<std::string>;
    recall = recall || Set{"handing", "handed", "in_doubt", "closed"}.contains(state);
    if (Set{"submitted", "authorised", "released", "failed"}.contains(state)) state = "draft";
    return true;
  }
};

// The protective and the rare steps stand once, the ordinary way more often, so that sequences get
// far.
const std::vector<std::string>& commands() {
  static const std::vector<std::string> all = {"submit",
                                               "submit",
                                               "submit",
                                               "revise",
                                               "authorise",
                                               "authorise",
                                               "authorise",
                                               "release",
                                               "release",
                                               "release",
                                               "begin",
                                               "begin",
                                               "begin",
                                               "accepted",
                                               "rejected for now",
                                               "rejected",
                                               "no answer",
                                               "no answer",
                                               "supersede",
                                               "settle delivered",
                                               "refuse",
                                               "withdraw",
                                               "settle not delivered",
                                               "return by chief",
                                               "return by supervisor",
                                               "release with other facts",
                                               "save",
                                               "save from an old page",
                                               "forward",
                                               "hold",
                                               "end hold",
                                               "end hold",
                                               "withdraw consent",
                                               "revise without consent",
                                               "revise without consent",
                                               "answer to the recall",
                                               "acknowledge",
                                               "ask for the outcome",
                                               "record an outcome",
                                               "record an outcome",
                                               "close"};
  return all;
}

class ModelTest : public RegisterTest {
 protected:
  bool take(const std::string& ref, const std::string& command) {
    auto& queue = reg->dispatches();
    const auto state = *reg->reader().referral(ref);
    const uint64_t number = state.dispatches.size();
    const std::map<std::string, HandingOutcome> outcomes = {
        {"accepted", HandingOutcome::accepted},
        {"rejected for now", HandingOutcome::rejected_temporary},
        {"rejected", HandingOutcome::rejected_permanent},
        {"no answer", HandingOutcome::in_doubt}};
    if (command == "begin") return queue.begin_handing(ref, number).ok();
    if (outcomes.contains(command))
      return queue.finish_handing(ref, number, outcomes.at(command)).ok();
    if (command == "submit") return submit(ref).ok();
    if (command == "revise") return submit(ref, exceptional_draft()).ok();
    if (command == "authorise") return authorise(ref).ok();
    if (command == "revise without consent") return submit(ref, without_consent()).ok();
    if (command == "settle delivered") return settle(ref, SettledAs::delivered).ok();
    if (command == "settle not delivered") return settle(ref, SettledAs::not_delivered).ok();
    return await([&](Done done) { start(ref, command, std::move(done)); }).ok();
  }

  static Json without_consent() {
    Json body = exceptional_draft();
    body["facts"]["consent"] = "withdrawn";
    return body;
  }

  void start(const std::string& ref, const std::string& command, Done done) {
    auto& referrals = reg->referrals();
    if (command == "save" || command == "save from an old page") {
      const uint64_t now = reg->reader().referral(ref)->content;
      Json body = exceptional_draft();
      body["less_intrusive"] = "Revision " + std::to_string(now);
      return referrals.save(actor("officer"), ref, {command == "save" ? now : now - 1, body},
                            std::move(done));
    }
    if (command == "forward")
      return referrals.forward(actor("supervisor"), ref, {"complete", ""}, std::move(done));
    auto& aftercare = reg->aftercare();
    const auto desk = actor("desk");
    if (command == "release" || command == "supersede") {
      const Json facts =
          referrals.show(actor("officer"), ref)->at("content").at("draft").at("facts");
      return referrals.release(desk, ref, {facts, command == "supersede", "not_needed"},
                               std::move(done));
    }
    if (command == "hold") return aftercare.hold(desk, ref, {"other", "wait"}, std::move(done));
    if (command == "end hold") return aftercare.end_hold(desk, ref, "go on", std::move(done));
    if (command == "withdraw consent")
      return aftercare.withdraw_consent(desk, ref, {"subject", ""}, std::move(done));
    if (command == "answer to the recall")
      return aftercare.answer_recall(desk, ref, {"deleted", ""}, std::move(done));
    if (command == "acknowledge")
      return aftercare.acknowledge(desk, ref, {"IE-1", "2026-11-22"}, std::move(done));
    if (command == "ask for the outcome") return aftercare.ask_outcome(desk, ref, std::move(done));
    if (command == "record an outcome")
      return aftercare.record_outcome(desk, ref, {"unknown", "other", "2026-11-22", ""},
                                      std::move(done));
    if (command == "close") return aftercare.close(desk, ref, std::move(done));
    if (command == "withdraw") return referrals.withdraw(actor("officer"), ref, std::move(done));
    if (command == "refuse")
      return referrals.refuse(actor("chief"), ref, {"other", "no"}, std::move(done));
    if (command == "release with other facts") {
      Json facts = exceptional_facts();
      facts["age_group"] = "unknown";
      return referrals.release(desk, ref, {facts, false, "done"}, std::move(done));
    }
    const auto* who = command == "return by chief" ? "chief" : "supervisor";
    referrals.return_to_draft(actor(who), ref, {"other", "again"}, std::move(done));
  }
};

TEST_F(ModelTest, TheRegisterDoesWhatTheModelDoes) {
  const bool same = rc::check("the register and the model agree", [&] {
    const std::string ref = begin(exceptional_draft())->at("referral");
    Model model;
    const auto length = *rc::gen::inRange(1, 40);
    for (int i = 0; i < length; ++i) {
      const std::string command = *rc::gen::elementOf(commands());
      const std::string before = model.state;
      const bool expected = model.take(command);
      const bool done = take(ref, command);
      if (done != expected || state_of(ref) != model.state) {
        std::string what = command;
        what.append(" in ").append(before).append(": the model is ").append(model.state);
        what.append(", the register ").append(state_of(ref));
        RC_FAIL(what);
      }
    }
  });
  EXPECT_TRUE(same);
  const VerifyReport report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
}

}  // namespace
}  // namespace firebreak::record
