// SPDX-License-Identifier: Apache-2.0
// A force's data folder: where its files are, and how a new one is made.
//
//   force.toml  policies/  register.sqlite  keys/{ledger.key,vault.key}  ledger/{checkpoint,tile/…}
//   ledger.pub  outbox/  people/NAME.key  lock
//
//   FB_TRY(NewFolder made, init_data_folder({.folder = "data", .policies = "policies", .demo =
//   true},
//                                           clock, random));
//   for (const AddedPerson& person : made.people) print(person.name, person.password);   // once
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "identity/password.h"
#include "register/config.h"
#include "register/directory.h"

namespace firebreak::record {

struct FolderPaths {
  std::filesystem::path root;
  [[nodiscard]] std::filesystem::path config() const { return root / "force.toml"; }
  [[nodiscard]] std::filesystem::path policies() const { return root / "policies"; }
  [[nodiscard]] std::filesystem::path database() const { return root / "register.sqlite"; }
  [[nodiscard]] std::filesystem::path ledger_key() const { return root / "keys" / "ledger.key"; }
  [[nodiscard]] std::filesystem::path vault_key() const { return root / "keys" / "vault.key"; }
  [[nodiscard]] std::filesystem::path ledger() const { return root / "ledger"; }
  // The ledger's public key (vkey), beside the published folder and not in it: the publisher's
  // folder holds nothing but the log.
  [[nodiscard]] std::filesystem::path ledger_public() const { return root / "ledger.pub"; }
  [[nodiscard]] std::filesystem::path outbox() const { return root / "outbox"; }
  [[nodiscard]] std::filesystem::path people() const { return root / "people"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "lock"; }
};

struct InitOptions {
  std::filesystem::path folder;    // must not exist, or be empty
  std::filesystem::path policies;  // *.policy and *.vocabulary are copied from here
  // With demo: one person for each role, with signing keys in people/NAME.key, and an outbox that
  // can be read. Without: one administrator.
  bool demo = false;
  NewConfig config = {};
  identity::PasswordCost password_cost = identity::PasswordCost::moderate;
};

struct NewFolder {
  std::vector<AddedPerson> people;  // with one-time passwords, to be shown once
  std::string ledger_public_key;    // vkey
};

// Makes the folder whole or not at all: it is built beside and renamed into place. Errors: conflict
// when the folder holds something; not_found, bad_input (policies); unavailable.
Result<NewFolder> init_data_folder(const InitOptions& options, const Clock& clock, Random& random);

// Whether `folder` holds a register.
bool is_data_folder(const std::filesystem::path& folder);

}  // namespace firebreak::record
