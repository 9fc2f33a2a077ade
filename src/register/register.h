// SPDX-License-Identifier: Apache-2.0
// The register of a force, opened: everything the channels, the web server and the command line
// use. One process at a time opens a data folder (FolderLock).
//
//   FB_TRY(std::unique_ptr<Register> reg, Register::open({.folder = "data", .renderer = renderer},
//                                                        clock, random));
//   reg->start();                                   // the checkpoint clock
//   reg->questions().ask(actor, facts, "", done);
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/files.h"
#include "base/random.h"
#include "base/result.h"
#include "register/aftercare.h"
#include "register/changes.h"
#include "register/checkpointer.h"
#include "register/config.h"
#include "register/context.h"
#include "register/data_folder.h"
#include "register/directory.h"
#include "register/dispatch_queue.h"
#include "register/erasure.h"
#include "register/figures.h"
#include "register/policies_in_force.h"
#include "register/policy_drafts.h"
#include "register/questions.h"
#include "register/reader.h"
#include "register/recorder.h"
#include "register/referrals.h"
#include "register/renderer.h"
#include "register/subject_access.h"
#include "vault/vault.h"

namespace firebreak::record {

struct OpenOptions {
  std::filesystem::path folder;
  std::shared_ptr<const MessageRenderer> renderer;
  identity::PasswordCost password_cost = identity::PasswordCost::moderate;
  Recorder::Limits limits = {};
  std::string listen = {};  // where the server listens, when it is not as force.toml says
};

class Register {
 public:
  // Takes the lock, reads configuration, policies and keys, opens the store (its last root must be
  // that of its last entry), at the first opening records what force.toml says, brings changes
  // into force that are due, and puts interrupted dispatches in doubt. `clock` and `random` must
  // outlive it. Errors: conflict (another process), bad_input (force.toml), corrupt, unavailable.
  static Result<std::unique_ptr<Register>> open(OpenOptions options, const Clock& clock,
                                                Random& random);
  Register(const Register&) = delete;
  Register& operator=(const Register&) = delete;
  ~Register();

  // Starts the checkpoint clock and the erasures that are due.
  void start();

  [[nodiscard]] const FolderPaths& paths() const;
  // What holds now: two persons may change it while the register is open. A reference stays valid.
  [[nodiscard]] const Config& config() const;
  [[nodiscard]] const PoliciesInForce& policies() const;
  // What two persons decided, as force_settings.h has it.
  [[nodiscard]] const Json& settings() const;
  // Today's policy. Error: conflict when none is in force.
  [[nodiscard]] Result<std::shared_ptr<const policy::Policy>> policy_today() const;
  [[nodiscard]] const Clock& clock() const;
  [[nodiscard]] const vault::MasterKey& vault_key() const;  // for sealed outbox files
  [[nodiscard]] Recorder& recorder();
  [[nodiscard]] Reader& reader();
  [[nodiscard]] Figures& figures();
  [[nodiscard]] Directory& directory();
  [[nodiscard]] Changes& changes();
  [[nodiscard]] PolicyDrafts& policy_drafts();
  // What the policy owner has to know today: reviews, gaps, a force.toml that is not followed.
  [[nodiscard]] std::vector<std::string> notices() const;
  [[nodiscard]] Questions& questions();
  [[nodiscard]] Referrals& referrals();
  [[nodiscard]] AftercareSteps& aftercare();
  [[nodiscard]] Erasures& erasures();
  [[nodiscard]] SubjectAccess& subject_access();
  // Called, on the recorder's thread, when the erasure of a referral is on disk: what was carried
  // out of the register for it must go too. One listener, set before start().
  void on_erased(std::function<void(const ReferralState&)> listener);
  [[nodiscard]] DispatchQueue& dispatches();
  [[nodiscard]] Checkpointer& checkpointer();

 private:
  struct Parts;
  explicit Register(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace firebreak::record
