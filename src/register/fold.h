// SPDX-License-Identifier: Apache-2.0
// What the entries alone say, one after the other: the indexes, the people's keys and ranks, the
// policies in force. `verify` compares it with what is stored beside the entries.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "identity/person.h"
#include "identity/rights.h"
#include "policy/policy.h"
#include "register/governed_fold.h"
#include "register/referral_state.h"

namespace firebreak::record {

using DocumentKey = std::tuple<std::string, std::string, uint64_t>;  // kind, id, revision

struct ExpectedDocument {
  std::string digest;
  uint64_t seq = 0;
  bool destroyed = false;
};

// What was put in force, as far as it can be read again.
struct PolicyFile {
  std::string file;
  std::string digest;
  policy::Decisions decided;
  std::string offences_file;  // empty when the force named no list
};

class Fold {
 public:
  enum class Given {
    every_entry,
    some,  // of the people, for example, only those who signed: nobody else is looked for
  };
  explicit Fold(Given given = Given::every_entry) : given_(given) {}

  // Takes the next entry (read_entry). Error: corrupt, saying what is wrong in it: an impossible
  // step, a sign-off that does not verify, a document named twice, a policy that was not in force.
  Result<void> take(const Json& entry);

  [[nodiscard]] const std::map<DocumentKey, ExpectedDocument>& documents() const {
    return documents_;
  }
  [[nodiscard]] const std::map<std::string, ReferralState>& referrals() const { return referrals_; }
  [[nodiscard]] const std::set<std::pair<std::string, uint64_t>>& steps() const { return steps_; }
  [[nodiscard]] uint64_t sign_offs() const { return sign_offs_; }
  // From the first entry.
  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] const std::string& ledger_key() const { return ledger_key_; }
  // Whether the person, as the newest entry has them, deputises in this rank under the policy in
  // force on that day.
  [[nodiscard]] bool deputises(const std::string& person, const std::string& rank, Day day) const;
  // Every policy that was put in force, by its first day.
  [[nodiscard]] const std::map<std::string, PolicyFile>& policy_files() const { return files_; }
  // What two persons decided (force_settings.h); null before settings.first.
  [[nodiscard]] const Json& settings() const { return governed_.settings(); }

 private:
  struct Period {
    Json policy;
    Day from;
    std::optional<Day> until;
    std::vector<std::string> ranks;
  };
  Result<void> take_documents(const Json& entry);
  Result<void> take_kind(const std::string& name, const Json& entry);
  Result<void> take_policy(const Json& entry);
  Result<void> take_referral(const std::string& name, const Json& entry);
  Result<void> take_erasure(const std::string& name, const Json& entry);
  Result<void> check_erased(const Json& entry);
  Result<void> check_question(const Json& entry) const;
  Result<void> check_sign_off(const Json& entry, const ReferralState& before);
  Result<void> check_assertion(const Json& entry, const identity::Person& person,
                               const ReferralState& before);
  Result<void> take_person(const Json& entry, bool added);
  Result<void> check_waiting(const identity::Person& before, const identity::Person& after,
                             const Json& entry) const;
  Result<void> check_told(const identity::Person& before, const identity::Person& after,
                          const Json& entry, Instant at) const;
  [[nodiscard]] const Period* in_force(Day day) const;
  Result<void> check_time(const Json& entry);
  [[nodiscard]] Result<void> check_actor(const std::string& name, const Json& entry) const;
  [[nodiscard]] bool holds_right(const Json& actor, identity::Right right) const;

  Given given_;
  Instant newest_{};
  bool created_ = false;
  std::string origin_;
  std::string ledger_key_;
  std::map<DocumentKey, ExpectedDocument> documents_;
  std::map<std::string, ReferralState> referrals_;
  std::set<std::pair<std::string, uint64_t>> steps_;
  std::map<std::string, Json> people_;      // the newest entry about each
  std::map<std::string, uint32_t> counts_;  // the last count of each passkey that signed off
  std::map<std::string, Period> periods_;   // by first day
  std::map<std::string, PolicyFile> files_;
  struct Proposal {
    std::string proposer;
    std::set<std::string> referrals;  // not erased yet
    std::string approver;             // empty while it is open
    bool declined = false;
  };
  std::map<std::string, Proposal> proposals_;
  GovernedFold governed_;
  uint64_t sign_offs_ = 0;
};

}  // namespace firebreak::record
