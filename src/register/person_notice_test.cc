// SPDX-License-Identifier: Apache-2.0
// What the Board is told of those who can be one of two persons, and that one human's passkey or
// account cannot be two persons'.
#include <future>
#include <latch>
#include <thread>

#include "register/changes.h"
#include "register/fold.h"
#include "register/force_settings.h"
#include "register/passkeys_test_support.h"

namespace firebreak::record {
namespace {

class PersonNoticeTest : public PasskeysTest {
 protected:
  // What the Board reads, newest first: the events of people and their passkeys.
  std::vector<std::string> told() {
    std::vector<std::string> out;
    const auto found = reg->changes().notices(actor("board"));
    EXPECT_TRUE(found.ok());
    for (const Json& notice : found->at("notices")) {
      const std::string event = notice.at("event");
      if (!event.starts_with("change.")) out.push_back(event);
    }
    return out;
  }
  // Notices are in the order of their times.
  void later(std::chrono::seconds by = std::chrono::seconds{1}) { clock.advance(by); }
  AddedPerson added(const std::string& name, const std::string& role) {
    auto person = reg->directory().add_person(actor("admin"), {name, name, {role}, {}, false});
    EXPECT_TRUE(person.ok());
    return *std::move(person);
  }
};

TEST_F(PersonNoticeTest, TheBoardIsToldOfEachStepOfAChiefOfficersPasskey) {
  decide_setting(kPasskeysByTwo, true);
  later();
  added("admin2", "administrator");
  later();
  const auto ref = enrol(signed_in("chief"), SoftwarePasskey(kSite));
  ASSERT_TRUE(ref.ok());
  const std::string chief = person("chief").id;
  later(std::chrono::hours{24});
  ASSERT_TRUE(reg->directory().confirm_passkey(actor("admin"), chief, *ref).ok());
  ASSERT_TRUE(reg->directory().confirm_passkey(actor("admin2"), chief, *ref).ok());
  later();
  ASSERT_TRUE(reg->directory().suspend_passkey(actor("admin"), chief, *ref).ok());
  const std::vector<std::string> expected = {"passkey.suspended", "passkey.confirmed",
                                             "passkey.confirmed", "passkey.registered",
                                             "person.added"};
  EXPECT_EQ(told(), expected);
  const Json newest = reg->changes().notices(actor("board"))->at("notices").at(0);
  EXPECT_EQ(newest.at("says").at(0),
            "A passkey of " + person("chief").display_name + " was suspended: " + *ref + ".");
  EXPECT_EQ(newest.at("name"), person("admin").display_name);
  open();
  EXPECT_EQ(told(), expected);
  EXPECT_TRUE(verify(folder).ok()) << verify(folder).json().dump(1);

  const std::vector<Json> all = entries();
  int silent = 0;
  for (size_t at = 0; at < all.size(); ++at) {
    if (!all[at].contains("person") || !all[at].contains("notice")) continue;
    Fold fold;
    std::string said = "taken";
    for (size_t i = 0; i <= at; ++i) {
      Json entry = all[i];
      if (i == at) entry.erase("notice");
      if (const auto step = fold.take(entry); !step) said = step.error().message;
    }
    EXPECT_EQ(said, "A step that the Board is told of is no notice.") << all[at].dump();
    ++silent;
  }
  EXPECT_EQ(silent, 5);
}

TEST_F(PersonNoticeTest, OfOtherPeopleTheBoardIsToldNothing) {
  added("officer2", "officer");
  ASSERT_TRUE(enrol(signed_in("officer"), SoftwarePasskey(kSite)).ok());
  ASSERT_TRUE(reg->directory().reset_password(actor("admin"), "officer2").ok());
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(PersonNoticeTest, TheBoardIsToldWhenOneHumanCouldBecomeASecondPerson) {
  added("owner2", "policy_owner");
  later();
  ASSERT_TRUE(reg->directory().reset_password(actor("admin"), "owner").ok());
  later();
  ASSERT_TRUE(reg->directory()
                  .link_account(actor("admin"), "owner", {"https://id.example", "subject-1"})
                  .ok());
  EXPECT_EQ(told(), (std::vector<std::string>{"person.account_linked", "person.password_reset",
                                              "person.added"}));
  EXPECT_EQ(reg->directory()
                .link_account(actor("admin"), "owner2", {"https://id.example", "subject-1"})
                .error()
                .code,
            ErrorCode::conflict);
  EXPECT_TRUE(verify(folder).ok());
}

// Both are in the recorder's queue when its thread is free again, so one commit takes both.
TEST_F(PersonNoticeTest, OfTwoWorksInOneCommitOneAloneGetsThePasskeyOrTheAccount) {
  const auto both = [&](const std::function<bool()>& one, const std::function<bool()>& other) {
    std::latch held(1);
    std::latch go_on(1);
    const auto busy = std::async(std::launch::async, [&] {
      return reg->recorder()
          .run([&](Transaction&) -> Result<Json> {
            held.count_down();
            go_on.wait();
            return Json();
          })
          .ok();
    });
    held.wait();
    auto first = std::async(std::launch::async, one);
    auto second = std::async(std::launch::async, other);
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    go_on.count_down();
    return int{first.get()} + int{second.get()};
  };
  const SoftwarePasskey shared(kSite);
  const auto prepare = [&](const std::string& who) {
    const std::string token = signed_in(who);
    EXPECT_TRUE(reg->directory().begin_passkey(token, kPassword).ok());
    const Json options = *reg->directory().passkey_options(token);
    const Json answer = shared.registration(
        shared.client_data("webauthn.create", challenge_in(options)), shared.attested(kNew, 1));
    return [this, token, answer] {
      return reg->directory().register_passkey(token, "the same", answer.dump()).ok();
    };
  };
  EXPECT_EQ(both(prepare("chief"), prepare("admin")), 1);
  EXPECT_EQ(person("chief").passkeys.size() + person("admin").passkeys.size(), 1U);
  const auto link = [&](const std::string& who) {
    return [this, who] {
      const identity::ProviderAccount account{"https://id.example", "subject-1"};
      return reg->directory().link_account(std::nullopt, who, account).ok();
    };
  };
  EXPECT_EQ(both(link("owner"), link("admin")), 1);
  EXPECT_TRUE(verify(folder).ok());
}

}  // namespace
}  // namespace firebreak::record
