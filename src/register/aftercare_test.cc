// SPDX-License-Identifier: Apache-2.0
#include "register/aftercare.h"

#include <functional>

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class AftercareTest : public RegisterTest {
 protected:
  uint64_t size() { return *reg->reader().size(); }
  ReferralState state(const std::string& ref) { return *reg->reader().referral(ref); }
  AftercareSteps& steps() { return reg->aftercare(); }
  Result<Json> hold(const std::string& ref, const char* reason = "safeguarding",
                    const char* who = "desk") {
    return await([&](Done done) {
      steps().hold(actor(who), ref, {reason, "Zebedee is moving house."}, std::move(done));
    });
  }
  Result<Json> end_hold(const std::string& ref) {
    return await([&](Done done) { steps().end_hold(actor("desk"), ref, "", std::move(done)); });
  }
  Result<Json> withdraw_consent(const std::string& ref, const char* who = "desk",
                                const char* said_by = "solicitor") {
    return await([&](Done done) {
      steps().withdraw_consent(actor(who), ref, {said_by, "By letter."}, std::move(done));
    });
  }
  Result<Json> record_outcome(const std::string& ref, const OutcomeReport& said) {
    return await(
        [&](Done done) { steps().record_outcome(actor("desk"), ref, said, std::move(done)); });
  }
  Result<Json> close_it(const std::string& ref) {
    return await([&](Done done) { steps().close(actor("desk"), ref, std::move(done)); });
  }
  std::vector<std::string> tasks_of(const std::string& ref) {
    std::vector<std::string> out;
    const Json found = *steps().tasks(actor("desk"));
    for (const Json& task : found.at("tasks"))
      if (task.at("referral") == ref) out.push_back(task.at("task"));
    return out;
  }
  void verifies() {
    const VerifyReport report = verify(folder);
    EXPECT_TRUE(report.ok()) << report.json().dump(1);
  }
};

using Words = std::vector<std::string>;

TEST_F(AftercareTest, WhileItIsHeldNothingIsReleasedOrHandedOver) {
  const std::string ref = authorised();
  ASSERT_TRUE(hold(ref).ok());
  uint64_t before = size();
  expect_refused(release(ref), "held", before++);
  expect_refused(hold(ref), "wrong_state", before++);
  EXPECT_EQ(tasks_of(ref), (Words{"held"}));
  ASSERT_TRUE(end_hold(ref).ok());
  ++before;
  expect_refused(end_hold(ref), "wrong_state", before++);
  ASSERT_TRUE(release(ref).ok());
  ASSERT_TRUE(hold(ref, "complaint", "dpo").ok());
  EXPECT_FALSE(reg->dispatches().next()->has_value());
  EXPECT_FALSE(reg->dispatches().begin_handing(ref, 1).ok());
  ASSERT_TRUE(end_hold(ref).ok());
  ASSERT_TRUE(reg->dispatches().next()->has_value());
  EXPECT_TRUE(reg->dispatches().begin_handing(ref, 1).ok());
  verifies();
}

// A hold keeps a referral from erasure in any state, so the desk must see it in any state.
TEST_F(AftercareTest, WhatIsHeldIsATaskInEveryState) {
  const std::string returned = draft(exceptional_draft())->at("referral");
  ASSERT_TRUE(hold(returned).ok());
  EXPECT_EQ(tasks_of(returned), (Words{"held"}));
  const std::string withdrawn = submitted();
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().withdraw(actor("officer"), withdrawn, std::move(done));
              }).ok());
  EXPECT_EQ(tasks_of(withdrawn), (Words{}));
  ASSERT_TRUE(hold(withdrawn).ok());
  EXPECT_EQ(tasks_of(withdrawn), (Words{"held"}));
  ASSERT_TRUE(end_hold(withdrawn).ok());
  EXPECT_EQ(tasks_of(withdrawn), (Words{}));
  verifies();
}

TEST_F(AftercareTest, WhatWasOnlyBegunIsNoReferralToTheDesk) {
  const std::string ref = begin(exceptional_draft())->at("referral");
  expect_refused(
      await([&](Done done) { steps().ask_outcome(actor("desk"), ref, std::move(done)); }),
      "not_shown", size());
  expect_refused(forward(ref), "not_shown", size());
}

TEST_F(AftercareTest, WhoHoldsAndWhyIsKeptAndTheNoteIsSealed) {
  const std::string ref = submitted();
  ASSERT_TRUE(hold(ref).ok());
  const Json entry = entries().back();
  EXPECT_EQ(entry.at("actor"), actor("desk").id);
  EXPECT_EQ(entry.at("reason"), "safeguarding");
  EXPECT_EQ(entry.dump().find("Zebedee"), std::string::npos);
  const Json shown = *reg->referrals().show(actor("desk"), ref);
  EXPECT_EQ(shown.at("content").at("notes").back(), "Zebedee is moving house.");
  const std::string other = submitted();
  uint64_t before = size();
  expect_refused(hold(other, "because"), "malformed", before++);
  expect_refused(hold(other, "other", "officer"), "no_right", before++);
  expect_refused(hold(other, "other", "board"), "no_right", before++);
}

TEST_F(AftercareTest, ConsentWithdrawnStopsWhatWasNotSent) {
  const std::map<std::string, std::function<std::string()>> before = {
      {"submitted", [&] { return submitted(); }},
      {"authorised", [&] { return authorised(); }},
      {"released", [&] { return released(); }}};
  for (const auto& [name, make] : before) {
    const std::string ref = make();
    const auto withdrawn = withdraw_consent(ref);
    ASSERT_TRUE(withdrawn.ok()) << name << withdrawn.error().text();
    EXPECT_EQ(state_of(ref), "draft") << name;
    EXPECT_FALSE(state(ref).after.consent->too_late);
    EXPECT_FALSE(reg->dispatches().next()->has_value());
    // The draft still says what is not so any more.
    expect_refused(submit(ref), "consent_withdrawn", size());
    Json again = exceptional_draft();
    for (const char* unsaid : {"not_sought", "given"}) {
      again["facts"]["consent"] = unsaid;
      expect_refused(submit(ref, again), "consent_withdrawn", size());
    }
    again["facts"].erase("consent");
    expect_refused(submit(ref, again), "consent_withdrawn", size());
    again["facts"]["consent"] = "withdrawn";
    ASSERT_TRUE(submit(ref, again).ok()) << name;
    EXPECT_EQ(state_of(ref), "submitted");
  }
  EXPECT_EQ(state(released()).dispatches.back().state, "released");
  verifies();
}

TEST_F(AftercareTest, ConsentWithdrawnTooLateAsksForARecall) {
  const std::string ref = handed();
  ASSERT_TRUE(withdraw_consent(ref, "dpo", "subject").ok());
  EXPECT_EQ(state_of(ref), "handed");
  EXPECT_TRUE(state(ref).after.consent->too_late);
  EXPECT_EQ(tasks_of(ref), (Words{"recall", "acknowledge"}));
  ASSERT_TRUE(record_outcome(ref, {"unknown", "other", "2026-11-22", ""}).ok());
  expect_refused(close_it(ref), "wrong_state", size());
  const auto answer = [&](const char* word) {
    return await(
        [&](Done done) { steps().answer_recall(actor("desk"), ref, {word, ""}, std::move(done)); });
  };
  expect_refused(answer("perhaps"), "malformed", size());
  ASSERT_TRUE(answer("deleted").ok());
  expect_refused(answer("deleted"), "wrong_state", size());
  EXPECT_TRUE(close_it(ref).ok());
  // In doubt: not sent again, and not asked back when it turns out that it never left.
  const std::string doubtful = in_doubt();
  ASSERT_TRUE(withdraw_consent(doubtful).ok());
  expect_refused(release(doubtful, true), "consent_withdrawn", size());
  ASSERT_TRUE(settle(doubtful, SettledAs::not_delivered).ok());
  EXPECT_EQ(state_of(doubtful), "draft");
  EXPECT_EQ(state(doubtful).after.consent->recall, "");
  verifies();
}

TEST_F(AftercareTest, TheRequesterMayRecordConsentWithdrawnAndNoOtherOfficer) {
  const std::string ref = submitted();
  const identity::Actor stranger{.id = "person_stranger", .roles = {"officer"}};
  expect_refused(await([&](Done done) {
                   steps().withdraw_consent(stranger, ref, {"subject", ""}, std::move(done));
                 }),
                 "not_shown", size());
  expect_refused(withdraw_consent(ref, "officer", "nobody"), "malformed", size());
  EXPECT_TRUE(withdraw_consent(ref, "officer", "subject").ok());
  expect_refused(withdraw_consent(ref, "desk"), "wrong_state", size());
}

TEST_F(AftercareTest, NothingIsReleasedBeforeSafeguardingIsAnswered) {
  const std::string ref = authorised();
  const auto release_saying = [&](const char* word) {
    return await([&](Done done) {
      reg->referrals().release(actor("desk"), ref, {exceptional_facts(), false, word, "Moved."},
                               std::move(done));
    });
  };
  expect_refused(release_saying(""), "safeguarding_missing", size());
  expect_refused(release_saying("later"), "safeguarding_missing", size());
  ASSERT_TRUE(release_saying("done").ok());
  EXPECT_EQ(entries().back().at("safeguarding"), "done");
  EXPECT_EQ(state(ref).notes, 1U);
  const auto second = release_saying("done");
  expect_refused(second, "already_released", size() - 1);
  EXPECT_NE(second.error().text().find("released it"), std::string::npos);
  EXPECT_NE(second.error().text().find(reg->directory().person_named("desk")->display_name),
            std::string::npos);
  verifies();
}

TEST_F(AftercareTest, OutcomesAreAskedForOnTheirDaysAndNeverOverwritten) {
  const std::string ref = handed();
  EXPECT_EQ(tasks_of(ref), (Words{"acknowledge"}));
  clock.advance(std::chrono::days{7});
  EXPECT_EQ(tasks_of(ref), (Words{"chase", "acknowledge"}));
  const auto ask = [&] {
    return await([&](Done done) { steps().ask_outcome(actor("desk"), ref, std::move(done)); });
  };
  ASSERT_TRUE(ask().ok());
  EXPECT_EQ(state(ref).after.chase, "2026-12-20");
  const auto acknowledge = [&](const char* day) {
    return await([&](Done done) {
      steps().acknowledge(actor("desk"), ref, {"IE-2026-4411", day}, std::move(done));
    });
  };
  expect_refused(acknowledge("2027-01-01"), "malformed", size());
  expect_refused(acknowledge("yesterday"), "malformed", size());
  ASSERT_TRUE(acknowledge("2026-11-24").ok());
  EXPECT_EQ(entries().back().dump().find("IE-2026"), std::string::npos);
  EXPECT_EQ(tasks_of(ref), Words{});
  clock.advance(std::chrono::days{21});
  EXPECT_EQ(tasks_of(ref), (Words{"chase"}));
  expect_refused(close_it(ref), "wrong_state", size());
  ASSERT_TRUE(record_outcome(ref, {"unknown", "recipient", "2026-12-20", ""}).ok());
  EXPECT_EQ(state(ref).after.chase, "2027-02-20");
  ASSERT_TRUE(record_outcome(ref, {"papers_served", "solicitor", "2026-12-19", "A letter."}).ok());
  ASSERT_EQ(state(ref).after.outcomes.size(), 2U);
  EXPECT_EQ(state(ref).after.outcomes[0].outcome, "unknown");
  EXPECT_EQ(state(ref).after.outcomes[1].source, "solicitor");
  expect_refused(record_outcome(ref, {"deported", "other", "2026-12-19", ""}), "malformed", size());
  expect_refused(record_outcome(ref, {"removed", "rumour", "2026-12-19", ""}), "malformed", size());
  ASSERT_TRUE(close_it(ref).ok());
  EXPECT_EQ(state_of(ref), "closed");
  expect_refused(ask(), "wrong_state", size());
  // Late news still counts.
  EXPECT_TRUE(record_outcome(ref, {"status_granted", "subject", "2026-12-20", ""}).ok());
  verifies();
}

TEST_F(AftercareTest, OnlyTheDeskFollowsUp) {
  const std::string ref = handed();
  for (const char* who : {"officer", "chief", "dpo", "owner", "admin", "board", "supervisor"}) {
    expect_refused(await([&](Done done) { steps().close(actor(who), ref, std::move(done)); }),
                   "no_right", size());
  }
  const std::string early = submitted();
  expect_refused(record_outcome(early, {"unknown", "other", "2026-11-22", ""}), "wrong_state",
                 size());
  expect_refused(await([&](Done done) {
                   steps().acknowledge(actor("desk"), early, {"x", "2026-11-22"}, std::move(done));
                 }),
                 "wrong_state", size());
  EXPECT_FALSE(steps().tasks(actor("officer")).ok());
}

TEST_F(AftercareTest, EachViewOfContentIsRecordedOnceAnHour) {
  const std::string ref = submitted();
  auto& referrals = reg->referrals();
  const uint64_t before = size();
  const std::string changed = state(ref).changed;
  clock.advance(std::chrono::minutes{5});
  ASSERT_TRUE(referrals.show(actor("chief"), ref).ok());
  ASSERT_TRUE(referrals.show(actor("chief"), ref).ok());
  ASSERT_TRUE(referrals.show(actor("owner"), ref).ok());  // sees no content
  EXPECT_EQ(size(), before + 1);
  EXPECT_EQ(entries().back().at("kind"), "referral.viewed");
  EXPECT_EQ(entries().back().at("actor"), actor("chief").id);
  ASSERT_TRUE(referrals.show(actor("officer"), ref).ok());
  EXPECT_EQ(size(), before + 2);
  clock.advance(std::chrono::hours{1});
  ASSERT_TRUE(referrals.show(actor("chief"), ref).ok());
  EXPECT_EQ(size(), before + 3);
  EXPECT_EQ(state(ref).changed, changed);  // a view is no step: nothing is counted from it
  verifies();
}

}  // namespace
}  // namespace firebreak::record
