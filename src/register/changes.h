// SPDX-License-Identifier: Apache-2.0
// Changes that need two persons: ranks, destinations, policies in force, the settings that matter,
// the force's assertions. One proposes with a reason, another approves (never whom it concerns),
// and after a delay it takes effect; until then it may be withdrawn or refused. Each step is an
// entry and a notice to the Board.
//
//   FB_TRY(Json change, changes.propose(admin, {{"type", "destination"}, {"id", "desk"}, …}));
//   FB_TRY(Json now, changes.approve(owner, change.at("change")));
//   FB_TRY(Json done, changes.apply_due());         // at each tick of the checkpoint clock
//
// What can be asked for (docs/api.md): rank, end_rank, destination, end_destination, setting,
// policy, force_toml; each with a reason.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "identity/person.h"
#include "register/change_state.h"
#include "register/context.h"
#include "register/directory.h"

namespace firebreak::record {

// Safe to call from several threads. The calls wait for the disk, and those about a policy check
// it: not for an I/O thread.
class Changes {
 public:
  // `from_force_toml` is what force.toml asks for (settings_of), to tell how it differs.
  Changes(Context& context, Directory& directory, Json from_force_toml);

  // `actor` needs the right that each part asks for (change_force, change_policy), or is empty when
  // the command line acts on the folder itself: then two persons must approve. Nothing that could
  // not take effect is taken: a policy is checked as before it is put in force. Gives the change.
  // Errors: forbidden, bad_input, conflict, not_found.
  Result<Json> propose(const std::optional<identity::Actor>& actor, const Json& request);
  // Needs decide_change, and not to be who proposed it or whom it concerns. When the delay is zero
  // the change takes effect at once. Errors: forbidden, conflict (outdated, not open), not_found.
  Result<Json> approve(const identity::Actor& actor, const std::string& id);
  // The same right. `reason`: why not.
  Result<Json> refuse(const identity::Actor& actor, const std::string& id,
                      const std::string& reason);
  // Who proposed it.
  Result<Json> withdraw(const identity::Actor& actor, const std::string& id);

  // Brings into force what is due. Gives {"took_effect": N}. What cannot take effect any more is
  // refused in the record.
  Result<Json> apply_due();

  // {"changes": [...]}, newest first; {"notices": [...]}: each step of each change, and of who can
  // be one of two persons (person_notice.h), newest first.
  // For view_notices or decide_change; one's own change also for its proposer. Errors: forbidden,
  // not_found.
  [[nodiscard]] Result<Json> list(const identity::Actor& actor,
                                  const std::optional<ChangeStage>& stage);
  [[nodiscard]] Result<Json> show(const identity::Actor& actor, const std::string& id);
  [[nodiscard]] Result<Json> notices(const identity::Actor& actor);

  // What force.toml says and the force has not decided by two persons, in a sentence; empty when
  // there is nothing.
  [[nodiscard]] std::string force_toml_notice() const;

 private:
  Result<std::vector<ChangeLine>> requested(const Json& request);
  Result<Json> apply(const std::string& id);
  [[nodiscard]] std::string name_of(const std::string& person) const;
  [[nodiscard]] Json shown(const Json& document) const;

  Context& context_;
  Directory& directory_;
  std::mutex deciding_;  // one approval, or bringing into force, at a time
  mutable std::mutex mutex_;
  Json from_force_toml_;
};

}  // namespace firebreak::record
