// SPDX-License-Identifier: Apache-2.0
#include "register/change_state.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "register/event.h"

namespace firebreak::record {
namespace {

constexpr std::array<std::string_view, 5> kStages = {"proposed", "approved", "took_effect",
                                                     "refused", "withdrawn"};
constexpr std::array<std::string_view, 5> kParts = {"destinations", "policies", "settings",
                                                    "assertions", "ranks"};

Error impossible_step(std::string message) {
  return {ErrorCode::corrupt, std::move(message), {}, {}};
}

Result<Change> first(const Json& entry) {
  Change change;
  change.id = entry.at("change").get<std::string>();
  FB_TRY(change.lines, read_lines(entry.at("lines")));
  change.proposer = entry.at("actor").get<std::string>();
  change.proposed = entry.at("at").get<std::string>();
  return change;
}

Result<Change> approved(Change change, const std::string& person, const Json& entry) {
  if (change.stage != ChangeStage::proposed)
    return impossible_step("A change is approved that does not wait for approval.");
  if (person == kSystem || person == change.proposer)
    return impossible_step("A change is approved by the one who proposed it.");
  if (change.concerns(person))
    return impossible_step("A change is approved by the one whom it concerns.");
  const bool twice = std::any_of(change.approvals.begin(), change.approvals.end(),
                                 [&](const Approval& given) { return given.person == person; });
  if (twice) return impossible_step("A change is approved twice by one person.");
  const auto at = entry.at("at").get<std::string>();
  change.approvals.push_back({person, at});
  const bool enough = change.approvals.size() == change.approvals_needed();
  if (enough == entry.at("effective").is_null())
    return impossible_step("A change takes effect with another number of approvals than it needs.");
  if (!enough) return change;
  change.stage = ChangeStage::approved;
  change.effective = entry.at("effective").get<std::string>();
  const auto from = parse_instant(change.effective);
  if (!from || *from < *parse_instant(at))
    return impossible_step("A change is to take effect before it was approved.");
  return change;
}

Result<Change> took_effect(Change change, const Json& entry) {
  if (change.stage != ChangeStage::approved)
    return impossible_step("A change takes effect that nobody else approved.");
  change.ended = entry.at("at").get<std::string>();
  if (*parse_instant(change.ended) < *parse_instant(change.effective))
    return impossible_step("A change takes effect before its time.");
  change.stage = ChangeStage::took_effect;
  return change;
}

Result<Change> ended_change(Change change, ChangeStage as, const std::string& actor,
                            const Json& entry) {
  if (!change.is_open()) return impossible_step("A change is ended that is not open.");
  const bool own = actor == change.proposer;
  if (as == ChangeStage::withdrawn && !own)
    return impossible_step("A change is withdrawn by another than its proposer.");
  if (as == ChangeStage::refused && actor != kSystem && (own || change.concerns(actor)))
    return impossible_step("A change is refused by its proposer, or by the one whom it concerns.");
  change.stage = as;
  change.ended_by = actor;
  change.ended = entry.at("at").get<std::string>();
  return change;
}

}  // namespace

std::string_view stage_name(ChangeStage stage) { return kStages[static_cast<size_t>(stage)]; }

std::optional<ChangeStage> stage_named(std::string_view name) {
  const auto* found = std::find(kStages.begin(), kStages.end(), name);
  if (found == kStages.end()) return std::nullopt;
  return static_cast<ChangeStage>(found - kStages.begin());
}

size_t Change::approvals_needed() const { return proposer == kSystem ? 2 : 1; }

bool Change::concerns(std::string_view person) const {
  return std::any_of(lines.begin(), lines.end(), [&](const ChangeLine& line) {
    return line.part == "ranks" && line.key == person;
  });
}

bool Change::is_open() const {
  return stage == ChangeStage::proposed || stage == ChangeStage::approved;
}

bool Change::touches(std::string_view part) const {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const ChangeLine& line) { return line.part == part; });
}

Json to_json(const std::vector<ChangeLine>& lines) {
  Json out = Json::array();
  for (const ChangeLine& line : lines) {
    out.push_back(
        {{"part", line.part}, {"key", line.key}, {"before", line.before}, {"after", line.after}});
  }
  return out;
}

Result<std::vector<ChangeLine>> read_lines(const Json& json) {
  const Error damaged = impossible_step("The lines of a change cannot be read.");
  try {
    std::vector<ChangeLine> lines;
    std::set<std::pair<std::string, std::string>> seen;
    for (const Json& line : json) {
      lines.push_back({line.at("part").get<std::string>(), line.at("key").get<std::string>(),
                       line.at("before"), line.at("after")});
      const ChangeLine& last = lines.back();
      const bool known = std::find(kParts.begin(), kParts.end(), last.part) != kParts.end();
      if (!known || last.before == last.after || !seen.emplace(last.part, last.key).second)
        return damaged;
    }
    if (lines.empty()) return damaged;
    return lines;
  } catch (const std::exception&) {
    return damaged;
  }
}

Result<Change> next_change(const std::optional<Change>& before, const Json& entry) {
  try {
    const auto name = entry.at("kind").get<std::string>();
    if (before.has_value() == (name == kind::kChangeProposed))
      return impossible_step("A change is proposed once, and taken further only after that.");
    if (!before) return first(entry);
    const auto actor = entry.at("actor").get<std::string>();
    if (name == kind::kChangeApproved) return approved(*before, actor, entry);
    if (name == kind::kChangeTookEffect) return took_effect(*before, entry);
    if (name == kind::kChangeRefused)
      return ended_change(*before, ChangeStage::refused, actor, entry);
    return ended_change(*before, ChangeStage::withdrawn, actor, entry);
  } catch (const std::exception&) {
    return impossible_step("A member of a change's entry is of the wrong type.");
  }
}

Json to_json(const Change& change) {
  Json approvals = Json::array();
  for (const Approval& given : change.approvals)
    approvals.push_back({{"person", given.person}, {"at", given.at}});
  return {{"change", change.id},
          {"state", stage_name(change.stage)},
          {"lines", to_json(change.lines)},
          {"proposer", change.proposer},
          {"proposed", change.proposed},
          {"approvals", std::move(approvals)},
          {"approvals_needed", change.approvals_needed()},
          {"effective", change.effective},
          {"ended_by", change.ended_by},
          {"ended", change.ended}};
}

Result<Change> read_change(const Json& json) {
  try {
    Change change;
    change.id = json.at("change").get<std::string>();
    change.stage = stage_named(json.at("state").get<std::string>()).value();
    FB_TRY(change.lines, read_lines(json.at("lines")));
    change.proposer = json.at("proposer").get<std::string>();
    change.proposed = json.at("proposed").get<std::string>();
    for (const Json& given : json.at("approvals")) {
      change.approvals.push_back(
          {given.at("person").get<std::string>(), given.at("at").get<std::string>()});
    }
    change.effective = json.at("effective").get<std::string>();
    change.ended_by = json.at("ended_by").get<std::string>();
    change.ended = json.at("ended").get<std::string>();
    return change;
  } catch (const std::exception&) {
    return impossible_step("The record of a change cannot be read.");
  }
}

}  // namespace firebreak::record
