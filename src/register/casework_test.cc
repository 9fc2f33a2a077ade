// SPDX-License-Identifier: Apache-2.0
// What is written before anybody decides: begun, saved, complete, looked at by a supervisor.
#include "register/casework.h"

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class CaseworkTest : public RegisterTest {
 protected:
  uint64_t size() { return *reg->reader().size(); }
  // Submits what was begun with this content.
  Result<Json> submit_begun(const Json& body) {
    const auto begun = begin(body);
    return begun ? submit(begun->at("referral")) : begun;
  }
  void with_supervisor_required() {
    close();
    const auto file = folder / "force.toml";
    const std::string text = replaced(*read_file(file), "\"optional\"", "\"required\"");
    ASSERT_TRUE(write_file_durably(file, text).ok());
    open();
    ASSERT_TRUE(decide({{"type", "force_toml"}}, "admin", "owner").ok());
  }
};

TEST_F(CaseworkTest, IsBegunWithNothingAndSavedPartByPart) {
  const std::string ref = begin(Json::object())->at("referral");
  EXPECT_EQ(state_of(ref), "begun");
  Json body = {{"person", "PER-77"}};
  ASSERT_TRUE(save(ref, 1, body).ok());
  body["facts"] = {{"role", {"victim"}}};  // far from anything that could be decided
  const auto saved = save(ref, 2, body);
  ASSERT_TRUE(saved.ok()) << saved.error().text();
  EXPECT_EQ(saved->at("content_revision"), 3);
  EXPECT_EQ(saved->at("working"), true);
  EXPECT_EQ(saved->at("facets"), Json::object());
  for (const Json& entry : entries()) {
    if (entry.value("referral", "") != ref) continue;
    EXPECT_FALSE(entry.contains("facets")) << entry.dump();
    EXPECT_EQ(entry.dump().find("PER-77"), std::string::npos);
    EXPECT_EQ(entry.dump().find("victim"), std::string::npos);
  }
  ASSERT_TRUE(save(ref, 3, exceptional_draft()).ok());
  ASSERT_TRUE(submit(ref).ok());
  EXPECT_EQ(state_of(ref), "submitted");
  ASSERT_TRUE(authorise(ref).ok());
  ASSERT_TRUE(release(ref).ok());
  const VerifyReport report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
}

TEST_F(CaseworkTest, AFormSentTwiceBeginsOneReferral) {
  const std::string token = "abcdefghijklmnop";
  const auto first = begin(exceptional_draft(), token);
  const uint64_t before = size();
  const auto second = begin(Json::object(), token);
  EXPECT_EQ(first->at("referral"), second->at("referral"));
  EXPECT_EQ(size(), before);
  // Another person's token of the same letters is another referral.
  const auto other = await([&](Done done) {
    reg->referrals().begin(actor("supervisor"), token, Json::object(), std::move(done));
  });
  EXPECT_NE(first->at("referral"), other->at("referral"));
  expect_refused(begin(Json::object(), "short"), "malformed", size());
}

TEST_F(CaseworkTest, OfTwoTabsTheSecondIsToldUnlessItSaysTheSame) {
  const std::string ref = begin(Json::object())->at("referral");
  Json one = {{"person", "PER-1"}};
  ASSERT_TRUE(save(ref, 1, one).ok());
  const uint64_t before = size();
  EXPECT_TRUE(save(ref, 1, one).ok());  // the same form, sent twice
  EXPECT_EQ(size(), before);
  expect_refused(save(ref, 1, {{"person", "PER-2"}}), "content_changed", before);
  EXPECT_EQ(reg->referrals().show(actor("officer"), ref)->at("content").at("draft").at("person"),
            "PER-1");
}

TEST_F(CaseworkTest, WhatIsOnlyBegunIsItsWritersAlone) {
  const std::string ref = begin(exceptional_draft())->at("referral");
  auto& referrals = reg->referrals();
  for (const char* who : {"supervisor", "desk", "chief", "dpo", "owner", "admin"}) {
    const uint64_t before = size();
    expect_refused(referrals.show(actor(who), ref), "not_shown", before);
    EXPECT_TRUE(referrals.page(actor(who), {})->at("referrals").empty()) << who;
    EXPECT_EQ(referrals.page(actor(who), {})->at("total"), 0) << who;
    EXPECT_EQ(referrals.page(actor(who), {.states = {State::begun}})->at("total"), 0) << who;
  }
  EXPECT_EQ(referrals.page(actor("officer"), {.states = {State::begun}})->at("referrals").size(),
            1U);
  EXPECT_EQ(referrals.page(actor("officer"), {})->at("total"), 1);
  EXPECT_EQ(referrals.page(actor("officer"), {.states = {State::begun}})->at("total"), 1);
}

TEST_F(CaseworkTest, BegunAndLeftAloneIsErased) {
  const std::string ref = begin(exceptional_draft())->at("referral");
  clock.advance(std::chrono::days{10});
  ASSERT_TRUE(save(ref, 1, {{"person", "PER-1"}}).ok());
  const auto erase = [&] {
    return *await([&](Done done) { reg->referrals().erase_due(std::move(done)); });
  };
  clock.advance(std::chrono::days{13});
  EXPECT_EQ(erase(), (Json{{"erased", 0}}));
  clock.advance(std::chrono::days{1});
  EXPECT_EQ(erase(), (Json{{"erased", 1}}));
  EXPECT_EQ(state_of(ref), "erased");
  EXPECT_FALSE(reg->reader().document("draft", ref, 1)->body);
  EXPECT_FALSE(reg->reader().document("draft", ref, 2)->body);
  EXPECT_FALSE(save(ref, 2, {{"person", "PER-1"}}).ok());
  const VerifyReport report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
}

TEST_F(CaseworkTest, AReturnedDraftIsRevisedPartByPartAndJudgedAgain) {
  const std::string ref = submitted();
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().return_to_draft(actor("supervisor"), ref, {"incomplete", "More."},
                                                 std::move(done));
              }).ok());
  Json body = exceptional_draft();
  body["facts"]["necessary"] = false;
  const uint64_t content = reg->reader().referral(ref)->content;
  ASSERT_TRUE(save(ref, content, body).ok());
  expect_refused(submit(ref), "not_permitted", size());
  EXPECT_EQ(state_of(ref), "draft");
  ASSERT_TRUE(save(ref, content + 1, exceptional_draft()).ok());
  ASSERT_TRUE(submit(ref).ok());
  // The facts that were submitted are those that the release is compared with.
  ASSERT_TRUE(authorise(ref).ok());
  ASSERT_TRUE(release(ref).ok());
}

TEST_F(CaseworkTest, ASubmissionHoldsWhatItsDecidersMustWeigh) {
  const auto refused = [&](const char* code, Json body, auto change) {
    change(body);
    const auto begun = begin(body);
    ASSERT_TRUE(begun.ok()) << code << begun.error().text();
    const uint64_t before = size();
    expect_refused(submit(begun->at("referral")), code, before);
  };
  const auto exception = [&](const char* code, auto change) {
    refused(code, exceptional_draft(), change);
  };
  const auto suspect = [&](const char* code, auto change) {
    refused(code, suspect_draft(), change);
  };
  EXPECT_TRUE(submit_begun(exceptional_draft()).ok());
  EXPECT_TRUE(submit_begun(suspect_draft()).ok());
  exception("history_missing", [](Json& b) { b.erase("history"); });
  exception("history_missing", [](Json& b) { b["history"] = Json::array(); });
  for (const char* member : {"kind", "offence", "date", "place", "source", "reliability",
                             "equivalence", "class", "classed_by"})
    exception("history_incomplete", [&](Json& b) { b["history"][0].erase(member); });
  exception("history_disagrees", [](Json& b) { b["history"][0]["class"] = "other"; });
  exception("history_disagrees", [](Json& b) {  // an allegation does not count
    Json& entry = b["history"][0];
    entry["kind"] = "allegation";
    entry.erase("class");
  });
  exception("history_incomplete", [](Json& b) { b["history"][0]["kind"] = "allegation"; });
  exception("history_disagrees", [](Json& b) { b["history"].push_back({{"kind", "none_known"}}); });
  exception("alternative_missing", [](Json& b) { b["less_intrusive"] = " "; });
  exception("assurance_missing", [](Json& b) { b.erase("assurance"); });
  exception("urgent_incomplete", [](Json& b) { b["urgent"] = {{"reason", "Soon."}}; });
  suspect("role_changes_missing", [](Json& b) { b.erase("role_changes"); });
  suspect("role_changes_missing", [](Json& b) { b["role_changes"] = {{{"hours_before", 3}}}; });
  suspect("indicators_missing", [](Json& b) { b.erase("indicators"); });
  suspect("indicators_missing", [](Json& b) { b["indicators"]["answers"].erase("controlled"); });
  suspect("indicators_missing", [](Json& b) { b["indicators"]["checked_on"] = "2026-11-23"; });
  suspect("indicators_disagree",
          [](Json& b) { b["indicators"]["answers"]["made_to_offend"] = "yes"; });
}

TEST_F(CaseworkTest, WhatIsNotOfItsFormIsNotKept) {
  const auto refused = [&](auto change) {
    Json body = exceptional_draft();
    change(body);
    const uint64_t before = size();
    const auto result = begin(body);
    expect_refused(result, "malformed", before);
    EXPECT_EQ(result.error().text().find("Quillfeather"), std::string::npos);
  };
  refused([](Json& b) { b["history"][0]["kind"] = "rumour"; });
  refused([](Json& b) { b["history"][0]["reliability"] = "4A"; });
  refused([](Json& b) { b["history"][0]["date"] = "2011-13"; });
  refused([](Json& b) { b["history"][0]["name"] = "x"; });
  refused([](Json& b) { b["history"] = Json(21, {{"kind", "none_known"}}); });
  refused([](Json& b) { b["role_changes"] = {{{"hours_before", -1}}}; });
  refused([](Json& b) { b["indicators"] = {{"answers", {{"religion", "yes"}}}}; });
  refused([](Json& b) { b["assurance"] = "some"; });
  refused([](Json& b) { b["urgent"] = {{"needed_by", "2026-11-22T25:00"}}; });
  refused([](Json& b) { b["less_intrusive"] = std::string(10'001, 'a'); });
  // Characters that turn round or hide what is read, wherever they stand.
  refused([](Json& b) { b["fields"]["name"] = "Zebedee\u202eQuillfeather"; });
  refused([](Json& b) { b["reasons"]["necessity"] = "a\u0007"; });
  refused([](Json& b) { b["history"][0]["place"] = "\u2066x"; });
  refused([](Json& b) { b["reasons"]["neces\u202esity"] = "a"; });
  // Writing from right to left, joiners and lines are ordinary text.
  Json body = exceptional_draft();
  body["reasons"]["necessity"] = "\u0645\u06cc\u200c\u062e\n\tx";
  EXPECT_TRUE(begin(body).ok());
}

TEST_F(CaseworkTest, ASupervisorForwardsOnceAndThenDecidesNothing) {
  const std::string ref = submitted();
  expect_refused(forward(ref, "desk"), "no_right", size());
  const auto with_word = [&](const char* word) {
    return await([&](Done done) {
      reg->referrals().forward(actor("supervisor"), ref, {word, ""}, std::move(done));
    });
  };
  expect_refused(with_word("not_necessary"), "malformed", size());
  const auto done = forward(ref);
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(done->at("forwarded"), true);
  EXPECT_EQ(done->at("state"), "submitted");
  EXPECT_EQ(reg->referrals().show(actor("chief"), ref)->at("content").at("notes")[0], "Seen.");
  expect_refused(forward(ref), "already_forwarded", size());
  EXPECT_TRUE(reg->reader().referral(ref)->acted.contains(actor("supervisor").id));
  ASSERT_TRUE(authorise(ref).ok());
}

TEST_F(CaseworkTest, NobodyForwardsTheirOwnRequest) {
  const std::string own = draft(exceptional_draft(), "supervisor")->at("referral");
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().submit(actor("supervisor"), own, std::nullopt, std::move(done));
              }).ok());
  expect_refused(forward(own), "self_authorised", size());
}

TEST_F(CaseworkTest, WhereASupervisorIsRequiredNothingGoesOnWithoutOne) {
  with_supervisor_required();
  const std::string ref = submitted();
  expect_refused(authorise(ref), "not_forwarded", size());
  expect_refused(await([&](Done done) {
                   reg->referrals().refuse(actor("chief"), ref, {"other", ""}, std::move(done));
                 }),
                 "not_forwarded", size());
  ASSERT_TRUE(forward(ref).ok());
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().return_to_draft(actor("desk"), ref, {"other", ""},
                                                 std::move(done));
              }).ok());
  ASSERT_TRUE(submit(ref).ok());  // another submission, another look
  expect_refused(authorise(ref), "not_forwarded", size());
  ASSERT_TRUE(forward(ref).ok());
  EXPECT_TRUE(authorise(ref).ok());
  const auto permitted = submit_begun(suspect_draft());
  ASSERT_TRUE(permitted.ok());
  const auto let_go = [&] {
    return await([&](Done done) {
      reg->referrals().release(actor("desk"), permitted->at("referral"),
                               {suspect_draft().at("facts"), false, "done"}, std::move(done));
    });
  };
  expect_refused(let_go(), "not_forwarded", size());
  ASSERT_TRUE(forward(permitted->at("referral")).ok());
  EXPECT_TRUE(let_go().ok());
}

TEST_F(CaseworkTest, UrgencyIsSaidWithoutItsReason) {
  Json body = exceptional_draft();
  body["urgent"] = {{"reason", "A flight tonight"}, {"needed_by", "2026-11-22T18:00"}};
  const auto sent = submit_begun(body);
  ASSERT_TRUE(sent.ok()) << sent.error().text();
  EXPECT_EQ(sent->at("urgent"), true);
  EXPECT_EQ(entries().back().dump().find("flight"), std::string::npos);
}

TEST_F(CaseworkTest, NothingOfItIsInTheMessage) {
  Json body = exceptional_draft();
  body["assurance"] = {{"code", "ASSURED-77"}};
  const auto sent = submit_begun(body);
  const auto shown = reg->referrals().show(actor("chief"), sent->at("referral"));
  const auto message = shown->at("content").at("message").get<std::string>();
  for (const char* kept : {"ASSURED-77", "001/01", "Sgt Example", "partner agencies", "1A"})
    EXPECT_EQ(message.find(kept), std::string::npos) << kept;
  EXPECT_EQ(shown->at("content").at("draft").at("assurance").at("code"), "ASSURED-77");
}

TEST_F(CaseworkTest, AQuestionHasAReferenceThatIsItsEntrysNumber) {
  const auto answer = await([&](Done done) {
    reg->questions().ask(actor("officer"), exceptional_facts(), "", std::move(done));
  });
  std::string digits = std::to_string(size() - 1);
  digits.insert(0, 6 - digits.size(), '0');
  EXPECT_EQ(answer->at("reference"), "Q-" + digits);
}

TEST(Casework, TheHighestClassIsThatOfTheConvictions) {
  const auto entry = [](const char* kind, const char* offence_class) {
    return Json{{"kind", kind}, {"class", offence_class}};
  };
  EXPECT_EQ(highest_class(Json::array()), "none");
  EXPECT_EQ(highest_class({{{"kind", "none_known"}}}), "none");
  EXPECT_EQ(highest_class({entry("conviction", "lower_level"), entry("conviction", "other")}),
            "other");
  EXPECT_EQ(highest_class({entry("conviction", "lower_level"), entry("allegation", "high_harm")}),
            "lower_level");
}

}  // namespace
}  // namespace firebreak::record
