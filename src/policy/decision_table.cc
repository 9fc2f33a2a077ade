// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <set>

#include "policy/render_parts.h"
#include "policy/wording.h"

namespace firebreak::policy {
namespace {

struct TableRow {
  std::vector<std::string> conditions;
  NodeId node = 0;
  NodeId possible = 0;
  bool whole = false;  // not to be divided further
};

class TableMaker {
 public:
  explicit TableMaker(Analysis& analysis) : analysis_(analysis), diagram_(analysis.diagram()) {
    rows_.push_back({{}, kinds_of(analysis), analysis.possible(), false});
  }

  Json run() {
    while (divide_one()) {
    }
    Json out = Json::array();
    for (const TableRow& row : rows_) out.push_back(shown_row(row));
    return out;
  }

 private:
  // Divides the first of the least divided rows. False when none is left.
  bool divide_one() {
    size_t chosen = rows_.size();
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].whole || diagram_.is_terminal(rows_[i].node)) continue;
      if (chosen == rows_.size() || rows_[i].conditions.size() < rows_[chosen].conditions.size()) {
        chosen = i;
      }
    }
    if (chosen == rows_.size()) return false;
    std::vector<TableRow> parts = divided(rows_[chosen]);
    if (rows_.size() - 1 + parts.size() > kMostTableRows) {
      rows_[chosen].whole = true;
      return true;
    }
    const auto at = rows_.erase(rows_.begin() + static_cast<ptrdiff_t>(chosen));
    rows_.insert(at, parts.begin(), parts.end());
    return true;
  }

  // A way through the members of one set, or one value of another fact.
  using Path = std::vector<std::pair<uint32_t, uint32_t>>;  // level, value
  struct Group {
    NodeId node = 0;
    NodeId possible = 0;
    std::vector<Path> paths;
  };

  [[nodiscard]] uint32_t attribute_of(NodeId node) const {
    return analysis_.compiled().space.levels()[diagram_.level(node)].attribute;
  }

  // Follows the diagram while it asks about `attribute`, or for one step.
  void follow(NodeId node, NodeId possible, uint32_t attribute, size_t steps, Path& path,
              std::vector<Group>& out) {
    if (possible == diagram_.falsehood()) return;
    if (steps == 0 || diagram_.is_terminal(node) || attribute_of(node) != attribute) {
      auto same = std::find_if(out.begin(), out.end(),
                               [&](const Group& group) { return group.node == node; });
      if (same == out.end()) same = out.insert(out.end(), {node, diagram_.falsehood(), {}});
      same->possible = diagram_.any_of(same->possible, possible);
      same->paths.push_back(path);
      return;
    }
    const uint32_t level = diagram_.level(node);
    for (uint32_t value = 0; value < diagram_.size(level); ++value) {
      const NodeId child = diagram_.children(node)[value];
      path.emplace_back(level, value);
      follow(child, diagram_.fix(possible, level, value), attribute, steps - 1, path, out);
      path.pop_back();
    }
  }

  // By the fact at the top of its diagram; what leads to the same answers stays together. The
  // members of a set are taken at once where that can be said in short.
  std::vector<TableRow> divided(const TableRow& row) {
    constexpr size_t kMostPaths = 3;
    std::vector<Group> groups;
    Path path;
    follow(row.node, row.possible, attribute_of(row.node), SIZE_MAX, path, groups);
    const bool long_winded = std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
      return group.paths[0].size() > 1 && group.paths.size() > kMostPaths && !one_of_them(group);
    });
    if (long_winded) {
      groups.clear();
      follow(row.node, row.possible, attribute_of(row.node), 1, path, groups);
    }
    std::vector<TableRow> out;
    for (const Group& group : groups) {
      out.push_back({row.conditions, group.node, group.possible, false});
      if (groups.size() > 1) out.back().conditions.push_back(said(group));
    }
    return out;
  }

  // Whether the group is "at least one of some members": each path ends at its first yes.
  [[nodiscard]] bool one_of_them(const Group& group) const {
    return group.paths.size() > 1 &&
           std::all_of(group.paths.begin(), group.paths.end(), [](const Path& path) {
             return path.back().second == 1 &&
                    std::all_of(path.begin(), path.end() - 1,
                                [](const auto& step) { return step.second == 0; });
           });
  }

  [[nodiscard]] std::string said(const Group& group) const {
    const Policy::Compiled& compiled = analysis_.compiled();
    const Level& first = compiled.space.levels()[group.paths[0][0].first];
    const Attribute& attribute = compiled.vocabulary.words.attributes[first.attribute];
    if (attribute.kind != AttributeKind::any_of) {
      std::vector<uint32_t> values;
      for (const Path& path : group.paths) values.push_back(path[0].second);
      return level_words(compiled, group.paths[0][0].first, values);
    }
    const std::string name = spoken_name(attribute.name) + ": ";
    if (!one_of_them(group)) {
      std::vector<std::string> ways;
      for (const Path& path : group.paths) ways.push_back(said_members(attribute, path));
      return name + in_words(ways, "or else");
    }
    std::vector<std::string> members;
    for (const Path& path : group.paths) members.push_back(member(attribute, path.back().first));
    return name + "at least one of " + in_words(members, "and");
  }

  [[nodiscard]] std::string member(const Attribute& attribute, uint32_t level) const {
    const size_t slot = analysis_.compiled().space.levels()[level].slot;
    return "“" + attribute.values[slot - attribute.first_slot].label + "”";
  }

  [[nodiscard]] std::string said_members(const Attribute& attribute, const Path& path) const {
    std::vector<std::string> with;
    std::vector<std::string> without;
    for (const auto& [level, value] : path) {
      (value == 1 ? with : without).push_back(member(attribute, level));
    }
    if (without.empty()) return in_words(with, "and");
    const std::string none = (without.size() == 1 ? "not " : "none of ") + in_words(without, "and");
    return with.empty() ? none : in_words(with, "and") + " but " + none;
  }

  Json shown_row(const TableRow& row) {
    Json conditions = Json::array();
    for (const std::string& condition : row.conditions) {
      conditions.push_back({{"TABLE_CONDITION_TEXT", condition}});
    }
    Json out = {{"TABLE_CONDITION", conditions}, {"TABLE_ANY", row.conditions.empty()}};
    if (diagram_.is_terminal(row.node)) {
      out["TABLE_ANSWER"] = kind_label(static_cast<ShownKind>(diagram_.payload(row.node)));
      return out;
    }
    std::vector<std::string> kinds;
    for (const uint32_t kind : diagram_.payloads(row.node)) {
      kinds.emplace_back(kind_label(static_cast<ShownKind>(kind)));
    }
    out["TABLE_ANSWER"] = "It depends: " + in_words(kinds, "or");
    out["TABLE_MORE"] = {{"TABLE_MORE_TEXT", depends_on(row.node)}};
    return out;
  }

  std::string depends_on(NodeId node) {
    std::set<uint32_t> attributes;
    for (const NodeId below : diagram_.reachable(node)) {
      if (diagram_.is_terminal(below)) continue;
      attributes.insert(analysis_.compiled().space.levels()[diagram_.level(below)].attribute);
    }
    std::vector<std::string> names;
    for (const uint32_t attribute : attributes) {
      names.push_back(
          spoken_name(analysis_.compiled().vocabulary.words.attributes[attribute].name));
    }
    return in_words(names, "and");
  }

  Analysis& analysis_;
  Diagram& diagram_;
  std::vector<TableRow> rows_;
};

const Attribute& attribute_at(const Policy::Compiled& compiled, uint32_t level) {
  return compiled.vocabulary.words.attributes[compiled.space.levels()[level].attribute];
}

}  // namespace

ShownKind shown_kind(const Decision& decision) {
  if (decision.decision == Outcome::sign_off) return ShownKind::sign_off;
  if (decision.decision == Outcome::permit) {
    return decision.discretion ? ShownKind::discretion : ShownKind::permit;
  }
  return decision.covered ? ShownKind::refuse : ShownKind::silent;
}

const char* kind_label(ShownKind kind) {
  switch (kind) {
    case ShownKind::silent:
      return "Silent (refused)";
    case ShownKind::sign_off:
      return "After a sign-off";
    case ShownKind::discretion:
      return "At discretion";
    case ShownKind::permit:
      return "Allowed";
    default:
      return "Refused";
  }
}

NodeId kinds_of(Analysis& analysis) {
  const Policy::Compiled& compiled = analysis.compiled();
  return analysis.diagram().map(compiled.answers, [&](uint32_t id) {
    return static_cast<uint32_t>(shown_kind(compiled.outcomes[id].decision));
  });
}

std::string level_answer(const Policy::Compiled& compiled, uint32_t level, uint32_t value) {
  const Attribute& attribute = attribute_at(compiled, level);
  if (attribute.kind == AttributeKind::any_of) return value == 1 ? "yes" : "no";
  if (attribute.kind != AttributeKind::number) return attribute.values[value].label;
  const int32_t low = compiled.space.raw_at(level, value);
  const int32_t high = low + static_cast<int32_t>(compiled.space.width(level, value)) - 1;
  return low == high ? std::to_string(low) : std::to_string(low) + " to " + std::to_string(high);
}

std::string level_words(const Policy::Compiled& compiled, uint32_t level,
                        const std::vector<uint32_t>& values) {
  const Level& at = compiled.space.levels()[level];
  const Attribute& attribute = attribute_at(compiled, level);
  std::string name = spoken_name(attribute.name);
  if (attribute.kind == AttributeKind::any_of) {
    name += ", “" + attribute.values[at.slot - attribute.first_slot].label + "”";
  }
  std::vector<std::string> answers;
  for (const uint32_t value : values) answers.push_back(level_answer(compiled, level, value));
  if (values.size() + 1 == at.size && at.size > 3) {
    for (uint32_t value = 0; value < at.size; ++value) {
      if (std::find(values.begin(), values.end(), value) != values.end()) continue;
      return name + ": anything but “" + level_answer(compiled, level, value) + "”";
    }
  }
  return name + ": " + in_words(answers, "or");
}

std::string level_question(const Policy::Compiled& compiled, uint32_t level) {
  const Attribute& attribute = attribute_at(compiled, level);
  if (attribute.kind != AttributeKind::any_of) return asked_as(attribute);
  const size_t member = compiled.space.levels()[level].slot - attribute.first_slot;
  return asked_as(attribute) + " “" + attribute.values[member].label + "”?";
}

Json decision_table(Analysis& analysis) { return TableMaker(analysis).run(); }

}  // namespace firebreak::policy
