// SPDX-License-Identifier: Apache-2.0
// Where two policies answer differently: every such situation, in regions described by few and
// short conditions, each with how many situations it holds, what either answers and under which
// clauses, and a situation to try.
//
//   FB_TRY(Diff diff, compare(*before, *after));
//   if (diff.groups.empty()) …                        // they answer the same everywhere
//   std::cout << text(diff, {.witnesses = true});
//
// A region may leave out what other regions describe: "…, except 4 and 5".
//
// Answers are the same when decision, covered, discretion, rank, count and conditions are. The
// regions are proved to hold exactly the situations that differ. Settings stand at their value in
// force.
#pragma once

#include <array>
#include <optional>

#include "base/json.h"
#include "policy/model.h"
#include "policy/space.h"

namespace firebreak::policy {

// What one of the two policies answers in a region.
struct DiffSide {
  std::vector<Decision> answers;     // one of each that differs from the others
  std::vector<std::string> rules;    // that answer, in order of force, then of the file
  std::vector<std::string> clauses;  // their clauses, "P1"
  std::string witness_case;  // the witness as a `case` of this policy, to be put into its file
};

struct DiffRegion {
  size_t number = 0;             // from 1, over all groups
  std::string where;             // a condition of the policy language
  Condition condition;           // the same
  std::vector<Condition> parts;  // joined by `and`, and without the exceptions, they are it
  // Regions of other groups, by number, that the condition takes out. They take out none.
  std::vector<size_t> except;
  Count situations;  // regions of one group may share situations
  Count left;        // of the group, in neither this region nor those before it
  std::array<DiffSide, 2> sides;
  Json witness;  // facts: whatever else holds, each policy has its one answer
};

// The situations with one pair of answers.
struct DiffGroup {
  std::array<Decision, 2> answers;  // an example; conditions may differ inside the group
  // The decision is the same and only what it is bound to differs. The conditions are then the same
  // in the whole group.
  bool conditions_only = false;
  Count situations;
  std::vector<DiffRegion> regions;  // the largest first
};

// How many of some situations differ, and which way. In the order refuse, sign-off, permit the
// decision of B is stricter or looser than that of A; otherwise it is the same, and what it is
// bound to, or whether the text says it, differs.
struct DiffCounts {
  Count situations;
  Count stricter;
  Count looser;
  Count otherwise;

  [[nodiscard]] Count differing() const { return stricter + looser + otherwise; }
};

// The differences by the values of two attributes.
struct DiffGrid {
  std::array<uint32_t, 2> attributes;  // of Diff::words: the rows' and the columns'
  std::vector<std::vector<DiffCounts>> cells;
};

struct Diff {
  struct Compared {
    std::string id;
    std::string version;
    std::string digest;
    SettingValues settings;  // each at its value in force
    SettingValues decided;   // those of them that are not left at their default
  };
  std::array<Compared, 2> policies;
  Vocabulary words;  // of the conditions
  Count situations;  // all that the vocabulary allows
  Count differing;
  DiffCounts kinds;               // over all situations
  std::optional<DiffGrid> grid;   // nothing where no two attributes are fit for one
  std::vector<DiffGroup> groups;  // the largest first; none: the policies answer the same
};

// Errors: bad_input when the policies do not use the same vocabulary; too_large.
Result<Diff> compare(const Policy& a, const Policy& b);

struct DiffTextOptions {
  bool witnesses = false;  // a situation for each region, as a case
};
// For a terminal, lines of at most 100 columns. Of a group with more than 40 regions the largest,
// and how many situations are not described; the JSON holds all.
std::string text(const Diff& diff, const DiffTextOptions& options = {});
Json diff_json(const Diff& diff);

}  // namespace firebreak::policy
