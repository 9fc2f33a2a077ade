// SPDX-License-Identifier: Apache-2.0
// What a policy's cases exercise: which rules answer in one of them, which clauses are cited, and
// which regions (situations in which the same rules answer) none of them stands in.
//
//   FB_TRY(const Cover covered, cover("policies/npcc-2018.policy"));
//   std::cout << text(covered);
//
// What is not exercised comes with its smallest situation, as a `case` to put into the file. A case
// that leaves facts open stands in every region that these leave open, when it has an answer at
// all: that answer is the same in each. Whether the cases pass is for `check` to say.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/policy.h"

namespace firebreak::policy {

// A `never`, a rule, an exception, or the default.
struct RuleCover {
  std::string kind;  // "never", "rule", "exception", "default"
  std::string name;
  int line = 0;
  std::vector<std::string> clauses;
  std::vector<std::string> cases;  // whose answers name it
  bool answers = false;            // in some possible situation
  std::string witness;             // where it answers and no case names it: the smallest situation
};

struct ClauseCover {
  Clause clause;
  int line = 0;
  bool used = false;               // by a rule or the default
  std::vector<std::string> cases;  // whose answers cite it
};

struct RegionCover {
  std::vector<std::string> rules;  // that answer there, in order of force
  Decision answer;
  std::string situations;          // how many it holds, in decimal
  std::vector<std::string> cases;  // that stand in it
  std::string witness;             // where no case stands in it
};

struct Share {
  std::string exercised;  // in decimal
  std::string of;
  double percent = 100;  // rounded down to a tenth
};

struct Cover {
  std::string id;
  std::string version;
  std::string digest;
  size_t cases = 0;
  std::vector<RuleCover> rules;      // as in the file; the default last
  std::vector<ClauseCover> clauses;  // as in the file
  std::vector<RegionCover> regions;  // the largest first
  Share rules_share;                 // of the rules that answer anywhere
  Share clauses_share;
  Share regions_share;
  Share situations_share;  // those in an exercised region, of all that are possible
};

// Cases for other settings than these are left out. Errors: those of Policy::load; too_large when
// the policy is too large to be looked at whole.
Result<Cover> cover(const std::filesystem::path& path, const Decisions& decided = {});
// The same from texts already read; the names stand in messages.
Result<Cover> cover_texts(const std::string& policy_name, std::string policy_text,
                          const std::string& vocabulary_name, std::string vocabulary_text);

// For a terminal. Ends with the shares.
std::string text(const Cover& cover);
Json cover_json(const Cover& cover);

}  // namespace firebreak::policy
