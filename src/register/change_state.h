// SPDX-License-Identifier: Apache-2.0
// A change that needs two persons, as a function of its entries: the one reducer that the register
// writes by and `verify` checks by. It refuses an entry that cannot follow.
//
//   proposed -> approved -> took_effect
//       |           |-> refused | withdrawn
//       +-> refused | withdrawn
//
// A change is a list of lines. A line says of one key of one part what stands there before and
// after; null: nothing. The parts and their keys:
//
//   destinations  id           {"recipient","address","label"}
//   policies      first day    {"file","id","version","digest","until"?,"settings"?,"offences"?}
//   settings      name         a number or word: changes.delay_hours, referrals.supervisor, …
//   assertions    text         the claim
//   ranks         person_…     [{"rank","from","until"?}, …]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace firebreak::record {

struct ChangeLine {
  std::string part;
  std::string key;
  Json before;
  Json after;
  bool operator==(const ChangeLine&) const = default;
};
Json to_json(const std::vector<ChangeLine>& lines);
// Error: corrupt for what is not a list of lines of known parts, each key once.
Result<std::vector<ChangeLine>> read_lines(const Json& json);

enum class ChangeStage { proposed, approved, took_effect, refused, withdrawn };
std::string_view stage_name(ChangeStage stage);
std::optional<ChangeStage> stage_named(std::string_view name);

struct Approval {
  std::string person;
  std::string at;  // RFC 3339
};

struct Change {
  std::string id;  // "change_…"
  ChangeStage stage = ChangeStage::proposed;
  std::vector<ChangeLine> lines;
  std::string proposer;  // a person, or "system": the command line on the folder itself
  std::string proposed;  // RFC 3339
  std::vector<Approval> approvals;
  std::string effective;  // RFC 3339, not before this; empty until enough persons approved
  std::string ended_by;   // who refused or withdrew it, or "system"; empty while it is open
  std::string ended;      // RFC 3339: when it took effect, was refused or withdrawn

  // Persons who must approve. Two have always acted: a proposal that no person made needs two.
  [[nodiscard]] size_t approvals_needed() const;
  // Whether this person gains or loses by the change: then they do not approve it.
  [[nodiscard]] bool concerns(std::string_view person) const;
  [[nodiscard]] bool is_open() const;
  [[nodiscard]] bool touches(std::string_view part) const;
};

// The state after the entry (kinds change.*). `before` is empty for the first. Error: corrupt, when
// the entry cannot follow, saying why.
Result<Change> next_change(const std::optional<Change>& before, const Json& entry);

Json to_json(const Change& change);
Result<Change> read_change(const Json& json);

}  // namespace firebreak::record
