// SPDX-License-Identifier: Apache-2.0
#include "register/subject_access.h"

#include <thread>

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class SubjectAccessTest : public RegisterTest {
 protected:
  Json search(const std::string& person) {
    const auto id = reg->subject_access().start(actor("dpo"), person);
    EXPECT_TRUE(id.ok()) << (id ? "" : id.error().text());
    Json found;
    for (int i = 0; i < 2000; ++i) {
      found = *reg->subject_access().show(actor("dpo"), *id);
      if (found.at("state") != "running") break;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    EXPECT_EQ(found.at("state"), "done") << found.dump(1);
    return found;
  }
  std::string about(const std::string& person) {
    Json body = exceptional_draft();
    body["person"] = person;
    return draft(body)->at("referral");
  }
};

TEST_F(SubjectAccessTest, FindsEveryReferralAndDisclosureOfOnePersonAndNoOther) {
  const std::string sent = handed();
  const std::string asked = submitted();
  const std::string other = about("PER-1");
  const std::string changed = about("PER-77");
  Json revised = exceptional_draft();
  revised["person"] = "PER-2";
  ASSERT_TRUE(submit(changed, revised).ok());  // once named PER-77
  const Json found = search("PER-77");
  EXPECT_EQ(found.at("searched"), 4);
  std::set<std::string> refs;
  for (const Json& one : found.at("referrals")) refs.insert(one.at("referral"));
  EXPECT_EQ(refs, (std::set<std::string>{sent, asked, changed}));
  for (const Json& one : found.at("referrals")) {
    if (one.at("referral") != sent) {
      EXPECT_TRUE(one.at("disclosures").empty());
      EXPECT_FALSE(one.at("undisclosed").empty());
      continue;
    }
    ASSERT_EQ(one.at("disclosures").size(), 1U);
    const Json& disclosure = one.at("disclosures")[0];
    EXPECT_EQ(disclosure.at("at"), "2026-11-22T09:00:00.000000Z");
    EXPECT_EQ(one.at("destination").at("address"), "referrals@enforcement.example");
    EXPECT_FALSE(disclosure.at("clauses").empty());
    EXPECT_EQ(disclosure.at("fields")[0].at("value"), "Zebedee Quillfeather");
  }
  EXPECT_EQ(search("PER-1").at("referrals")[0].at("referral"), other);
  EXPECT_TRUE(search("PER-7").at("referrals").empty());
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(SubjectAccessTest, TheSearchIsRecordedWithoutThePersonAndErasedOnesAreCounted) {
  const std::string ref = submitted();
  const std::string gone = submitted();
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().withdraw(actor("officer"), gone, std::move(done));
              }).ok());
  clock.advance(std::chrono::days{31});
  ASSERT_TRUE(await([&](Done done) { reg->referrals().erase_due(std::move(done)); }).ok());
  const Json found = search("PER-77");
  EXPECT_EQ(found.at("erased"), 1);
  const auto all = entries();
  const Json& searched = all[all.size() - 2];
  EXPECT_EQ(searched.at("kind"), "subject.searched");
  EXPECT_EQ(searched.at("actor"), actor("dpo").id);
  EXPECT_EQ(searched.at("found"), 1);
  EXPECT_EQ(searched.at("searched"), 2);
  EXPECT_EQ(all.back().at("kind"), "referral.viewed");
  for (const Json& entry : all) EXPECT_EQ(entry.dump().find("PER-77"), std::string::npos);
  ASSERT_TRUE(await([&](Done done) {
                reg->subject_access().answer(
                    actor("dpo"), found.at("search"),
                    {{ref, {{"parts", {"name", "history"}}, {"reason", "other_people"}}}},
                    std::move(done));
              }).ok());
  EXPECT_EQ(entries().back().at("withheld"), 2);
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(SubjectAccessTest, WhatIsErasedAfterItWasFoundIsNotShownAnyMore) {
  const std::string kept = about("PER-5");
  const std::string gone = about("PER-5");
  const Json found = search("PER-5");
  ASSERT_EQ(found.at("referrals").size(), 2U);
  const std::string id = found.at("search");
  ASSERT_TRUE(await([&](Done done) {
                reg->referrals().withdraw(actor("officer"), gone, std::move(done));
              }).ok());
  const auto proposed = await([&](Done done) {
    reg->erasures().propose(actor("dpo"), {"unlawful", {gone}}, std::move(done));
  });
  ASSERT_TRUE(await([&](Done done) {
                reg->erasures().approve(actor("chief"), proposed->at("proposal"), std::move(done));
              }).ok());
  const Json after = *reg->subject_access().show(actor("dpo"), id);
  ASSERT_EQ(after.at("referrals").size(), 1U);
  EXPECT_EQ(after.at("referrals")[0].at("referral"), kept);
  EXPECT_EQ(after.at("erased"), 1);
  ASSERT_TRUE(await([&](Done done) {
                reg->subject_access().answer(actor("dpo"), id, Json::object(), std::move(done));
              }).ok());
  EXPECT_EQ(entries().back().at("referrals"), 1);
}

TEST_F(SubjectAccessTest, OnlyTheDataProtectionOfficerSearchesAndSeesOnlyTheirOwn) {
  submitted();
  for (const char* who : {"officer", "desk", "chief", "owner", "admin", "board", "supervisor"}) {
    const uint64_t before = entries().size();
    const auto refused = reg->subject_access().start(actor(who), "PER-77");
    ASSERT_FALSE(refused.ok()) << who;
    EXPECT_EQ(entries().size(), before + 1);
    EXPECT_EQ(entries().back().at("code"), "no_right");
  }
  for (const char* wrong : {"", "Zebedee Quillfeather", "PER 77"})
    EXPECT_EQ(reg->subject_access().start(actor("dpo"), wrong).error().where, "person");
  const auto id = reg->subject_access().start(actor("dpo"), "PER-77");
  ASSERT_TRUE(id.ok());
  EXPECT_FALSE(reg->subject_access().show(actor("chief"), *id).ok());
  EXPECT_FALSE(reg->subject_access().show(actor("dpo"), "search_0").ok());
}

}  // namespace
}  // namespace firebreak::record
