// SPDX-License-Identifier: Apache-2.0
#include "register/changes.h"

#include "register/fold.h"
#include "register/force_settings.h"
#include "register/test_support.h"

namespace firebreak::record {
namespace {

class ChangesTest : public RegisterTest {
 protected:
  Changes& changes() { return reg->changes(); }

  static Json new_address() {
    return {{"type", "destination"},
            {"id", "immigration-desk"},
            {"recipient", "immigration_enforcement"},
            {"address", "new@enforcement.example"},
            {"reason", "They moved."}};
  }
  static Json rank_for(const std::string& person) {
    return {{"type", "rank"},
            {"person", person},
            {"rank", "chief_officer"},
            {"from", "2026-11-22"},
            {"reason", "Deputy."}};
  }
  static Json longer_delay(int hours = 24) {
    return {{"type", "setting"},
            {"name", "changes.delay_hours"},
            {"value", hours},
            {"reason", "Time to object."}};
  }
  // The service instruction as a second version, from that day.
  static Json next_policy(const std::string& from) {
    const std::string text =
        *read_file(policies_of_the_repository() / "psni-service-instruction.policy");
    return {{"type", "policy"},
            {"text", replaced(text, "version 1\n", "version 2\n")},
            {"from", from},
            {"reason", "A new version."}};
  }
  std::string proposed(const Json& request, const std::string& who) {
    const auto change = changes().propose(actor(who), request);
    if (!change) ADD_FAILURE() << change.error().text();
    return change ? change->at("change").get<std::string>() : std::string();
  }
  std::string state(const std::string& id) {
    return changes().show(actor("board"), id)->at("state").get<std::string>();
  }
  std::string address() { return reg->config().destination("immigration-desk")->address; }
};

// What each kind of change asks for, with who may propose it.
struct Wanted {
  Json request;
  const char* proposer;
};

TEST_F(ChangesTest, OnePersonAloneChangesNothing) {
  ASSERT_TRUE(reg->directory().add_person(actor("admin"), {"new", "New", {"officer"}, {}, false}));
  const Json before = {settings_of(reg->config(), reg->policies()),
                       identity::to_json(*reg->directory().person_named("new")).at("ranks")};
  const std::vector<Wanted> all = {
      {rank_for("new"), "admin"},
      {{{"type", "end_rank"},
        {"person", "chief"},
        {"rank", "chief_officer"},
        {"until", "2026-11-22"},
        {"reason", "r"}},
       "admin"},
      {new_address(), "admin"},
      {{{"type", "end_destination"}, {"id", "competent-authority"}, {"reason", "r"}}, "admin"},
      {longer_delay(), "admin"},
      {next_policy("2026-11-23"), "owner"}};
  for (const Wanted& wanted : all) {
    const std::string id = proposed(wanted.request, wanted.proposer);
    const uint64_t size = *reg->reader().size();
    expect_refused(changes().approve(actor(wanted.proposer), id), "own_change", size);
    EXPECT_EQ(state(id), "proposed");
  }
  EXPECT_EQ(before[0], settings_of(reg->config(), reg->policies()));
  EXPECT_EQ(before[1], identity::to_json(*reg->directory().person_named("new")).at("ranks"));
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(ChangesTest, WhoBenefitsDoesNotApprove) {
  const std::string own = proposed(rank_for("owner"), "admin");
  const uint64_t size = *reg->reader().size();
  expect_refused(changes().approve(actor("owner"), own), "concerned_by_change", size);
  expect_refused(changes().refuse(actor("owner"), own, "no"), "concerned_by_change", size + 1);
  EXPECT_TRUE(reg->directory().person_named("owner")->ranks.empty());
}

// The sign-in provider says which roles a session has, and the ledger knows none of what it says.
TEST_F(ChangesTest, WhoApprovesHasTheRoleInTheRecordNotByTheProviderAlone) {
  const std::string id = proposed(new_address(), "admin");
  identity::Actor by_provider = actor("officer");
  by_provider.roles = {"policy_owner"};
  const uint64_t size = *reg->reader().size();
  expect_refused(changes().approve(by_provider, id), "no_right", size);
  EXPECT_EQ(state(id), "proposed");
  EXPECT_TRUE(changes().approve(actor("owner"), id));
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(ChangesTest, TwoPersonsChangeEachOfThem) {
  ASSERT_TRUE(reg->directory().add_person(actor("admin"), {"new", "New", {"officer"}, {}, false}));
  EXPECT_TRUE(decide(rank_for("new"), "admin", "owner"));
  EXPECT_EQ(reg->directory().person_named("new")->ranks.size(), 1U);
  EXPECT_TRUE(decide(new_address(), "admin", "owner"));
  EXPECT_EQ(address(), "new@enforcement.example");
  EXPECT_TRUE(decide(next_policy("2026-11-23"), "owner", "admin"));
  EXPECT_EQ((*reg->policy_today())->version(), "1");
  clock.advance(std::chrono::days{1});
  EXPECT_EQ((*reg->policy_today())->version(), "2");  // without a restart
  EXPECT_TRUE(decide(longer_delay(), "admin", "owner"));
  EXPECT_EQ(reg->config().changes.delay_hours, 24);
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
  // And with one: what was decided stays, whatever force.toml says.
  open();
  EXPECT_EQ(address(), "new@enforcement.example");
  EXPECT_EQ((*reg->policy_today())->version(), "2");
  EXPECT_NE(reg->changes().force_toml_notice().find("destinations immigration-desk"),
            std::string::npos);
}

TEST_F(ChangesTest, NotBeforeItsTimeAndUntilThenItMayBeEnded) {
  ASSERT_TRUE(decide(longer_delay(), "admin", "owner"));
  const std::string waits = proposed(new_address(), "admin");
  ASSERT_TRUE(changes().approve(actor("owner"), waits));
  EXPECT_EQ(state(waits), "approved");
  clock.advance(std::chrono::hours{24} - std::chrono::seconds{1});
  EXPECT_EQ(changes().apply_due()->at("took_effect"), 0);
  EXPECT_EQ(address(), "referrals@enforcement.example");
  clock.advance(std::chrono::seconds{1});
  EXPECT_EQ(changes().apply_due()->at("took_effect"), 1);
  EXPECT_EQ(address(), "new@enforcement.example");

  Json other = new_address();
  other["address"] = "third@enforcement.example";
  const std::string withdrawn = proposed(other, "admin");
  ASSERT_TRUE(changes().approve(actor("owner"), withdrawn));
  EXPECT_FALSE(changes().withdraw(actor("owner"), withdrawn));
  ASSERT_TRUE(changes().withdraw(actor("admin"), withdrawn));
  const std::string refused = proposed(other, "admin");
  ASSERT_TRUE(changes().approve(actor("owner"), refused));
  ASSERT_TRUE(changes().refuse(actor("owner"), refused, "On second thoughts."));
  clock.advance(std::chrono::hours{48});
  EXPECT_EQ(changes().apply_due()->at("took_effect"), 0);
  EXPECT_EQ(address(), "new@enforcement.example");
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(ChangesTest, WhatIsDueAtAStartTakesEffectThen) {
  ASSERT_TRUE(decide(longer_delay(), "admin", "owner"));
  const std::string id = proposed(new_address(), "admin");
  ASSERT_TRUE(changes().approve(actor("owner"), id));
  close();
  clock.advance(std::chrono::hours{25});
  open();
  EXPECT_EQ(state(id), "took_effect");
  EXPECT_EQ(address(), "new@enforcement.example");
}

TEST_F(ChangesTest, OfTwoAboutTheSameTheSecondIsOutdated) {
  const std::string first = proposed(new_address(), "admin");
  Json other = new_address();
  other["address"] = "third@enforcement.example";
  const std::string second = proposed(other, "admin");
  ASSERT_TRUE(changes().approve(actor("owner"), second));
  const auto late = changes().approve(actor("owner"), first);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::conflict);
  EXPECT_EQ(address(), "third@enforcement.example");
  // When both were approved before, the record says why the later one did not take effect.
  ASSERT_TRUE(decide(longer_delay(1), "admin", "owner"));
  Json fourth = other;
  fourth["address"] = "fourth@enforcement.example";
  const std::string one = proposed(new_address(), "admin");
  const std::string two = proposed(fourth, "admin");
  ASSERT_TRUE(changes().approve(actor("owner"), one));
  ASSERT_TRUE(changes().approve(actor("owner"), two));
  clock.advance(std::chrono::hours{2});
  ASSERT_TRUE(changes().apply_due());
  const bool first_won = state(one) == "took_effect";
  EXPECT_EQ(state(first_won ? two : one), "refused");
  EXPECT_NE(changes().show(actor("board"), first_won ? two : one)->at("answer"), "");
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(ChangesTest, TheCommandLineOnTheFolderIsNobodySoTwoApprove) {
  ASSERT_TRUE(reg->directory().add_person(std::nullopt, {"second", "S", {"administrator"}, {}, 0}));
  const auto change = changes().propose(std::nullopt, new_address());
  ASSERT_TRUE(change.ok());
  const std::string id = change->at("change");
  ASSERT_TRUE(changes().approve(actor("owner"), id));
  EXPECT_EQ(state(id), "proposed");
  EXPECT_FALSE(changes().approve(actor("owner"), id));
  EXPECT_EQ(address(), "referrals@enforcement.example");
  ASSERT_TRUE(changes().approve(actor("second"), id));
  EXPECT_EQ(address(), "new@enforcement.example");
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);
}

TEST_F(ChangesTest, RightsFollowWhatIsChanged) {
  for (const char* who : {"officer", "supervisor", "desk", "chief", "dpo", "board"}) {
    const uint64_t size = *reg->reader().size();
    expect_refused(changes().propose(actor(who), new_address()), "no_right", size);
    EXPECT_FALSE(changes().approve(actor(who), proposed(new_address(), "admin"))) << who;
  }
  EXPECT_FALSE(changes().propose(actor("owner"), new_address()));
  EXPECT_FALSE(changes().propose(actor("admin"), next_policy("2026-11-24")));
  EXPECT_TRUE(changes().notices(actor("board")));
  EXPECT_FALSE(changes().notices(actor("officer")));
  EXPECT_FALSE(changes().list(actor("desk"), std::nullopt));
}

TEST_F(ChangesTest, ARankIsNotGivenInPassing) {
  const NewPerson ranked{"late",
                         "Late",
                         {"chief_officer"},
                         {{"chief_officer", *parse_day("2026-11-22"), std::nullopt}},
                         false};
  const uint64_t size = *reg->reader().size();
  const auto added = reg->directory().add_person(actor("admin"), ranked);
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(entries().at(size).at("code"), "needs_two_persons");
  EXPECT_FALSE(reg->directory().add_person(std::nullopt, ranked));
}

TEST_F(ChangesTest, WrongRequestsAreNamed) {
  const auto where = [&](const Json& change, const char* who) {
    const auto result = changes().propose(actor(who), change);
    return result ? std::string("taken") : result.error().where + ": " + result.error().message;
  };
  const auto with = [](Json request, const char* member, const Json& value) {
    request[member] = value;
    return request;
  };
  const auto begins = [](const std::string& text, const char* start) {
    EXPECT_TRUE(text.starts_with(start)) << text;
  };
  begins(where(with(new_address(), "type", "person"), "admin"), "type: ");
  begins(where(with(new_address(), "address", "a@b@c"), "admin"), "address: ");
  begins(where(with(new_address(), "recipient", "nobody"), "admin"), "force.toml: ");
  begins(where(with(new_address(), "reason", " "), "admin"), "reason: ");
  begins(where(with(new_address(), "label", "two\nlines"), "admin"), "label: ");
  begins(where(with(longer_delay(), "value", -1), "admin"), "value: ");
  begins(where(with(longer_delay(), "name", "mail.relay"), "admin"), "name: ");
  begins(where(with(rank_for("officer"), "rank", "king"), "admin"), "rank: ");
  begins(where(with(rank_for("officer"), "from", "soon"), "admin"), "from: ");
  begins(where(rank_for("nobody"), "admin"), "person: ");
  begins(where(longer_delay(0), "admin"), ": Nothing would change");
  begins(where(next_policy("2026-11-22"), "owner"), "from: ");
  begins(where(next_policy("2026-11-21"), "owner"), "force.toml: ");
  begins(where(with(next_policy("2026-11-23"), "text", "policy x"), "owner"), "");
  Json outside = next_policy("2026-11-23");
  outside.erase("text");
  outside["file"] = "../force.toml";
  begins(where(outside, "owner"), "file: ");
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(ChangesTest, APolicyTextThatChangedMeanwhileIsNotPutInForce) {
  ASSERT_TRUE(decide(longer_delay(1), "admin", "owner"));
  const std::string id = proposed(next_policy("2026-11-25"), "owner");
  ASSERT_TRUE(changes().approve(actor("admin"), id));
  for (const auto& file : std::filesystem::directory_iterator(folder / "policies")) {
    if (!file.path().filename().string().starts_with("proposed-")) continue;
    const std::string text = *read_file(file.path());
    ASSERT_TRUE(write_file_durably(file.path(), replaced(text, "version 2\n", "version 3\n")).ok());
  }
  clock.advance(std::chrono::hours{2});
  ASSERT_TRUE(changes().apply_due());
  EXPECT_EQ(state(id), "refused");
  EXPECT_EQ(reg->policies().periods().size(), 1U);
}

// Somebody who holds the database can compute every leaf and root again: the entries themselves say
// that two persons were needed.
TEST_F(ChangesTest, TheFoldFindsWhatTwoPersonsDidNotDecide) {
  ASSERT_TRUE(decide(longer_delay(1), "admin", "owner"));
  ASSERT_TRUE(reg->directory().add_person(actor("admin"), {"new", "New", {"officer"}, {}, false}));
  for (const auto& [request, who, other] : {std::tuple{rank_for("new"), "admin", "owner"},
                                            {next_policy("2026-11-30"), "owner", "admin"},
                                            {new_address(), "admin", "owner"}}) {
    ASSERT_TRUE(changes().approve(actor(other), proposed(request, who)));
  }
  clock.advance(std::chrono::hours{2});
  ASSERT_TRUE(changes().apply_due());
  const std::vector<Json> all = entries();
  const auto said = [&](const char* of_kind, const std::function<void(Json&)>& alter) {
    Fold fold;
    for (Json entry : all) {
      if (entry.at("kind") == of_kind) alter(entry);
      if (const auto taken = fold.take(entry); !taken) return taken.error().message;
    }
    return std::string();
  };
  const auto finds = [&](const char* of_kind, const char* words, auto alter) {
    const std::string message = said(of_kind, alter);
    EXPECT_NE(message.find(words), std::string::npos) << of_kind << ": " << message;
  };
  EXPECT_EQ(said("", [](Json&) {}), "");
  const std::string admin = actor("admin").id;
  const std::string officer = actor("officer").id;
  finds("change.approved", "by the one who proposed", [&](Json& e) { e["actor"] = admin; });
  finds("change.approved", "may not approve", [&](Json& e) { e["actor"] = officer; });
  finds("change.approved", "before the delay", [](Json& e) {
    if (e.at("at") != e.at("effective")) e["effective"] = e["at"];
  });
  finds("change.approved", "another number", [](Json& e) { e["effective"] = nullptr; });
  finds("change.took_effect", "taken further only after",
        [](Json& e) { e["change"] = "change_x"; });
  finds("change.took_effect", "before its time", [](Json& e) {
    if (e["at"] == "2026-11-22T11:00:00.000000Z") e["at"] = "2026-11-22T09:59:59.000000Z";
  });
  finds("person.changed", "was not recorded", [](Json& e) { e.erase("change"); });
  finds("person.added", "given or ended without two persons", [](Json& e) {
    if (e.at("actor") != "system") e["ranks"] = {{{"rank", "gold"}, {"from", "2026-11-22"}}};
  });
  finds("person.changed", "otherwise than two persons",
        [](Json& e) { e["ranks"][0]["rank"] = "gold"; });
  finds("policy.put_in_force", "was not recorded", [](Json& e) { e.erase("change"); });
  finds("policy.put_in_force", "otherwise than they decided",
        [](Json& e) { e["policy"]["digest"] = "sha256:0"; });
  finds("change.proposed", "no longer so", [](Json& e) {
    for (Json& line : e["lines"]) line["before"] = "x";
  });
}

}  // namespace
}  // namespace firebreak::record
