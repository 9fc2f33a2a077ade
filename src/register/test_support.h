// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder alone: a register in a temporary folder, its demo people, a renderer
// that lists the fields, and an exceptional referral ready to be drafted.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/files.h"
#include "identity/signoff.h"
#include "register/register.h"
#include "register/verify.h"

namespace firebreak::record {

class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class ListingRenderer final : public MessageRenderer {
 public:
  [[nodiscard]] Result<std::string> render(const MessageContent& content) const override;
};

std::filesystem::path policies_of_the_repository();
// The text with the first `from` in it replaced; a failure when there is none.
std::string replaced(std::string text, const std::string& from, const std::string& to);

// A demo register. Every fixture starts from a copy of one folder that is made once, because making
// passwords takes long.
class RegisterTest : public testing::Test {
 protected:
  RegisterTest();

  void open();
  void close() { reg.reset(); }

  // The demo person of that name, as if signed in with a password of their own.
  identity::Actor actor(const std::string& name);
  [[nodiscard]] identity::SigningSecret chief_key() const;

  Result<Json> draft(const Json& body, const std::string& who = "officer");
  // A new token each time, unless one is given.
  Result<Json> begin(const Json& body, const std::string& token = {});
  Result<Json> save(const std::string& ref, uint64_t content, const Json& body);
  Result<Json> forward(const std::string& ref, const std::string& who = "supervisor");
  Result<Json> submit(const std::string& ref, std::optional<Json> revised = std::nullopt);
  Result<Json> authorise(const std::string& ref, const std::string& who = "chief");
  Result<Json> release(const std::string& ref, bool supersede = false);
  Result<Json> settle(const std::string& ref, SettledAs as);
  // What two persons decide: one of the demo people proposes, the other approves.
  Result<Json> decide(const Json& request, const std::string& proposer = "owner",
                      const std::string& approver = "admin");
  // The same for a setting that counts at once, where the delay is none.
  void decide_setting(std::string_view name, const Json& value);
  // A person of that name who holds the rank, as two persons decided.
  void add_with_rank(NewPerson who);
  // A referral that reached this state on the ordinary way.
  std::string submitted();
  std::string authorised();
  std::string released();
  std::string handed();
  std::string in_doubt();

  std::string state_of(const std::string& ref);
  std::vector<Json> entries();
  // The newest entry is attempt.refused with this code, and there is exactly one more than before.
  void expect_refused(const Result<Json>& result, const std::string& code, uint64_t before);

  TempFolder temp;
  std::filesystem::path folder = temp.path() / "data";
  ManualClock clock{*parse_instant("2026-11-22T09:00:00Z")};
  SeededRandom random{1};
  std::unique_ptr<Register> reg;
};

Json exceptional_facts();
Json exceptional_draft();
// A suspect, routinely referred, with what must be known before that.
Json suspect_draft();

}  // namespace firebreak::record
