// SPDX-License-Identifier: Apache-2.0
#include "register/directory.h"

#include <atomic>
#include <chrono>
#include <latch>

#include "register/test_support.h"

namespace firebreak::record {
namespace {

class DirectoryTest : public RegisterTest {};

TEST_F(DirectoryTest, APersonSignsInChangesThePasswordAndThenMayAct) {
  auto& directory = reg->directory();
  const auto added =
      directory.add_person(std::nullopt, {"new", "New officer", {"officer"}, {}, false});
  ASSERT_TRUE(added.ok()) << added.error().text();
  EXPECT_EQ(directory.sign_in("new", "wrong").error().code, ErrorCode::unauthorised);
  EXPECT_EQ(directory.sign_in("nobody", "wrong").error().message,
            directory.sign_in("new", "wrong").error().message);
  const auto session = directory.sign_in("new", added->password);
  ASSERT_TRUE(session.ok());
  EXPECT_TRUE(session->must_change_password);
  EXPECT_TRUE(directory.authenticate(session->token)->must_change_password);
  EXPECT_FALSE(directory.change_password(session->token, "wrong", "a longer password").ok());
  EXPECT_FALSE(directory.change_password(session->token, added->password, "short").ok());
  const auto other = directory.sign_in("new", added->password);
  const auto renewed =
      directory.change_password(session->token, added->password, "a longer password");
  ASSERT_TRUE(renewed.ok());
  EXPECT_FALSE(renewed->must_change_password);
  EXPECT_FALSE(directory.authenticate(renewed->token)->must_change_password);
  EXPECT_FALSE(directory.authenticate(session->token).ok());  // nobody who knew it has it
  EXPECT_FALSE(directory.authenticate(other->token).ok());
  EXPECT_TRUE(directory.sign_in("new", "a longer password").ok());
  ASSERT_TRUE(directory.deactivate_person(std::nullopt, "new").ok());
  EXPECT_FALSE(directory.authenticate(renewed->token).ok());
  EXPECT_FALSE(directory.sign_in("new", "a longer password").ok());
  EXPECT_TRUE(verify(folder).ok());
}

TEST_F(DirectoryTest, AServicesTokenWorksAfterARestartUntilItIsDeactivated) {
  const auto added = reg->directory().add_service(actor("admin"), "records", "records_system");
  ASSERT_TRUE(added.ok()) << added.error().text();
  open();
  auto& directory = reg->directory();
  EXPECT_EQ(directory.authenticate(added->token)->id, added->id);
  EXPECT_FALSE(directory.authenticate(added->token + "x").ok());
  EXPECT_FALSE(directory.authenticate("").ok());
  EXPECT_EQ(directory.add_service(std::nullopt, "records", "other").error().code,
            ErrorCode::conflict);
  ASSERT_TRUE(directory.deactivate_service(std::nullopt, "records").ok());
  EXPECT_FALSE(directory.authenticate(added->token).ok());
  close();
  EXPECT_EQ(read_file(folder / "register.sqlite")->find(added->token), std::string::npos);
}

TEST_F(DirectoryTest, OnlyAnAdministratorAddsAndNamesAreUnique) {
  const uint64_t before = *reg->reader().size();
  EXPECT_EQ(reg->directory().add_service(actor("chief"), "x", "other").error().code,
            ErrorCode::forbidden);
  EXPECT_EQ(entries().back().at("what"), "service.add");
  EXPECT_EQ(*reg->reader().size(), before + 1);
  EXPECT_EQ(reg->directory()
                .add_person(std::nullopt, {"chief", "Other", {"officer"}, {}, false})
                .error()
                .code,
            ErrorCode::conflict);
}

TEST_F(DirectoryTest, AQuestionIsRecordedWithFacetsAlone) {
  Json facts = exceptional_facts();
  const auto answer = await(
      [&](Done done) { reg->questions().ask(actor("officer"), facts, "A", std::move(done)); });
  ASSERT_TRUE(answer.ok()) << answer.error().text();
  EXPECT_EQ(answer->at("decision"), "sign_off");
  const Json entry = entries().back();
  EXPECT_EQ(entry.at("kind"), "question.decided");
  for (const char* absent : {"at", "actor", "ground", "overseas_offending", "victim_elsewhere"})
    EXPECT_FALSE(entry.contains(absent)) << absent;
  EXPECT_EQ(entry.at("role"), Json::array({"victim"}));
  facts["role"] = {"victm"};
  EXPECT_EQ(
      await([&](Done done) { reg->questions().ask(actor("officer"), facts, "A", std::move(done)); })
          .error()
          .code,
      ErrorCode::bad_input);
  EXPECT_EQ(await([&](Done done) {
              reg->questions().ask(actor("board"), exceptional_facts(), "A", std::move(done));
            })
                .error()
                .code,
            ErrorCode::forbidden);
}

TEST_F(DirectoryTest, AFolderIsMadeOnceAndOpenedByOneProcess) {
  const auto again =
      init_data_folder({.folder = folder, .policies = policies_of_the_repository()}, clock, random);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  const auto second = Register::open({.folder = folder, .renderer = nullptr}, clock, random);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_EQ(Register::open({.folder = temp.path() / "none", .renderer = nullptr}, clock, random)
                .error()
                .code,
            ErrorCode::not_found);
  const auto nothing = init_data_folder(
      {.folder = temp.path() / "other", .policies = temp.path() / "none"}, clock, random);
  EXPECT_FALSE(nothing.ok());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(temp.path()), {}), 1);
}

// Not a benchmark: shows that many waiting callers share commits. In the release build of one quiet
// machine it prints the rate.
TEST_F(DirectoryTest, ManyQuestionsShareCommits) {
  constexpr int kQuestions = 4000;
  const identity::Actor who = actor("officer");
  const Json facts = exceptional_facts();
  std::latch done(kQuestions);
  std::atomic<int> answered = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kQuestions; ++i) {
    reg->questions().ask(who, facts, "A", [&](const Result<Json>& answer) {
      answered += answer.ok() ? 1 : 0;
      done.count_down();
    });
  }
  done.wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  RecordProperty("questions_per_second", static_cast<int>(kQuestions / took.count()));
  EXPECT_EQ(answered, kQuestions);
  EXPECT_TRUE(verify(folder).ok());
}

}  // namespace
}  // namespace firebreak::record
