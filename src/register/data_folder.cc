// SPDX-License-Identifier: Apache-2.0
#include "register/data_folder.h"

#include <sys/stat.h>

#include <system_error>
#include <utility>

#include "base/files.h"
#include "ledger/note.h"
#include "register/event.h"
#include "register/policies_in_force.h"
#include "register/recorder.h"
#include "register/store.h"
#include "vault/vault.h"

namespace firebreak::record {
namespace {

namespace fs = std::filesystem;

Error unavailable(const std::string& what, const fs::path& path) {
  return {ErrorCode::unavailable, what, path.string(),
          "Check that the disk has room and may be written."};
}

// Makes the folder when it is not there; one that is there keeps its rights.
Result<void> make_folder(const fs::path& path, int mode) {
  std::error_code failed;
  if (fs::exists(path, failed)) return {};
  fs::create_directories(path, failed);
  if (failed || ::chmod(path.c_str(), static_cast<mode_t>(mode)) != 0)
    return unavailable("A folder cannot be made.", path);
  return {};
}

Result<void> copy_policies(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  size_t copied = 0;
  for (const auto& entry : fs::directory_iterator(from, failed)) {
    const auto extension = entry.path().extension();
    if (extension != ".policy" && extension != ".vocabulary" && extension != ".offences") continue;
    FB_TRY(const std::string text, read_file(entry.path()));
    FB_CHECK(write_file_durably(to / entry.path().filename(), text));
    ++copied;
  }
  if (failed || copied == 0) {
    return Error{ErrorCode::not_found, "There are no policies in this folder.", from.string(),
                 "Name the folder with the .policy and .vocabulary files."};
  }
  return {};
}

std::vector<NewPerson> first_people(bool demo, Day today) {
  if (!demo) return {{"admin", "Administrator", {"administrator"}, {}, false}};
  return {{"officer", "Demo officer", {"officer"}, {}, false},
          {"supervisor", "Demo supervisor", {"supervisor"}, {}, false},
          {"desk", "Demo referral desk", {"referral_desk"}, {}, false},
          {"chief",
           "Demo chief officer",
           {"chief_officer"},
           {{"chief_officer", today, std::nullopt}},
           true},
          {"dpo", "Demo data protection officer", {"data_protection_officer"}, {}, false},
          {"owner", "Demo policy owner", {"policy_owner"}, {}, false},
          {"board", "Demo board member", {"board_member"}, {}, false},
          {"admin", "Demo administrator", {"administrator"}, {}, false}};
}

// Everything but the last rename, inside a folder that nobody else sees yet.
class Builder {
 public:
  Builder(const InitOptions& options, FolderPaths paths, const Clock& clock, Random& random)
      : options_(options), paths_(std::move(paths)), clock_(clock), random_(random) {}

  Result<NewFolder> build() {
    FB_CHECK(make_folder(paths_.root, 0700));
    FB_CHECK(make_folder(paths_.policies(), 0755));
    FB_CHECK(make_folder(paths_.ledger_key().parent_path(), 0700));
    FB_CHECK(make_folder(paths_.ledger(), 0755));
    FB_CHECK(make_folder(paths_.outbox(), 0700));
    FB_CHECK(copy_policies(options_.policies, paths_.policies()));
    NewConfig choices = options_.config;
    choices.demo = options_.demo;
    const std::string text = new_config_text(choices, london_day(clock_.now()));
    FB_TRY(config_, read_config(text, "force.toml"));
    FB_CHECK(write_file_durably(paths_.config(), text));
    FB_CHECK(make_keys());
    FB_CHECK(Store::create(paths_.database()));
    FB_CHECK(first_entries());
    return std::move(made_);
  }

 private:
  Result<void> make_keys() {
    FB_TRY([[maybe_unused]] const auto vault,
           vault::MasterKey::create(paths_.vault_key(), random_));
    FB_TRY(const ledger::Signer signer, ledger::Signer::generate(config_.ledger.origin, random_));
    made_.ledger_public_key = signer.verifier().vkey();
    FB_CHECK(write_file_durably(paths_.ledger_key(), signer.skey() + "\n", 0600));
    return write_file_durably(paths_.ledger_public(), made_.ledger_public_key + "\n");
  }

  Result<void> first_entries() {
    FB_TRY(const PoliciesInForce policies,
           PoliciesInForce::load(paths_.policies(), config_, london_day(clock_.now())));
    FB_TRY(auto store, Store::open(paths_.database(), clock_, random_));
    Recorder recorder(std::move(store), {});
    const auto created = recorder.run([&](Transaction& tx) -> Result<Json> {
      Json event = new_event(kind::kRegisterCreated, kSystem);
      event["force"] = config_.force.name;
      event["domain"] = config_.force.domain;
      event["origin"] = config_.ledger.origin;
      event["ledger_key"] = made_.ledger_public_key;
      FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
      FB_CHECK(policies.record(tx));
      return Json();
    });
    if (!created) return created.error();
    return add_people(recorder);
  }

  Result<void> add_people(Recorder& recorder) {
    FB_TRY(auto directory,
           Directory::load(recorder, clock_, random_, options_.password_cost, config_.sign_in));
    for (const NewPerson& who : first_people(options_.demo, london_day(clock_.now()))) {
      FB_TRY(AddedPerson added, directory->add_person(std::nullopt, who));
      if (added.signing_secret) {
        FB_CHECK(make_folder(paths_.people(), 0700));
        FB_CHECK(write_file_durably(paths_.people() / (who.name + ".key"),
                                    identity::signing_secret_text(*added.signing_secret), 0600));
      }
      made_.people.push_back(std::move(added));
    }
    return {};
  }

  const InitOptions& options_;
  FolderPaths paths_;
  const Clock& clock_;
  Random& random_;
  Config config_;
  NewFolder made_;
};

}  // namespace

bool is_data_folder(const fs::path& folder) {
  std::error_code failed;
  return fs::exists(FolderPaths{folder}.database(), failed);
}

Result<NewFolder> init_data_folder(const InitOptions& options, const Clock& clock, Random& random) {
  std::error_code failed;
  const fs::path folder = fs::absolute(options.folder, failed).lexically_normal();
  if (fs::exists(folder, failed) && !fs::is_empty(folder, failed)) {
    return Error{ErrorCode::conflict, "This folder is not empty.", folder.string(),
                 "Name a new folder; an existing register is never written over."};
  }
  const fs::path target = folder.has_filename() ? folder : folder.parent_path();
  FB_CHECK(make_folder(target.parent_path(), 0755));
  const fs::path beside =
      target.parent_path() / random_name(random, "." + target.filename().string() + ".new-");
  auto made = Builder(options, {beside}, clock, random).build();
  if (made) {
    fs::rename(beside, target, failed);  // also over an empty folder
    if (failed) made = unavailable("The new folder cannot be put in place.", target);
  }
  if (!made) fs::remove_all(beside, failed);
  return made;
}

}  // namespace firebreak::record
