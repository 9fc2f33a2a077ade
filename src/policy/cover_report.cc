// SPDX-License-Identifier: Apache-2.0
// What the cases exercise, as text for a terminal and as JSON.
#include <algorithm>
#include <string_view>

#include "policy/analysis.h"
#include "policy/cover.h"

namespace firebreak::policy {
namespace {

// Further regions are in the JSON; nobody reads more on a screen.
constexpr size_t kMostRegionsShown = 20;

std::string times(const std::vector<std::string>& cases) {
  std::string out = cases.empty() ? "no" : std::to_string(cases.size());
  if (out.size() < 4) out.insert(0, 4 - out.size(), ' ');
  return out + (cases.size() == 1 ? " case   " : " cases  ");
}

std::string ready(std::string_view witness) {
  std::string out;
  while (!witness.empty()) {
    const size_t end = witness.find('\n');
    out.append("               ").append(witness.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    witness.remove_prefix(end + 1);
  }
  return out;
}

std::string text(const RuleCover& rule) {
  std::string out = times(rule.cases) + rule.kind;
  if (rule.kind != "default") out += " " + rule.name;
  out += " (line " + std::to_string(rule.line) + ")";
  if (!rule.answers) out += ": answers nowhere, no case can exercise it; see `check`";
  return out + "\n" + ready(rule.witness);
}

std::string text(const ClauseCover& clause) {
  std::string out = times(clause.cases) + clause.clause.id;
  if (!clause.used) out += ": no rule stands on it";
  return out + "\n";
}

std::string regions_text(const Cover& cover) {
  std::string out;
  size_t open = 0;
  for (const RegionCover& region : cover.regions) {
    if (!region.cases.empty() || ++open > kMostRegionsShown) continue;
    out += std::to_string(open) + ". " + shown(region.answer) + ": " + region.situations +
           (region.situations == "1" ? " situation\n" : " situations\n") + ready(region.witness);
  }
  if (open == 0) return "Every region is exercised by a case.\n";
  if (open > kMostRegionsShown) {
    out += "and " + std::to_string(open - kMostRegionsShown) + " smaller ones; --json has all\n";
  }
  return "Regions in which no case stands, the largest first, each with a case to put into the "
         "file\n" +
         out;
}

std::string line(const char* what, const Share& share) {
  std::string percent = std::to_string(share.percent);
  percent.erase(percent.find('.') + 2);
  return std::string(what) + share.exercised + " of " + share.of + " (" + percent + " %)\n";
}

Json share_json(const Share& share) {
  return {{"exercised", share.exercised}, {"of", share.of}, {"percent", share.percent}};
}

Json rule_json(const RuleCover& rule) {
  return {{"kind", rule.kind},       {"name", rule.name},   {"line", rule.line},
          {"clauses", rule.clauses}, {"cases", rule.cases}, {"answers", rule.answers},
          {"witness", rule.witness}};
}

Json clause_json(const ClauseCover& clause) {
  return {{"id", clause.clause.id}, {"text", clause.clause.text}, {"basis", clause.clause.basis},
          {"line", clause.line},    {"used", clause.used},        {"cases", clause.cases}};
}

Json region_json(const RegionCover& region) {
  return {{"rules", region.rules},
          {"decision", name(region.answer.decision)},
          {"covered", region.answer.covered},
          {"situations", region.situations},
          {"cases", region.cases},
          {"witness", region.witness}};
}

template <typename Items, typename One>
Json list_json(const Items& items, const One& one) {
  Json out = Json::array();
  for (const auto& item : items) out.push_back(one(item));
  return out;
}

}  // namespace

std::string text(const Cover& cover) {
  std::string out = cover.id + " version " + cover.version + ", " + std::to_string(cover.cases) +
                    (cover.cases == 1 ? " case" : " cases") + "\n\nRules that answer\n";
  for (const RuleCover& rule : cover.rules) out += text(rule);
  out += "\nClauses that are cited\n";
  for (const ClauseCover& clause : cover.clauses) out += text(clause);
  out += "\n" + regions_text(cover);
  out += "\nExercised\n";
  out += line("  rules       ", cover.rules_share);
  out += line("  clauses     ", cover.clauses_share);
  out += line("  regions     ", cover.regions_share);
  return out + line("  situations  ", cover.situations_share);
}

Json cover_json(const Cover& cover) {
  return {{"policy", {{"id", cover.id}, {"version", cover.version}, {"digest", cover.digest}}},
          {"cases", cover.cases},
          {"rules", list_json(cover.rules, rule_json)},
          {"clauses", list_json(cover.clauses, clause_json)},
          {"regions", list_json(cover.regions, region_json)},
          {"exercised",
           {{"rules", share_json(cover.rules_share)},
            {"clauses", share_json(cover.clauses_share)},
            {"regions", share_json(cover.regions_share)},
            {"situations", share_json(cover.situations_share)}}}};
}

}  // namespace firebreak::policy
