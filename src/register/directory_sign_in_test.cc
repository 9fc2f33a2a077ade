// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "identity/rights.h"
#include "register/directory.h"
#include "register/test_support.h"

namespace firebreak::record {
namespace {

using namespace std::chrono_literals;
using identity::Right;

constexpr const char* kIssuer = "https://sign-in.police.example";
constexpr const char* kProvider =
    "\n[sign_in.oidc]\nissuer = \"https://sign-in.police.example\"\nclient_id = \"firebreak\"\n"
    "client_secret_file = \"keys/oidc.secret\"\nclaim = \"groups\"\nname_claim = \"name\"\n"
    "[sign_in.oidc.roles]\nofficers = \"officer\"\n";

class SignInTest : public RegisterTest {
 protected:
  Directory& directory() { return reg->directory(); }
  AddedPerson add(const std::string& name, const std::vector<std::string>& roles = {"officer"}) {
    auto added = directory().add_person(std::nullopt, {name, name, roles, {}, false});
    EXPECT_TRUE(added.ok());
    return *added;
  }
  Result<SignedIn> by_provider(const std::string& subject, const std::string& name = {},
                               const std::vector<std::string>& roles = {"officer"}) {
    return directory().sign_in_by_provider({kIssuer, subject, roles, name});
  }
  void set(const std::string& more) {
    close();
    const auto file = folder / "force.toml";
    ASSERT_TRUE(write_file_durably(file, *read_file(file) + more));
    open();
  }
  // A line in the section [sign_in], which the demonstration has.
  void set_sign_in(const std::string& line) {
    const auto file = folder / "force.toml";
    ASSERT_TRUE(
        write_file_durably(file, replaced(*read_file(file), "[sign_in]\n", "[sign_in]\n" + line)));
  }
};

TEST_F(SignInTest, AOneTimePasswordWorksForItsDays) {
  const AddedPerson added = add("new");
  clock.advance(24h * 7 - 1s);
  EXPECT_TRUE(directory().sign_in("new", added.password).ok());
  clock.advance(1s);
  EXPECT_EQ(directory().sign_in("new", "wrong").error().code, ErrorCode::unauthorised);
  const auto late = directory().sign_in("new", added.password);
  EXPECT_EQ(late.error().code, ErrorCode::forbidden);
  EXPECT_NE(late.error().text().find("has expired"), std::string::npos);
  open();  // the day stands in the record
  EXPECT_FALSE(directory().sign_in("new", added.password).ok());

  EXPECT_EQ(directory().reset_password(actor("officer"), "new").error().code, ErrorCode::forbidden);
  EXPECT_EQ(entries().back().at("what"), "person.reset_password");
  EXPECT_EQ(directory().reset_password(actor("admin"), "nobody").error().code,
            ErrorCode::not_found);
  const auto again = directory().reset_password(actor("admin"), "new");
  ASSERT_TRUE(again.ok());
  const auto session = directory().sign_in("new", *again);
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(directory().change_password(session->token, *again, "three words together").ok());
  clock.advance(24h * 8);
  EXPECT_TRUE(directory().sign_in("new", "three words together").ok());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(SignInTest, TheFirstTimeTheNameLinksAndThenTheSubjectAlone) {
  add("quill");
  add("other");
  EXPECT_EQ(by_provider("s-1").error().code, ErrorCode::unauthorised);  // no name, no link
  EXPECT_EQ(by_provider("s-1", "nobody").error().code, ErrorCode::unauthorised);
  const uint64_t before = *reg->reader().size();
  const auto first = by_provider("s-1", "quill");
  ASSERT_TRUE(first.ok()) << first.error().text();
  EXPECT_FALSE(first->must_change_password);
  EXPECT_EQ(*reg->reader().size(), before + 1);  // the link is recorded, and once
  const std::string quill = directory().person_named("quill")->id;
  EXPECT_EQ(directory().authenticate(first->token)->id, quill);
  // Renamed at the provider: still the same person, and nobody else's name opens anything.
  EXPECT_EQ(by_provider("s-1", "other")->actor.id, quill);
  EXPECT_EQ(by_provider("s-2", "quill").error().code, ErrorCode::unauthorised);
  open();
  EXPECT_EQ(by_provider("s-1")->actor.id, quill);
  EXPECT_EQ(*reg->reader().size(), before + 1);
  EXPECT_FALSE(directory().sign_in_by_provider({"https://other.example", "s-1", {}, {}}).ok());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(SignInTest, GroupsGiveTheRolesOfTheSessionAndTheDirectoryTheRanks) {
  add("quill", {"administrator"});
  const auto session = by_provider("s-1", "quill", {"officer", "chief_officer"});
  ASSERT_TRUE(session.ok());
  const auto who = directory().authenticate(session->token);
  EXPECT_TRUE(identity::may(*who, Right::draft_referral));
  EXPECT_FALSE(identity::may(*who, Right::manage_people));
  EXPECT_TRUE(directory().person_named("quill")->ranks.empty());
  EXPECT_EQ(directory().change_password(session->token, "a", "another long password").error().code,
            ErrorCode::forbidden);
}

TEST_F(SignInTest, WhoIsSuspendedHereStaysOut) {
  add("quill");
  const auto session = by_provider("s-1", "quill");
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(directory().deactivate_person(std::nullopt, "quill").ok());
  EXPECT_FALSE(directory().authenticate(session->token).ok());
  EXPECT_EQ(by_provider("s-1", "quill").error().code, ErrorCode::unauthorised);
  EXPECT_FALSE(
      directory().sign_in_by_link(directory().person_named("quill")->id, "service_x").ok());
}

TEST_F(SignInTest, AnAdministratorLinksAnAccountThatIsNobodyElses) {
  add("quill");
  add("other");
  const auto link = [&](const char* who, const char* name, const char* subject) {
    return directory().link_account(actor(who), name, {kIssuer, subject});
  };
  EXPECT_EQ(link("officer", "quill", "s-1").error().code, ErrorCode::forbidden);
  EXPECT_EQ(link("admin", "nobody", "s-1").error().code, ErrorCode::not_found);
  EXPECT_EQ(link("admin", "quill", "").error().code, ErrorCode::bad_input);
  ASSERT_TRUE(link("admin", "quill", "s-1").ok());
  EXPECT_EQ(link("admin", "other", "s-1").error().code, ErrorCode::conflict);
  EXPECT_TRUE(by_provider("s-1").ok());
  const auto session = by_provider("s-1");
  ASSERT_TRUE(link("admin", "quill", "s-2").ok());  // in place of the one before
  EXPECT_FALSE(by_provider("s-1").ok());
  EXPECT_FALSE(directory().authenticate(session->token).ok());
  EXPECT_TRUE(by_provider("s-2").ok());
  EXPECT_EQ(entries().back().dump().find("s-2"), std::string::npos);  // not in the ledger
}

TEST_F(SignInTest, PasswordsCanBeSwitchedOffForAllButTheLastAdministrator) {
  const AddedPerson officer = add("quill");
  ASSERT_TRUE(directory().deactivate_person(std::nullopt, "admin").ok());
  const AddedPerson boss = add("boss", {"administrator"});
  set_sign_in("local = false\n");
  set(kProvider);
  EXPECT_EQ(directory().sign_in("quill", officer.password).error().code, ErrorCode::forbidden);
  // Who does not know the password is not told whose it is.
  EXPECT_EQ(directory().sign_in("quill", "wrong").error().code, ErrorCode::unauthorised);
  EXPECT_EQ(directory().sign_in("boss", "wrong").error().code, ErrorCode::unauthorised);
  EXPECT_TRUE(directory().sign_in("boss", boss.password).ok());
  EXPECT_TRUE(by_provider("s-1", "quill").ok());
  add("second", {"administrator"});
  EXPECT_EQ(directory().sign_in("boss", boss.password).error().code, ErrorCode::forbidden);
}

TEST_F(SignInTest, ALinkOfTheRecordsSystemOpensQuestionsAlone) {
  const std::string quill = add("quill", {"officer", "administrator"}).id;
  const auto session = directory().sign_in_by_link(quill, "service_x");
  ASSERT_TRUE(session.ok()) << session.error().text();
  EXPECT_EQ(entries().back().at("kind"), "session.linked");
  EXPECT_EQ(entries().back().at("service"), "service_x");
  const auto who = directory().authenticate(session->token);
  EXPECT_EQ(identity::rights_of(*who), std::vector<Right>{Right::ask_question});
  const auto answer = await(
      [&](Done done) { reg->questions().ask(*who, exceptional_facts(), "", std::move(done)); });
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_EQ(entries().back().at("through"), "service_x");
  EXPECT_FALSE(entries().back().contains("actor"));
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(SignInTest, OwnSessionsAreListedAndEndedTogether) {
  const AddedPerson added = add("quill");
  const auto one = directory().sign_in("quill", added.password);
  const auto two = directory().sign_in("quill", added.password);
  EXPECT_EQ(directory().sessions_of(one->token).size(), 2U);
  directory().sign_out_everywhere(one->token);
  EXPECT_FALSE(directory().authenticate(one->token).ok());
  EXPECT_FALSE(directory().authenticate(two->token).ok());
  EXPECT_TRUE(directory().sessions_of(one->token).empty());
}

}  // namespace
}  // namespace firebreak::record
