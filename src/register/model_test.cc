// SPDX-License-Identifier: Apache-2.0
// The referral's life against a slow, obvious model of it, over random sequences of commands.
#include <rapidcheck.h>

#include <map>
#include <set>

#include "register/test_support.h"

namespace firebreak::record {
namespace {

// What a person would write down after reading docs/referrals.md: for each command the states in
// which it is possible and the state after it.
struct Model {
  std::string state = "begun";
  bool chief_returned_it = false;
  bool forwarded = false;

  bool take(const std::string& command) {
    using Set = std::set<std::string>;
    const auto step = [&](const Set& from, const char* to) {
      if (!from.contains(state)) return false;
      state = to;
      return true;
    };
    if (command == "save") return state == "begun" || state == "draft";
    if (command == "save from an old page") return false;
    if (command == "submit" || command == "revise") {
      const bool done = step({"begun", "draft"}, "submitted");
      if (done) forwarded = false;
      return done;
    }
    if (command == "forward") {
      const bool done = state == "submitted" && !forwarded;
      if (done) forwarded = true;
      return done;
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
    if (command == "release") return step({"authorised", "failed"}, "released");
    if (command == "release with other facts") {
      step({"authorised", "failed"}, "draft");
      return false;  // refused, and back to draft
    }
    if (command == "supersede") return step({"in_doubt"}, "released");
    if (command == "begin") return step({"released"}, "handing");
    if (command == "accepted") return step({"handing"}, "handed");
    if (command == "rejected for now") return step({"handing"}, "released");
    if (command == "rejected") return step({"handing"}, "failed");
    if (command == "no answer") return step({"handing"}, "in_doubt");
    if (command == "settle delivered") return step({"in_doubt"}, "handed");
    return command == "settle not delivered" && step({"in_doubt"}, "authorised");
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
                                               "forward"};
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
    if (command == "release") return release(ref).ok();
    if (command == "supersede") return release(ref, true).ok();
    if (command == "settle delivered") return settle(ref, SettledAs::delivered).ok();
    if (command == "settle not delivered") return settle(ref, SettledAs::not_delivered).ok();
    return await([&](Done done) { start(ref, command, std::move(done)); }).ok();
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
    if (command == "withdraw") return referrals.withdraw(actor("officer"), ref, std::move(done));
    if (command == "refuse")
      return referrals.refuse(actor("chief"), ref, {"other", "no"}, std::move(done));
    if (command == "release with other facts") {
      Json facts = exceptional_facts();
      facts["age_group"] = "unknown";
      return referrals.release(actor("desk"), ref, {facts, false}, std::move(done));
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
