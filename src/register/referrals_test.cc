// SPDX-License-Identifier: Apache-2.0
#include "register/referrals.h"

#include "register/test_support.h"

namespace firebreak::record {
namespace {

using identity::Actor;

class ReferralsTest : public RegisterTest {
 protected:
  uint64_t size() { return *reg->reader().size(); }
  Result<Json> authorise_with(const std::string& ref, const Actor& who,
                              const SignOffRequest& request) {
    return await(
        [&](Done done) { reg->referrals().authorise(who, ref, request, std::move(done)); });
  }
};

TEST_F(ReferralsTest, WholeLifeOfAnExceptionalReferral) {
  const std::string ref = released();
  const auto release = reg->dispatches().next();
  ASSERT_TRUE(release.ok()) << release.error().text();
  ASSERT_TRUE(release->has_value());
  EXPECT_EQ((*release)->message_id, ref + "@police.example");
  EXPECT_NE((*release)->message.find("Zebedee Quillfeather"), std::string::npos);
  ASSERT_TRUE(reg->dispatches().begin_handing(ref, 1).ok());
  EXPECT_FALSE(reg->dispatches().next()->has_value());
  ASSERT_TRUE(
      reg->dispatches().finish_handing(ref, 1, HandingOutcome::accepted, "250 2.0.0 4F1B2").ok());
  EXPECT_EQ(state_of(ref), "handed");
  ASSERT_TRUE(reg->checkpointer().checkpoint_now().ok());
  const VerifyReport report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
  EXPECT_EQ(report.sign_offs, 1U);
  EXPECT_EQ(report.checkpoint, size());
  EXPECT_EQ(size() % 64, 0U);
}

TEST_F(ReferralsTest, NoEntryHoldsAWordOfTheDraft) {
  released();
  const Json body = exceptional_draft();
  for (const Json& entry : entries()) {
    const std::string text = entry.dump();
    for (const char* part : {"fields", "reasons"}) {
      for (const auto& [name, value] : body.at(part).items()) {
        if (value.get<std::string>().size() > 1) {
          EXPECT_EQ(text.find(value.get<std::string>()), std::string::npos) << text;
        }
      }
    }
    for (const char* secret : {"OCC-2026-0001", "PER-77", "high_harm"})
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
  }
  close();
  const std::string file = *read_file(folder / "register.sqlite");
  EXPECT_EQ(file.find("Quillfeather"), std::string::npos);
}

TEST_F(ReferralsTest, EveryLimbIsNeeded) {
  const Json whole = exceptional_draft();
  for (const auto& [name, value] : whole.at("reasons").items()) {
    Json body = exceptional_draft();
    body["reasons"].erase(name);
    const uint64_t before = size();
    const auto missing = draft(body);
    expect_refused(missing, "missing_reason", before);
    EXPECT_EQ(missing.error().where, "reasons." + name);
    body["reasons"][name] = " \n";
    expect_refused(draft(body), "missing_reason", before + 1);
  }
}

TEST_F(ReferralsTest, ADraftThatThePolicyDoesNotAllowIsNotStored) {
  const auto refused = [&](const char* code, auto change) {
    Json body = exceptional_draft();
    change(body);
    const uint64_t before = size();
    const auto result = draft(body);
    expect_refused(result, code, before);
    EXPECT_EQ(result.error().text().find("Quillfeather"), std::string::npos);
  };
  refused("not_permitted", [](Json& b) { b["facts"]["necessary"] = false; });
  refused("not_permitted", [](Json& b) { b["facts"]["ground"] = {"nationality"}; });
  refused("undetermined", [](Json& b) { b["facts"].erase("overseas_offending"); });
  refused("unknown_word", [](Json& b) { b["facts"]["role"] = {"victm"}; });
  refused("unknown_word", [](Json& b) { b["facts"]["leave"] = "doubted"; });
  refused("unknown_word", [](Json& b) { b["fields"]["nationality"] = "x"; });
  refused("unknown_word", [](Json& b) { b["district"] = "Jane Doe"; });
  refused("malformed", [](Json& b) { b["fields"]["date_of_birth"] = "1980-02-31"; });
  refused("malformed", [](Json& b) { b["person"] = "Jane Doe"; });
  refused("malformed", [](Json& b) { b["extra"] = 1; });
  refused("malformed", [](Json& b) { b["facts"]["channel"] = "telephone"; });
  refused("missing_field", [](Json& b) { b["fields"] = Json::object(); });
  refused("wrong_destination", [](Json& b) { b["destination"] = "nowhere"; });
  refused("wrong_destination", [](Json& b) { b["destination"] = "competent-authority"; });
  EXPECT_TRUE(reg->reader().page({})->referrals.empty());
}

TEST_F(ReferralsTest, OnlyTheRightRoleTakesEachStep) {
  const std::string ref = submitted();
  uint64_t before = size();
  expect_refused(draft(exceptional_draft(), "board"), "no_right", before++);
  expect_refused(authorise(ref, "desk"), "no_right", before++);
  expect_refused(release(ref), "wrong_state", before++);  // not authorised yet
  const auto as = [&](const char* who, auto call) {
    const Actor actor_now = actor(who);
    expect_refused(await([&](Done done) { call(actor_now, std::move(done)); }), "no_right",
                   before++);
  };
  auto& referrals = reg->referrals();
  as("officer", [&](const Actor& who, Done done) {
    referrals.release(who, ref, {exceptional_facts(), false, "done"}, std::move(done));
  });
  as("officer", [&](const Actor& who, Done done) {
    referrals.settle(who, ref, SettledAs::delivered, Evidence::recipient, std::move(done));
  });
  as("officer", [&](const Actor& who, Done done) {
    referrals.return_to_draft(who, ref, {"other", ""}, std::move(done));
  });
  as("admin", [&](const Actor& who, Done done) { referrals.withdraw(who, ref, std::move(done)); });
  Actor fresh = actor("desk");
  fresh.must_change_password = true;
  expect_refused(await([&](Done done) {
                   referrals.release(fresh, ref, {exceptional_facts(), false, "done"},
                                     std::move(done));
                 }),
                 "password_change_due", before++);
  EXPECT_EQ(state_of(ref), "submitted");
}

TEST_F(ReferralsTest, NobodyAuthorisesTheirOwnRequestOrOneTheyActedIn) {
  add_with_rank({"both",
                 "Both",
                 {"officer", "chief_officer"},
                 {{"chief_officer", *parse_day("2026-01-01"), std::nullopt}},
                 true});
  const std::string own = draft(exceptional_draft(), "both")->at("referral");
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().submit(actor("both"), own, std::nullopt, std::move(done));
              }).ok());
  uint64_t before = size();
  expect_refused(authorise(own, "both"), "self_authorised", before);
  const std::string ref = submitted();
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().return_to_draft(actor("chief"), ref, {"incomplete", "Say more."},
                                                 std::move(done));
              }).ok());
  EXPECT_EQ(state_of(ref), "draft");
  ASSERT_TRUE(submit(ref).ok());
  before = size();
  expect_refused(authorise(ref), "acted_in_chain", before);
}

TEST_F(ReferralsTest, ASignOffNeedsTheRightDigestKeySignatureAndRank) {
  const std::string ref = submitted();
  const std::string other = submitted();
  const identity::SigningSecret key = chief_key();
  const std::string digest = reg->reader().referral(ref)->statement_digest;
  const std::string wrong = reg->reader().referral(other)->statement_digest;
  const auto sign = [&](const std::string& of) {
    return identity::show_signature(identity::sign_statement(key, *parse_digest(of)));
  };
  uint64_t before = size();
  const Actor chief = actor("chief");
  expect_refused(authorise_with(ref, chief, {wrong, key.key_id(), sign(wrong)}), "wrong_digest",
                 before++);
  expect_refused(authorise_with(ref, chief, {digest, key.key_id(), sign(wrong)}), "wrong_signature",
                 before++);
  expect_refused(authorise_with(ref, chief, {digest, key.key_id(), "x"}), "wrong_signature",
                 before++);
  expect_refused(authorise_with(ref, chief, {digest, "key_0", sign(digest)}), "key_not_usable",
                 before++);
  add_with_rank({"former",
                 "Former",
                 {"chief_officer"},
                 {{"chief_officer", *parse_day("2025-01-01"), *parse_day("2026-11-21")}},
                 true});
  before = size();
  expect_refused(authorise_with(ref, actor("former"), {digest, key.key_id(), sign(digest)}),
                 "rank_not_held", before++);
  EXPECT_EQ(state_of(ref), "submitted");
  EXPECT_TRUE(authorise(ref).ok());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(ReferralsTest, ReleasedTwiceIsRefusedAndSoIsTheRequester) {
  const std::string ref = released();
  uint64_t before = size();
  expect_refused(release(ref), "already_released", before++);
  expect_refused(release(ref, true), "already_released", before++);
  ASSERT_TRUE(reg->dispatches().begin_handing(ref, 1).ok());
  before = size();
  expect_refused(release(ref), "already_released", before);
  EXPECT_FALSE(reg->dispatches().begin_handing(ref, 1).ok());
}

TEST_F(ReferralsTest, ChangedFactsAtReleaseVoidTheSignOff) {
  const std::string ref = authorised();
  Json facts = exceptional_facts();
  facts["crime_type"] = {"domestic_abuse"};
  const uint64_t before = size();
  const auto result = await([&](Done done) {
    reg->referrals().release(actor("desk"), ref, {facts, false, "done"}, std::move(done));
  });
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::conflict);
  const auto all = entries();
  ASSERT_EQ(all.size(), before + 2);
  EXPECT_EQ(all[before].at("kind"), "referral.returned");
  EXPECT_EQ(all[before].at("reason"), "facts_changed");
  EXPECT_EQ(all[before + 1].at("code"), "facts_changed");
  EXPECT_EQ(state_of(ref), "draft");
  EXPECT_TRUE(reg->reader().referral(ref)->sign_offs.empty());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(ReferralsTest, InDoubtIsSettledOrSupersededByAPersonAndNeverRepeatedByItself) {
  const std::string ref = in_doubt();
  EXPECT_FALSE(reg->dispatches().next()->has_value());
  EXPECT_FALSE(release(ref).ok());
  ASSERT_TRUE(release(ref, true).ok());
  const auto again = reg->dispatches().next();
  ASSERT_TRUE(again->has_value());
  EXPECT_EQ((*again)->number, 2U);
  EXPECT_EQ((*again)->message_id, ref + "@police.example");
  const auto state = *reg->reader().referral(ref);
  EXPECT_TRUE(state.dispatches[0].superseded);
  EXPECT_TRUE(state.dispatches[0].counts_as_disclosed());
  const std::string other = in_doubt();
  ASSERT_TRUE(settle(other, SettledAs::not_delivered).ok());
  EXPECT_EQ(state_of(other), "authorised");
  ASSERT_TRUE(release(other).ok());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(ReferralsTest, WhatWasBeingHandedWhenTheProgramStoppedIsInDoubt) {
  const std::string ref = released();
  ASSERT_TRUE(reg->dispatches().begin_handing(ref, 1).ok());
  open();
  EXPECT_EQ(state_of(ref), "in_doubt");
  EXPECT_EQ(entries().back().at("because"), "interrupted");
}

TEST_F(ReferralsTest, ATemporaryFailureIsTriedAgainLaterAndAPermanentOneIsNot) {
  const std::string ref = released();
  auto& queue = reg->dispatches();
  ASSERT_TRUE(queue.begin_handing(ref, 1).ok());
  ASSERT_TRUE(queue.finish_handing(ref, 1, HandingOutcome::rejected_temporary, "451 4.7.1").ok());
  EXPECT_EQ(state_of(ref), "released");
  EXPECT_FALSE(queue.next()->has_value());
  clock.advance(std::chrono::minutes{1});
  ASSERT_TRUE(queue.next()->has_value());
  ASSERT_TRUE(queue.begin_handing(ref, 1).ok());
  ASSERT_TRUE(queue
                  .finish_handing(ref, 1, HandingOutcome::rejected_permanent,
                                  "550 <zebedee@example.org> unknown")
                  .ok());
  EXPECT_EQ(entries().back().at("detail"), "");  // foreign prose is not kept
  EXPECT_EQ(state_of(ref), "failed");
  clock.advance(std::chrono::hours{24});
  EXPECT_FALSE(queue.next()->has_value());
  ASSERT_TRUE(release(ref).ok());
  EXPECT_EQ((*queue.next())->number, 2U);
}

TEST_F(ReferralsTest, WithdrawnContentIsErasedAfterItsDays) {
  const std::string ref = submitted();
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().withdraw(actor("officer"), ref, std::move(done));
              }).ok());
  clock.advance(std::chrono::days{29});
  EXPECT_EQ(*await([&](Done done) { reg->referrals().erase_due(std::move(done)); }),
            (Json{{"erased", 0}}));
  clock.advance(std::chrono::days{1});
  EXPECT_EQ(*await([&](Done done) { reg->referrals().erase_due(std::move(done)); }),
            (Json{{"erased", 1}}));
  EXPECT_EQ(state_of(ref), "erased");
  EXPECT_FALSE(reg->reader().document("key", ref)->body);
  EXPECT_FALSE(reg->referrals().show(actor("dpo"), ref)->contains("content"));
  const VerifyReport report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
}

TEST_F(ReferralsTest, WhoMayNotSeeAReferralIsToldThatThereIsNone) {
  const std::string ref = submitted();
  auto& referrals = reg->referrals();
  const identity::Actor stranger{.id = "person_stranger", .roles = {"officer"}};
  const auto none = referrals.show(stranger, "ref_" + std::string(26, '0'));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
  const auto step = [&](auto call) { return await([&](Done done) { call(std::move(done)); }); };
  for (const auto& [what, guess] : std::map<std::string, std::function<Result<Json>()>>{
           {"referral.view", [&] { return referrals.show(stranger, ref); }},
           {"referral.submit",
            [&] {
              return step([&](Done done) { referrals.submit(stranger, ref, {}, std::move(done)); });
            }},
           {"referral.withdraw", [&] {
              return step([&](Done done) { referrals.withdraw(stranger, ref, std::move(done)); });
            }}}) {
    const uint64_t before = entries().size();
    const Result<Json> answer = guess();
    expect_refused(answer, "not_shown", before);
    EXPECT_EQ(answer.error().text(), none.error().text());
    EXPECT_EQ(entries().back().at("what"), what);
    EXPECT_EQ(entries().back().at("referral"), ref);
  }
  EXPECT_EQ(referrals.show(actor("board"), ref).error().code, ErrorCode::not_found);
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(ReferralsTest, EachSeesWhatTheirRoleAllows) {
  const std::string ref = submitted();
  auto& referrals = reg->referrals();
  EXPECT_TRUE(referrals.show(actor("chief"), ref)->contains("content"));
  EXPECT_TRUE(referrals.show(actor("officer"), ref)->contains("content"));
  EXPECT_FALSE(referrals.show(actor("owner"), ref)->contains("content"));
  EXPECT_FALSE(referrals.show(actor("supervisor"), ref)->at("content").is_null());
  EXPECT_EQ(referrals.page(actor("desk"), {.states = {State::submitted}})->at("referrals").size(),
            1U);
  EXPECT_TRUE(referrals.page(actor("desk"), {.states = {State::handed}})->at("referrals").empty());
  EXPECT_TRUE(referrals.page(actor("supervisor"), {})->at("referrals").size() == 1U);
  EXPECT_EQ(referrals.about(ref, exceptional_facts())->state, State::submitted);
  EXPECT_EQ(referrals.about(released(), exceptional_facts())->state, State::released);
  Json others = exceptional_facts();
  others["crime_type"] = {"hate_crime"};
  EXPECT_EQ(referrals.about(ref, others).error().code, ErrorCode::not_found);
}

TEST_F(ReferralsTest, UnderAPolicyNoLongerInForceNothingMoves) {
  const std::string ref = authorised();
  close();
  std::string text = *read_file(folder / "force.toml");
  text += "until = \"2026-11-22\"\n";
  ASSERT_TRUE(write_file_durably(folder / "force.toml", text).ok());
  open();
  ASSERT_TRUE(decide({{"type", "force_toml"}}).ok());
  clock.advance(std::chrono::days{1});
  const uint64_t before = size();
  expect_refused(release(ref), "no_policy_in_force", before);
  EXPECT_EQ(state_of(ref), "authorised");
  const auto answer = await([&](Done done) {
    reg->questions().ask(actor("officer"), exceptional_facts(), "", std::move(done));
  });
  EXPECT_EQ(answer->at("decision"), "refuse");
  EXPECT_EQ(answer->at("rule"), "no-policy-in-force");
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(ReferralsTest, AnotherPolicyTomorrowSendsItBackAndNothingIsBackDated) {
  const std::string ref = authorised();
  const std::string handing = released();
  std::string policy = *read_file(folder / "policies" / "psni-service-instruction.policy");
  policy.replace(policy.find("version 1"), 9, "version 2");
  ASSERT_TRUE(write_file_durably(folder / "policies" / "next.policy", policy).ok());
  const std::string text = *read_file(folder / "force.toml");
  const auto with = [&](const std::string& until, const std::string& from) {
    return text + "until = \"" + until + "\"\n[[policy]]\nfile = \"next.policy\"\nfrom = \"" +
           from + "\"\n";
  };
  const auto refuses = [&](const std::string& changed) {
    EXPECT_TRUE(write_file_durably(folder / "force.toml", changed).ok());
    const auto decided = decide({{"type", "force_toml"}});
    EXPECT_FALSE(decided.ok());
    return decided.ok() ? std::string() : decided.error().text();
  };
  clock.advance(std::chrono::days{3});
  EXPECT_NE(refuses(with("2026-11-23", "2026-11-24")).find("passed"), std::string::npos);
  EXPECT_NE(refuses(with("2026-11-26", "2026-11-26")).find("overlap"), std::string::npos);
  ASSERT_TRUE(write_file_durably(folder / "force.toml", with("2026-11-25", "2026-11-26")).ok());
  ASSERT_TRUE(decide({{"type", "force_toml"}}).ok());
  clock.advance(std::chrono::days{1});
  const auto result = release(ref);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(state_of(ref), "draft");
  EXPECT_EQ(entries()[size() - 2].at("reason"), "policy_changed");
  // What was released under the old policy does not leave under the new one.
  EXPECT_FALSE(reg->dispatches().begin_handing(handing, 1).ok());
  EXPECT_EQ(state_of(handing), "draft");
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

}  // namespace
}  // namespace firebreak::record
