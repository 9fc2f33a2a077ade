// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/outbox.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/files.h"
#include "base/hash.h"

namespace firebreak::mail {
namespace {

using record::HandingOutcome;
namespace fs = std::filesystem;

class OutboxTest : public testing::Test {
 public:
  OutboxTest() {
    std::string name = (fs::temp_directory_path() / "outbox-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~OutboxTest() override { fs::remove_all(folder_); }
  OutboxTest(const OutboxTest&) = delete;
  OutboxTest& operator=(const OutboxTest&) = delete;

 protected:
  vault::MasterKey key(const char* name) {
    return *vault::MasterKey::create(folder_ / name, random_);
  }
  static record::Release release(uint64_t number = 1,
                                 std::string message = "Subject: x\r\n\r\nZo\r\n") {
    record::Release out;
    out.referral = "ref_0123456789abcdefghjkmnpqrs";
    out.number = number;
    out.message = std::move(message);
    return out;
  }
  fs::path folder_;
  SeededRandom random_{7};
};

TEST_F(OutboxTest, WritesOneOpenFileForEachRelease) {
  Outbox outbox({.folder = folder_ / "outbox"}, random_);
  EXPECT_EQ(outbox.hand_over(release(1), {}).outcome, HandingOutcome::accepted);
  EXPECT_EQ(outbox.hand_over(release(2), {}).outcome, HandingOutcome::accepted);
  EXPECT_EQ(*read_file(folder_ / "outbox/ref_0123456789abcdefghjkmnpqrs.1.eml"), release().message);
  EXPECT_EQ(*read_file(folder_ / "outbox/ref_0123456789abcdefghjkmnpqrs.2.eml"), release().message);
  struct stat status{};
  ASSERT_EQ(::stat((folder_ / "outbox").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
  ASSERT_EQ(::stat((folder_ / "outbox/ref_0123456789abcdefghjkmnpqrs.1.eml").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(OutboxTest, TwiceIsOnceAndAnotherMessageIsRefused) {
  const auto master = key("vault.key");
  for (const auto* sealed_by : {static_cast<const vault::MasterKey*>(nullptr), &master}) {
    Outbox outbox({.folder = folder_ / "outbox", .sealed_by = sealed_by}, random_);
    EXPECT_EQ(outbox.hand_over(release(), {}).outcome, HandingOutcome::accepted);
    EXPECT_EQ(outbox.hand_over(release(), {}).outcome, HandingOutcome::accepted);
    EXPECT_EQ(outbox.hand_over(release(1, "other\r\n"), {}).outcome,
              HandingOutcome::rejected_permanent);
  }
  EXPECT_EQ(
      *open_outbox_file(master, folder_ / "outbox/ref_0123456789abcdefghjkmnpqrs.1.eml.sealed"),
      release().message);
}

TEST_F(OutboxTest, ASealedFileOpensOnlyWithItsKeyAndName) {
  const auto master = key("vault.key");
  const auto other = key("other.key");
  Outbox outbox({.folder = folder_ / "outbox", .sealed_by = &master}, random_);
  ASSERT_EQ(outbox.hand_over(release(), {}).outcome, HandingOutcome::accepted);
  const fs::path path = folder_ / "outbox/ref_0123456789abcdefghjkmnpqrs.1.eml.sealed";
  const std::string bytes = *read_file(path);
  EXPECT_EQ(bytes.find("Zo"), std::string::npos);
  EXPECT_EQ(open_outbox_file(other, path).error().code, ErrorCode::corrupt);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_TRUE(write_file_durably(path, changed).ok());
    ASSERT_EQ(open_outbox_file(master, path).error().code, ErrorCode::corrupt) << i;
  }
  ASSERT_TRUE(write_file_durably(path, bytes.substr(0, 50)).ok());
  EXPECT_EQ(open_outbox_file(master, path).error().code, ErrorCode::corrupt);
  EXPECT_EQ(outbox.hand_over(release(), {}).outcome, HandingOutcome::rejected_permanent);
  for (const char* name : {"ref_0123456789abcdefghjkmnpqrs.2.eml.sealed", "ref_2.1.eml.sealed",
                           "sealed", ".eml.sealed", "ref_2.x.eml.sealed"}) {
    ASSERT_TRUE(write_file_durably(folder_ / name, bytes).ok());
    EXPECT_EQ(open_outbox_file(master, folder_ / name).error().code, ErrorCode::corrupt) << name;
  }
}

TEST_F(OutboxTest, AFolderThatCannotBeWrittenMeansNotSent) {
  ASSERT_TRUE(write_file_durably(folder_ / "file", std::string_view("x")).ok());
  Outbox outbox({.folder = folder_ / "file" / "outbox"}, random_);
  const HandOver result = outbox.hand_over(release(), {});
  EXPECT_EQ(result.outcome, HandingOutcome::not_sent) << result.explanation;
  EXPECT_EQ(result.detail, "outbox not writable");
}

TEST_F(OutboxTest, ANameCannotLeaveTheFolder) {
  Outbox outbox({.folder = folder_ / "outbox"}, random_);
  for (const char* name : {"", "../ref_1", "a/b", ".hidden"}) {
    auto wrong = release();
    wrong.referral = name;
    EXPECT_EQ(outbox.hand_over(wrong, {}).outcome, HandingOutcome::rejected_permanent) << name;
  }
}

TEST_F(OutboxTest, WhatWasErasedGoesAndNothingElse) {
  const auto master = key("vault.key");
  const fs::path folder = folder_ / "outbox";
  Outbox open({.folder = folder}, random_);
  Outbox sealed({.folder = folder, .sealed_by = &master}, random_);
  auto other = release();
  other.referral = "ref_other";
  for (Outbox* outbox : {&open, &sealed}) {
    for (const auto& one : {release(1), release(2), other})
      ASSERT_EQ(outbox->hand_over(one, {}).outcome, HandingOutcome::accepted);
  }
  ASSERT_TRUE(write_file_durably(folder / "README", std::string_view("x")).ok());
  EXPECT_EQ(*remove_from_outbox(folder, release().referral, 2), 4);
  EXPECT_EQ(*remove_from_outbox(folder, release().referral, 2), 0);
  EXPECT_EQ(*sweep_outbox(folder, [](const std::string&) { return false; }), 0);
  EXPECT_EQ(*sweep_outbox(folder, [](const std::string& ref) { return ref == "ref_other"; }), 2);
  EXPECT_TRUE(fs::exists(folder / "README"));
  EXPECT_EQ(*sweep_outbox(folder_ / "none", [](const std::string&) { return true; }), 0);
}

// Killed at any moment: each file that has its name is whole.
TEST_F(OutboxTest, AKillLeavesAWholeFileOrNone) {
  const std::string message(200'000, 'm');
  for (int round = 0; round < 20; ++round) {
    const fs::path folder = folder_ / std::to_string(round);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Outbox outbox({.folder = folder}, random_);
      for (uint64_t number = 1;; ++number) outbox.hand_over(release(number, message), {});
    }
    ::usleep(static_cast<useconds_t>(2'000 + round * 700));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (!fs::exists(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      const std::string name = file.path().filename().string();
      if (name.starts_with(".new-")) continue;
      EXPECT_EQ(read_file(file.path())->size(), message.size()) << name;
    }
  }
}

}  // namespace
}  // namespace firebreak::mail
