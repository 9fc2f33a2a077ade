// SPDX-License-Identifier: Apache-2.0
#include "register/erasure.h"

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class ErasureTest : public RegisterTest {
 protected:
  uint64_t size() { return *reg->reader().size(); }
  Result<Json> propose(const ErasureProposal& what, const char* who = "dpo") {
    return await([&](Done done) { reg->erasures().propose(actor(who), what, std::move(done)); });
  }
  Result<Json> approve(const std::string& id, const char* who = "chief") {
    return await([&](Done done) { reg->erasures().approve(actor(who), id, std::move(done)); });
  }
  Result<Json> decline(const std::string& id, const char* who = "chief") {
    return await([&](Done done) { reg->erasures().decline(actor(who), id, std::move(done)); });
  }
  std::string closed() {
    std::string ref = handed();
    EXPECT_TRUE(await([&](Done done) {
                  reg->aftercare().record_outcome(actor("desk"), ref,
                                                  {"unknown", "other", "2026-11-22", "Sealed."},
                                                  std::move(done));
                }).ok());
    EXPECT_TRUE(await([&](Done done) {
                  reg->aftercare().close(actor("desk"), ref, std::move(done));
                }).ok());
    return ref;
  }
  void hold(const std::string& ref) {
    EXPECT_TRUE(await([&](Done done) {
                  reg->aftercare().hold(actor("dpo"), ref, {"complaint", ""}, std::move(done));
                }).ok());
  }
  void verifies() {
    const VerifyReport report = verify(folder);
    EXPECT_TRUE(report.ok()) << report.json().dump(1);
  }
};

TEST_F(ErasureTest, TwoPersonsDestroyWhatIsDueAsTheDryRunSaid) {
  const std::string ref = closed();
  const std::string open = handed();
  EXPECT_TRUE(reg->erasures().plan(actor("dpo"))->at("due").empty());
  clock.advance(std::chrono::days{7 * 366});
  const Json plan = *reg->erasures().plan(actor("dpo"));
  ASSERT_EQ(plan.at("due").size(), 1U);
  EXPECT_EQ(plan.at("due")[0].at("referral"), ref);
  EXPECT_EQ(plan.at("due")[0].at("destroys"),
            (Json{{"keys", 1}, {"drafts", 1}, {"messages", 1}, {"notes", 1}, {"releases", 1}}));
  ASSERT_EQ(plan.at("blocked").size(), 1U);
  EXPECT_EQ(plan.at("blocked")[0].at("because"), "not_closed");
  const auto proposed = propose({"retention", {}});
  ASSERT_TRUE(proposed.ok()) << proposed.error().text();
  EXPECT_EQ(proposed->at("referrals"), Json::array({ref}));
  EXPECT_EQ(state_of(ref), "closed");
  const std::string id = proposed->at("proposal");
  expect_refused(approve(id, "dpo"), "own_proposal", size());
  expect_refused(approve(id, "desk"), "no_right", size());
  std::vector<std::string> told;
  reg->on_erased([&](const ReferralState& state) { told.push_back(state.id); });
  const auto approved = approve(id);
  ASSERT_TRUE(approved.ok()) << approved.error().text();
  EXPECT_EQ(approved->at("erased"), Json::array({ref}));
  EXPECT_EQ(told, std::vector<std::string>{ref});
  EXPECT_EQ(state_of(ref), "erased");
  for (const auto& [kind, revision] :
       {std::pair{"key", 1}, {"draft", 1}, {"message", 1}, {"note", 1}})
    EXPECT_FALSE(reg->reader().document(kind, ref, revision)->body) << kind;
  EXPECT_EQ(entries().back().at("kind"), "referral.erased");
  EXPECT_EQ(entries().back().at("actor"), actor("chief").id);
  // The entries and what is counted from them stay.
  EXPECT_GE(reg->reader().history(*reg->reader().referral(ref))->size(), 8U);
  EXPECT_TRUE(reg->reader().referral(ref)->dispatches[0].counts_as_disclosed());
  expect_refused(approve(id), "wrong_state", size());
  verifies();
}

TEST_F(ErasureTest, HoldsAndWhatIsUnderWayBlock) {
  const std::string ref = closed();
  hold(ref);
  expect_refused(propose({"subject_request", {ref}}), "not_erasable", size());
  const std::string under_way = submitted();
  expect_refused(propose({"subject_request", {under_way}}), "not_erasable", size());
  const std::string open = handed();
  expect_refused(propose({"retention", {open}}), "not_erasable", size());
  expect_refused(propose({"because", {ref}}), "malformed", size());
  expect_refused(propose({"subject_request", {}}), "malformed", size());
  expect_refused(propose({"retention", {}}, "chief"), "no_right", size());
  EXPECT_FALSE(propose({"unlawful", {"ref_" + std::string(26, '0')}}).ok());
  // Held between the proposal and its approval: kept, and said so.
  const std::string one = closed();
  const std::string two = closed();
  const std::string id = propose({"subject_request", {one, two}})->at("proposal");
  hold(one);
  const auto approved = approve(id);
  ASSERT_TRUE(approved.ok());
  EXPECT_EQ(approved->at("kept"), Json::array({one}));
  EXPECT_EQ(state_of(one), "closed");
  EXPECT_EQ(state_of(two), "erased");
  verifies();
}

TEST_F(ErasureTest, WhatIsNoLongerDueWhenItIsApprovedIsKept) {
  const std::string ref = closed();
  clock.advance(std::chrono::days{7 * 366});
  const std::string id = propose({"retention", {}})->at("proposal");
  ASSERT_TRUE(await([&](Done done) {
                reg->aftercare().record_outcome(actor("desk"), ref,
                                                {"unknown", "other", "2033-11-22", "Heard late."},
                                                std::move(done));
              }).ok());
  const auto approved = approve(id);
  ASSERT_TRUE(approved.ok()) << approved.error().text();
  EXPECT_EQ(approved->at("kept"), Json::array({ref}));
  EXPECT_EQ(state_of(ref), "closed");
  verifies();
}

// Sent into doubt, sent again, consent withdrawn before it went, the referral withdrawn: the first
// message may have arrived.
TEST_F(ErasureTest, WhatMayHaveArrivedIsAskedBackAndNotErasedByItself) {
  const std::string ref = in_doubt();
  ASSERT_TRUE(release(ref, true).ok());
  ASSERT_TRUE(await([&](Done done) {
                reg->aftercare().withdraw_consent(actor("desk"), ref, {"subject", ""},
                                                  std::move(done));
              }).ok());
  EXPECT_EQ(entries().back().at("too_late"), true);
  EXPECT_EQ(reg->reader().referral(ref)->after.consent->recall, "open");
  ASSERT_TRUE(await([&](Done done) {
                reg->aftercare().answer_recall(actor("desk"), ref, {"deleted", ""},
                                               std::move(done));
              }).ok());
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().withdraw(actor("officer"), ref, std::move(done));
              }).ok());
  clock.advance(std::chrono::days{60});
  EXPECT_EQ(*await([&](Done done) { reg->referrals().erase_due(std::move(done)); }),
            (Json{{"erased", 0}}));
  EXPECT_EQ(state_of(ref), "withdrawn");
  EXPECT_TRUE(reg->erasures().plan(actor("dpo"))->at("due").empty());
  clock.advance(std::chrono::days{7 * 366});
  EXPECT_EQ(reg->erasures().plan(actor("dpo"))->at("due").size(), 1U);
  const std::string id = propose({"retention", {}})->at("proposal");
  ASSERT_TRUE(approve(id).ok());
  EXPECT_EQ(state_of(ref), "erased");
  verifies();
}

TEST_F(ErasureTest, ADeclinedProposalDestroysNothing) {
  const std::string ref = closed();
  const std::string id = propose({"court_order", {ref}})->at("proposal");
  ASSERT_TRUE(decline(id).ok());
  expect_refused(approve(id), "wrong_state", size());
  EXPECT_EQ(state_of(ref), "closed");
  EXPECT_EQ(reg->erasures().plan(actor("chief"))->at("proposals")[0].at("state"), "declined");
  EXPECT_FALSE(reg->erasures().plan(actor("desk")).ok());
  verifies();
}

TEST_F(ErasureTest, WhatIsHeldIsNotErasedByItselfEither) {
  const std::string ref = submitted();
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().withdraw(actor("officer"), ref, std::move(done));
              }).ok());
  hold(ref);
  clock.advance(std::chrono::days{60});
  EXPECT_EQ(*await([&](Done done) { reg->referrals().erase_due(std::move(done)); }),
            (Json{{"erased", 0}}));
  EXPECT_EQ(state_of(ref), "withdrawn");
  verifies();
}

}  // namespace
}  // namespace firebreak::record
