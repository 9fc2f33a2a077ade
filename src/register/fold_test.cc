// SPDX-License-Identifier: Apache-2.0
// Somebody who holds the database can compute every leaf and root again. These are the lies that
// are found even then, because the entries do not follow from one another.
#include "register/fold.h"

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class FoldTest : public RegisterTest {
 protected:
  // What the fold says of the entries with one changed; empty when it takes them.
  std::string after(const std::function<void(Json&)>& change, const std::string& of_kind) {
    Fold fold;
    for (Json entry : all_) {
      if (entry.at("kind") == of_kind) change(entry);
      if (const auto taken = fold.take(entry); !taken) return taken.error().message;
    }
    return {};
  }
  void read() { all_ = entries(); }
  Json newest_about(const std::string& person) {
    Json seq;
    for (const Json& entry : all_)
      if (entry.value("person", "") == person) seq = entry.at("seq");
    return seq;
  }

 private:
  std::vector<Json> all_;
};

TEST_F(FoldTest, FindsWhatCannotHaveComeBeforeTheDecision) {
  const std::string ref = begin(exceptional_draft())->at("referral");
  Json changed = exceptional_draft();
  changed["assurance"] = {{"code", "A-1"}};
  ASSERT_TRUE(save(ref, 1, changed).ok());
  ASSERT_TRUE(submit(ref).ok());
  ASSERT_TRUE(forward(ref).ok());
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().return_to_draft(actor("desk"), ref, {"other", ""},
                                                 std::move(done));
              }).ok());
  ASSERT_TRUE(save(ref, 3, exceptional_draft()).ok());
  ASSERT_TRUE(submit(ref).ok());
  read();
  const auto finds = [&](const char* of_kind, const char* words, auto change) {
    const std::string said = after(change, of_kind);
    EXPECT_NE(said.find(words), std::string::npos) << of_kind << ": " << said;
  };
  EXPECT_EQ(after([](Json&) {}, ""), "");
  finds("referral.begun", "never begun", [](Json& e) { e["kind"] = "referral.saved"; });
  finds("referral.saved", "begun once", [](Json& e) { e["kind"] = "referral.begun"; });
  finds("referral.saved", "next revision", [](Json& e) { e["content"] = 3; });
  finds("referral.saved", "only the requester", [&](Json& e) { e["actor"] = actor("admin").id; });
  finds("referral.forwarded", "not the requester",
        [&](Json& e) { e["actor"] = actor("officer").id; });
  finds("referral.forwarded", "named person", [](Json& e) { e["actor"] = "system"; });
  finds("referral.drafted", "is begun", [](Json& e) { e["kind"] = "referral.saved"; });
  // Nothing is submitted that was not judged, a draft that was returned neither.
  finds("referral.drafted", "not judged", [](Json& e) {
    if (e["content"] == 5) e["kind"] = "referral.saved";
  });
}

TEST_F(FoldTest, FindsWhatCannotHaveHappened) {
  const std::string ref = in_doubt();
  ASSERT_TRUE(settle(ref, SettledAs::delivered).ok());
  static_cast<void>(release(ref));  // a refused attempt
  read();
  const auto finds = [&](const char* of_kind, const char* words, auto change) {
    const std::string said = after(change, of_kind);
    EXPECT_NE(said.find(words), std::string::npos) << of_kind << ": " << said;
  };
  EXPECT_EQ(after([](Json&) {}, ""), "");
  const std::string officer = actor("officer").id;
  const std::string signature(86, 'A');
  finds("referral.authorised", "signature does not verify",
        [&](Json& e) { e["signature"] = signature + "=="; });
  finds("referral.authorised", "another entry about its signer",
        [&](Json& e) { e["actor"] = officer; });
  finds("referral.authorised", "rank", [&](Json& e) {
    e["actor"] = officer;
    e["signer_entry"] = newest_about(officer);
  });
  finds("referral.authorised", "nobody whom", [&](Json& e) { e["actor"] = "person_x"; });
  finds("referral.authorised", "another statement", [&](Json& e) { e["statement"]["rule"] = "x"; });
  finds("referral.authorised", "not the person's", [&](Json& e) { e["key"] = "key_0"; });
  finds("referral.authorised", "older than the one before",
        [&](Json& e) { e["at"] = "2025-01-01T00:00:00.000000Z"; });
  finds("referral.submitted", "not in force",
        [&](Json& e) { e["terms"]["policy"]["version"] = "9"; });
  finds("referral.submitted", "digest of a statement", [&](Json& e) { e["statement"]["v"] = 2; });
  finds("referral.released", "not the requester", [&](Json& e) { e["actor"] = officer; });
  const std::string chief = actor("chief").id;
  finds("referral.released", "signed it off", [&](Json& e) { e["actor"] = chief; });
  finds("referral.settled", "signed it off", [&](Json& e) { e["actor"] = chief; });
  finds("referral.released", "nobody whom", [&](Json& e) { e["actor"] = "person_x"; });
  finds("referral.released", "number", [&](Json& e) { e["release"] = 2; });
  finds("referral.settled", "named person", [&](Json& e) { e["actor"] = "system"; });
  finds("referral.handing", "another release", [&](Json& e) { e["release"] = 7; });
  finds("attempt.refused", "reason", [&](Json& e) { e["reason"] = "because"; });
  finds("policy.put_in_force", "back-dated", [&](Json& e) { e["from"] = "2020-01-01"; });
  finds("person.added", "once", [&](Json& e) { e["person"] = "person_same"; });
  finds("register.created", "creates the register", [&](Json& e) { e["kind"] = "padding"; });
  finds("referral.submitted", "stored before",
        [&](Json& e) { e["documents"].push_back(e["documents"][0]); });
  finds("referral.submitted", "wrong type", [&](Json& e) { e["documents"] = "none"; });
}

TEST_F(FoldTest, FindsWhatNobodyMayHaveSentOrErased) {
  const auto done = [&](auto call) {
    const auto result = await([&](Done finished) { call(std::move(finished)); });
    EXPECT_TRUE(result.ok()) << (result ? "" : result.error().text());
    return result ? *result : Json();
  };
  const std::string ref = handed();
  auto& aftercare = reg->aftercare();
  done([&](Done d) { aftercare.hold(actor("desk"), ref, {"other", ""}, std::move(d)); });
  done([&](Done d) { aftercare.end_hold(actor("desk"), ref, "", std::move(d)); });
  done([&](Done d) {
    aftercare.record_outcome(actor("desk"), ref, {"unknown", "other", "2026-11-22", ""},
                             std::move(d));
  });
  done([&](Done d) { aftercare.close(actor("desk"), ref, std::move(d)); });
  const std::string id = done([&](Done d) {
    reg->erasures().propose(actor("dpo"), {"unlawful", {ref}}, std::move(d));
  })["proposal"];
  done([&](Done d) { reg->erasures().approve(actor("chief"), id, std::move(d)); });
  read();
  const auto finds = [&](const char* of_kind, const char* words, auto change) {
    const std::string said = after(change, of_kind);
    EXPECT_NE(said.find(words), std::string::npos) << of_kind << ": " << said;
  };
  EXPECT_EQ(after([](Json&) {}, ""), "");
  const std::string dpo = actor("dpo").id;
  finds("erasure.approved", "who proposed", [&](Json& e) { e["actor"] = dpo; });
  finds("erasure.approved", "nobody whom", [&](Json& e) { e["actor"] = "person_x"; });
  finds("erasure.approved", "may not approve", [&](Json& e) { e["actor"] = actor("desk").id; });
  finds("erasure.approved", "may not approve", [&](Json& e) { e["actor"] = "system"; });
  finds("erasure.approved", "not open", [&](Json& e) { e["proposal"] = "erasure_other"; });
  finds("referral.erased", "nobody proposed", [&](Json& e) { e["actor"] = dpo; });
  finds("referral.erased", "neither refused", [&](Json& e) { e["actor"] = "system"; });
  finds("referral.erased", "nobody proposed", [&](Json& e) { e.erase("proposal"); });
  finds("erasure.proposed", "nobody proposed", [&](Json& e) { e["referrals"] = Json::array(); });
  finds("referral.hold_ended", "named person", [&](Json& e) { e["actor"] = "system"; });
  finds("referral.hold_ended", "held", [&](Json& e) { e["kind"] = "referral.held"; });
  finds("referral.outcome_recorded", "fixed words", [&](Json& e) { e["outcome"] = "fine"; });
  finds("referral.outcome_recorded", "has an outcome",
        [&](Json& e) { e["kind"] = "referral.viewed"; });
  finds("referral.handed", "neither refused", [&](Json& e) { e["kind"] = "referral.erased"; });
}

TEST_F(FoldTest, WhatIsBeingAskedBackIsNotErased) {
  const std::string ref = handed();
  ASSERT_TRUE(await([&](Done done) {
                reg->aftercare().withdraw_consent(actor("desk"), ref, {"subject", ""},
                                                  std::move(done));
              }).ok());
  const ReferralState state = *reg->reader().referral(ref);
  const auto erased = next_state(state, {{"kind", "referral.erased"},
                                         {"referral", ref},
                                         {"actor", "system"},
                                         {"at", "2026-11-22T09:00:00.000000Z"},
                                         {"seq", state.last_seq + 1}});
  ASSERT_FALSE(erased.ok());
  EXPECT_NE(erased.error().message.find("asked back"), std::string::npos);
}

}  // namespace
}  // namespace firebreak::record
