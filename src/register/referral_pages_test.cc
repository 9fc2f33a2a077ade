// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class ReferralPagesTest : public RegisterTest {
 protected:
  void SetUp() override {
    open();
    for (int i = 0; i < 9; ++i) {
      const std::string who = i % 3 == 0 ? "supervisor" : "officer";
      const auto made = draft(exceptional_draft(), who);
      ASSERT_TRUE(made) << made.error().text();
      refs.push_back(made->at("referral").get<std::string>());
    }
    for (const size_t at : {7U, 1U, 4U}) ASSERT_TRUE(submit(refs[at]));
    ASSERT_TRUE(authorise(refs[4]));
  }

  // The slow and obvious way: look at every referral there is, leave out, sort, cut.
  std::vector<std::string> obvious(const ReferralQuery& query) {
    std::vector<ReferralState> found;
    for (const std::string& ref : refs) found.push_back(*reg->reader().referral(ref));
    std::erase_if(found, [&](const ReferralState& one) {
      const bool state =
          query.states.empty() || std::ranges::find(query.states, one.state) != query.states.end();
      const bool requester = query.requester.empty() || one.requester == query.requester;
      const bool not_requester =
          query.not_requester.empty() || one.requester != query.not_requester;
      const bool forwarded = !query.forwarded || one.forwarded == *query.forwarded;
      const bool for_sign_off =
          !query.for_sign_off || to_json(one.terms).at("decision") == "sign_off";
      return !state || !requester || !not_requester || !forwarded || !for_sign_off ||
             !one.id.starts_with(query.reference);
    });
    std::ranges::sort(found, std::greater(), &ReferralState::last_seq);
    total = found.size();
    if (query.oldest_first) std::ranges::reverse(found);
    if (query.urgent_first) std::ranges::stable_partition(found, &ReferralState::urgent);
    std::erase_if(found, [&](const ReferralState& one) {
      if (!query.after) return false;
      return query.oldest_first ? one.last_seq <= *query.after : one.last_seq >= *query.after;
    });
    std::vector<std::string> out;
    for (size_t i = query.offset; i < found.size() && out.size() < query.limit; ++i)
      out.push_back(found[i].id);
    return out;
  }

  void expect_same(const ReferralQuery& query) {
    const std::vector<std::string> expected = obvious(query);
    const auto page = reg->reader().page(query);
    ASSERT_TRUE(page) << page.error().text();
    std::vector<std::string> found;
    for (const Json& one : page->referrals) {
      found.push_back(one.at("referral"));
      EXPECT_EQ(one, to_json(*reg->reader().referral(found.back())));
    }
    EXPECT_EQ(found, expected);
    EXPECT_EQ(page->total, total);
  }

  std::vector<std::string> refs;
  uint64_t total = 0;
};

TEST_F(ReferralPagesTest, GiveWhatReadingEverythingWouldGive) {
  const std::string officer = actor("officer").id;
  const uint64_t middle = reg->reader().referral(refs[5])->last_seq;
  for (const auto& states : std::vector<std::vector<State>>{
           {}, {State::draft}, {State::submitted, State::authorised}, {State::erased}}) {
    for (const auto& requester : {std::string(), officer, std::string("person_nobody")}) {
      for (const auto& reference : {std::string(), refs[3].substr(0, 5), refs[4]}) {
        for (const bool oldest_first : {false, true}) {
          ReferralQuery query{.states = states,
                              .requester = requester,
                              .reference = reference,
                              .oldest_first = oldest_first};
          expect_same(query);
          query.limit = 2;
          for (query.offset = 0; query.offset < 10; ++query.offset) expect_same(query);
          query.offset = 0;
          query.after = middle;
          expect_same(query);
        }
      }
    }
  }
}

TEST_F(ReferralPagesTest, LeaveOutAndPutFirstAsReadingEverythingWould) {
  for (const size_t at : {2U, 5U}) ASSERT_TRUE(submit(refs[at]));
  Json urgent = exceptional_draft();
  urgent["urgent"] = {{"reason", "A flight"}, {"needed_by", "2026-11-22T18:00"}};
  refs.push_back(draft(urgent)->at("referral"));
  refs.push_back(draft(suspect_draft())->at("referral"));
  for (const size_t at : {9U, 10U}) ASSERT_TRUE(submit(refs[at]));
  for (const size_t at : {1U, 2U}) {
    ASSERT_TRUE(await([&](Done done) {
      reg->referrals().forward(actor("supervisor"), refs[at], {"complete", ""}, std::move(done));
    }));
  }
  const std::string officer = actor("officer").id;
  for (const auto& states : std::vector<std::vector<State>>{{}, {State::submitted}}) {
    for (const auto& not_requester : {std::string(), officer}) {
      for (const auto forwarded :
           {std::optional<bool>(), std::optional(true), std::optional(false)}) {
        for (const int bits : {0, 1, 2, 3, 4, 5, 6, 7}) {
          ReferralQuery query{.states = states,
                              .requester = (bits & 4) != 0 ? officer : "",
                              .oldest_first = (bits & 1) != 0,
                              .urgent_first = (bits & 2) != 0,
                              .not_requester = not_requester,
                              .forwarded = forwarded};
          expect_same(query);
          query.for_sign_off = true;
          query.limit = 2;
          for (query.offset = 0; query.offset < 6; ++query.offset) expect_same(query);
        }
      }
    }
  }
}

TEST_F(ReferralPagesTest, FindTheUrgentOnesThatNobodyLookedAtAgain) {
  const auto found = [&] {
    return reg->reader().page({.urgent_unreviewed = true})->referrals.size();
  };
  EXPECT_EQ(found(), 0U);
  Json urgent = exceptional_draft();
  urgent["urgent"] = {{"reason", "A flight"}, {"needed_by", "2026-11-22T18:00"}};
  const std::string ref = draft(urgent)->at("referral");
  ASSERT_TRUE(submit(ref));
  ASSERT_TRUE(authorise(ref));
  EXPECT_EQ(found(), 1U);
  ASSERT_TRUE(await([&](Done done) {
    reg->referrals().review(actor("dpo"), ref, {true, "Looked at."}, std::move(done));
  }));
  EXPECT_EQ(found(), 0U);
}

TEST_F(ReferralPagesTest, CountWhatWasAddedSince) {
  EXPECT_EQ(reg->reader().page({})->total, 9U);
  ASSERT_TRUE(draft(exceptional_draft()));
  EXPECT_EQ(reg->reader().page({})->total, 10U);
  const auto submitted_now = [&] {
    return reg->reader().page({.states = {State::submitted}})->total;
  };
  EXPECT_EQ(submitted_now(), 2U);
  ASSERT_TRUE(submit(refs[2]));
  EXPECT_EQ(submitted_now(), 3U);
  EXPECT_EQ(reg->reader().page({})->total, 10U);
}

TEST_F(ReferralPagesTest, LeadFromOneToTheNext) {
  std::vector<std::string> seen;
  ReferralQuery query{.limit = 4};
  while (true) {
    const auto page = reg->referrals().page(actor("desk"), query);
    ASSERT_TRUE(page);
    for (const Json& one : page->at("referrals")) seen.push_back(one.at("referral"));
    EXPECT_EQ(page->at("total"), 9);
    if (!page->contains("next")) break;
    query.after = page->at("next").get<uint64_t>();
  }
  EXPECT_EQ(seen.size(), 9U);
  std::ranges::sort(seen);
  std::ranges::sort(refs);
  EXPECT_EQ(seen, refs);
}

TEST_F(ReferralPagesTest, ShowAnOfficerTheirOwn) {
  const auto own = reg->referrals().page(actor("officer"), {});
  EXPECT_EQ(own->at("total"), 6);
  ReferralQuery others;
  others.requester = actor("supervisor").id;
  EXPECT_EQ(reg->referrals().page(actor("officer"), others)->at("total"), 6);
  EXPECT_EQ(reg->referrals().page(actor("desk"), others)->at("total"), 3);
  identity::Actor service = actor("officer");
  service.service = true;
  service.roles = {"service"};
  EXPECT_EQ(reg->referrals().page(service, {}).error().code, ErrorCode::forbidden);
}

}  // namespace
}  // namespace firebreak::record
