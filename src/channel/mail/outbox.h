// SPDX-License-Identifier: Apache-2.0
// Where released messages go when the force has no relay configured: one file for each release, in
// a folder from which a person carries them on. Writing is durable and whole or not at all, and
// doing it twice is the same as doing it once.
//
//   Outbox outbox({.folder = data / "outbox", .sealed_by = &master}, random);
//   HandOver result = outbox.hand_over(release, stop);       // outbox/ref_….1.eml.sealed
//   FB_TRY(std::string message, open_outbox_file(master, path));
//
// <referral>.<release number>.eml is the message as it is, and can be opened by a mail program:
// only in the demonstration. Otherwise <referral>.<release number>.eml.sealed holds
//
//   "firebreak outbox v1\n" (20 bytes) || wrapped data key (73) || sealed message
//
// as vault/vault.h defines the last two, with a data key drawn for this file alone and the context
// (referral, "outbox", release number).
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "channel/mail/carrier.h"
#include "vault/vault.h"

namespace firebreak::mail {

struct OutboxSettings {
  std::filesystem::path folder;                 // made when it is missing, for its owner alone
  const vault::MasterKey* sealed_by = nullptr;  // none: messages lie open (the demonstration)
};

class Outbox final : public Carrier {
 public:
  // `random` and the master key must outlive the outbox.
  Outbox(OutboxSettings settings, Random& random)
      : settings_(std::move(settings)), random_(random) {}

  // accepted when the file is on disk, also when the same message was there before;
  // rejected_permanent when another message, or something unreadable, has its name; not_sent when
  // it cannot be written (disk full, read-only folder). Never in doubt: writing the file again is
  // harmless.
  HandOver hand_over(const record::Release& release, const std::stop_token& stop) override;

 private:
  OutboxSettings settings_;
  Random& random_;
};

// Takes away the files of a referral that was erased; `releases` is how often it was released.
// Gives how many there were. Error: unavailable, naming the file that could not be removed.
Result<int> remove_from_outbox(const std::filesystem::path& folder, const std::string& referral,
                               uint64_t releases);
// The same for every file whose referral `is_erased`: what an interrupted program left.
Result<int> sweep_outbox(const std::filesystem::path& folder,
                         const std::function<bool(const std::string& referral)>& is_erased);

// The message of a sealed outbox file. Errors: not_found, unavailable; corrupt when it was changed,
// renamed to another release, or sealed by another force's key.
Result<std::string> open_outbox_file(const vault::MasterKey& master,
                                     const std::filesystem::path& path);

}  // namespace firebreak::mail
