// SPDX-License-Identifier: Apache-2.0
// A difference for people, and as JSON.
#include <algorithm>
#include <map>

#include "policy/diff.h"
#include "policy/diff_brief.h"
#include "policy/diff_share.h"

namespace firebreak::policy {
namespace {

constexpr size_t kColumns = 100;
constexpr size_t kMostClauses = 8;   // named for a region, in the text
constexpr size_t kMostRegions = 40;  // of one group, in the text

std::string diff_joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

using Parts = std::vector<std::string>;

std::string diff_conjunction(const Parts& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " and ") + part;
  return out;
}

std::string decision_words(const Decision& answer) {
  if (!answer.covered) return "silent (refused)";
  const std::string at_discretion = "left to the officer";
  switch (answer.decision) {
    case Outcome::permit:
      return answer.discretion ? at_discretion : "allowed";
    case Outcome::sign_off:
      return (answer.discretion ? at_discretion + ", " : std::string()) +
             "allowed after sign-off by " +
             (answer.sign_off->count > 1 ? std::to_string(answer.sign_off->count) + " of " : "") +
             answer.sign_off->rank;
    default:
      return "refused";
  }
}

std::string conditions_words(const Conditions& bound) {
  std::vector<std::string> out;
  if (!bound.channel.empty()) out.push_back("only by " + diff_joined(bound.channel));
  if (!bound.disclose.empty()) out.push_back("of " + diff_joined(bound.disclose) + " alone");
  if (!bound.reasons.empty()) out.push_back("with reasons " + diff_joined(bound.reasons));
  if (!bound.report_to.empty()) out.push_back("reported to " + diff_joined(bound.report_to));
  if (!bound.notify.empty()) out.push_back(diff_joined(bound.notify) + " told");
  if (bound.expires_after) {
    out.push_back("void after " + std::to_string(*expiry_hours(bound)) + " hours");
  }
  std::string text;
  for (const std::string& one : out) text += (text.empty() ? "" : "; ") + one;
  return text;
}

// Breaks at blanks; the lines after the first begin with `indent`.
std::string wrapped(const std::string& text, size_t indent) {
  std::string out;
  size_t column = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (column + word.size() + 1 > kColumns && column > indent) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (at > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    at = end + 1;
  }
  return out + "\n";
}

// The letters of a clause's name and the number after them; no number: 0.
std::pair<std::string, int> clause_parts(const std::string& clause) {
  const size_t digits = clause.find_last_not_of("0123456789") + 1;
  const bool short_enough = digits < clause.size() && clause.size() - digits < 6;
  return {clause.substr(0, digits), short_enough ? std::stoi(clause.substr(digits)) : 0};
}

// Names in order, three and more in a row as "P1-P3".
std::vector<std::string> runs_of(std::vector<std::string> clauses) {
  std::ranges::sort(clauses, {}, clause_parts);
  std::vector<std::string> out;
  for (size_t i = 0; i < clauses.size();) {
    const auto [letters, number] = clause_parts(clauses[i]);
    size_t end = i + 1;
    while (end < clauses.size() &&
           clause_parts(clauses[end]) == std::pair(letters, number + static_cast<int>(end - i))) {
      ++end;
    }
    if (end - i > 2) {
      out.push_back(clauses[i] + "-" + clauses[end - 1]);
    } else {
      out.insert(out.end(), clauses.begin() + static_cast<std::ptrdiff_t>(i),
                 clauses.begin() + static_cast<std::ptrdiff_t>(end));
    }
    i = end;
  }
  return out;
}

class DiffText {
 public:
  DiffText(const Diff& diff, const DiffTextOptions& options)
      : diff_(diff), options_(options), brief_(brief_of(diff)) {}

  std::string write() {
    const std::string both = title(0) + " (A) and " + title(1) + " (B)";
    if (diff_.groups.empty()) {
      return wrapped(both + " answer the same in all " + grouped(diff_.situations) +
                         " situations." + settings(),
                     2);
    }
    std::string out = wrapped(both + " differ in " + grouped(diff_.differing) + " situations (" +
                                  share(diff_.differing, diff_.situations) + ").",
                              2);
    out += names();
    for (const DiffGroup& group : diff_.groups) out += write_group(group);
    return out + wrapped("In all other " + grouped(diff_.situations - diff_.differing) + " of " +
                             grouped(diff_.situations) +
                             " situations both answer the same (proved)." + settings(),
                         2);
  }

 private:
  [[nodiscard]] std::string title(size_t side) const {
    return diff_.policies[side].id + " " + diff_.policies[side].version;
  }
  [[nodiscard]] std::string settings() const {
    const auto& [a, b] = diff_.policies;
    if (a.settings.empty() && b.settings.empty()) return {};
    std::string decided;
    for (const auto& [letter, policy] : {std::pair("A", &a), std::pair("B", &b)}) {
      for (const auto& [name, value] : policy->decided) {
        decided.append(" In ").append(letter).append(" ").append(name);
        decided.append(" is ").append(value).append(".");
      }
    }
    return decided.empty() ? " Settings stand at their defaults."
                           : decided + " Other settings stand at their defaults.";
  }

  [[nodiscard]] std::string names() const {
    std::string out;
    for (const auto& [name, words] : brief_.names) {
      out += out.empty() ? name + " is " : "; " + name + " ";
      out += words;
    }
    return out.empty() ? out : wrapped(out + ".", 2);
  }

  // Whether the policy is bound to the same conditions in the whole group.
  static bool one_answer(const DiffGroup& group, size_t side) {
    return std::ranges::all_of(group.regions, [&](const DiffRegion& region) {
      return region.sides[side].answers.size() == 1 &&
             region.sides[side].answers[0].conditions == group.answers[side].conditions;
    });
  }
  static std::string answer_words(const DiffGroup& group, size_t side) {
    const Decision& example = group.answers[side];
    const std::string bound =
        one_answer(group, side) ? conditions_words(example.conditions) : std::string();
    if (bound.empty()) return decision_words(example);
    // What a decision is bound to is the point where nothing else differs, and a detail elsewhere.
    return decision_words(example) +
           (group.conditions_only ? " (" + bound + ")" : ", with conditions");
  }
  // The clauses; where there are none, the rules, which then are the default.
  static std::string reason(const DiffSide& side) {
    if (side.clauses.empty()) return diff_joined(side.rules);
    std::vector<std::string> runs = runs_of(side.clauses);
    if (runs.size() <= kMostClauses) return diff_joined(runs);
    runs.resize(kMostClauses);
    return diff_joined(runs) + " and more";
  }

  // The reason that is said once for the group, and then only what differs: of those that regions
  // have the one that spares the most letters.
  static std::string usual_reason(const DiffGroup& group, size_t side) {
    std::map<std::string, size_t> letters;
    for (const DiffRegion& region : group.regions) {
      const std::string own = reason(region.sides[side]);
      letters[own] += own.size();
    }
    return std::ranges::max_element(letters, {}, [](const auto& one) { return one.second; })->first;
  }
  static std::string usual_reasons(const DiffGroup& group) {
    const std::string out = "A: " + usual_reason(group, 0) + "; B: " + usual_reason(group, 1) + ".";
    const bool always = std::ranges::all_of(group.regions, [&](const DiffRegion& region) {
      return other_reasons(group, region).empty();
    });
    return always ? out : "Mostly " + out;
  }
  static std::string other_reasons(const DiffGroup& group, const DiffRegion& region) {
    std::string out;
    for (size_t side = 0; side < 2; ++side) {
      const std::string own = reason(region.sides[side]);
      if (own != usual_reason(group, side)) out += (side == 0 ? "; A: " : "; B: ") + own;
    }
    return out;
  }

  [[nodiscard]] const Parts& parts_of(const DiffRegion& region) const {
    return brief_.parts[region.number - 1];
  }
  // What every region of a group asks for, which is then said once; nothing where there is one.
  [[nodiscard]] Parts common_parts(const DiffGroup& group) const {
    Parts out;
    if (group.regions.size() < 2) return out;
    for (const std::string& part : parts_of(group.regions.front())) {
      const bool everywhere = std::ranges::all_of(group.regions, [&](const DiffRegion& region) {
        const Parts& parts = parts_of(region);
        return parts.size() > 1 && std::ranges::find(parts, part) != parts.end();
      });
      if (everywhere) out.push_back(part);
    }
    return out;
  }
  [[nodiscard]] std::string rest_of(const DiffRegion& region, const Parts& common) const {
    Parts rest;
    for (const std::string& part : parts_of(region)) {
      if (std::ranges::find(common, part) == common.end()) rest.push_back(part);
    }
    std::string out = rest.empty() ? "everywhere else" : diff_conjunction(rest);
    for (size_t i = 0; i < region.except.size(); ++i) {
      const bool last = i + 1 == region.except.size();
      out += (i == 0 ? ", except " : last ? " and " : ", ") + std::to_string(region.except[i]);
    }
    return out;
  }

  std::string write_group(const DiffGroup& group) {
    std::string heading = answer_words(group, 0) + " -> " + answer_words(group, 1);
    heading.front() = static_cast<char>(std::toupper(heading.front()));
    heading +=
        ": " + grouped(group.situations) + " (" + share(group.situations, diff_.situations) + ").";
    heading += " " + usual_reasons(group);
    const Parts common = common_parts(group);
    if (!common.empty()) heading += " Everywhere: " + diff_conjunction(common);
    std::string out = wrapped(heading, 2);
    for (size_t i = 0; i < group.regions.size(); ++i) {
      if (i == kMostRegions) return out + unlisted(group);
      out += write_region(group, group.regions[i], common);
    }
    return out;
  }

  static std::string unlisted(const DiffGroup& group) {
    const size_t more = group.regions.size() - kMostRegions;
    return wrapped("  and " + std::to_string(more) + " smaller regions, which hold " +
                       grouped(group.regions[kMostRegions - 1].left) +
                       " situations that are not described above; --json lists them all.",
                   4);
  }

  std::string write_region(const DiffGroup& group, const DiffRegion& region, const Parts& common) {
    const std::string label = "  " + std::to_string(region.number) + ". ";
    const std::string indent(label.size(), ' ');
    std::string out = label + rest_of(region, common);
    if (group.regions.size() > 1) {
      out += " [" + grouped(region.situations) + other_reasons(group, region) + "]";
    }
    out = wrapped(out, label.size());
    if (!options_.witnesses) return out;
    return out + details(region, indent) + indented(region.sides[0].witness_case, indent) +
           indented(region.sides[1].witness_case, indent);
  }

  // The rules and what the answers are bound to.
  std::string details(const DiffRegion& region, const std::string& indent) const {
    std::string out;
    for (size_t side = 0; side < 2; ++side) {
      const DiffSide& at = region.sides[side];
      std::string line = indent + diff_.policies[side].id + ": " + diff_joined(at.rules);
      for (const Decision& answer : at.answers) {
        const std::string bound = conditions_words(answer.conditions);
        if (!bound.empty()) line += (at.answers.size() > 1 ? "; in part " : "; ") + bound;
      }
      out += wrapped(line, indent.size() + 2);
    }
    return out;
  }

  static std::string indented(const std::string& lines, const std::string& indent) {
    std::string out = indent;
    for (size_t i = 0; i < lines.size(); ++i) {
      out += lines[i];
      if (lines[i] == '\n' && i + 1 < lines.size()) out += indent;
    }
    return out;
  }

  const Diff& diff_;
  const DiffTextOptions& options_;
  const Brief brief_;
};

Json answer_json(const Decision& answer) {
  const std::string conditions = conditions_words(answer.conditions);
  Json out = outcome_json(answer);
  out["words"] = decision_words(answer) + (conditions.empty() ? "" : "; " + conditions);
  return out;
}

Json counts_json(const DiffCounts& counts) {
  return {{"situations", counts.situations.str()},
          {"b_stricter", counts.stricter.str()},
          {"b_looser", counts.looser.str()},
          {"otherwise", counts.otherwise.str()}};
}

Json grid_json(const DiffGrid& grid, const Vocabulary& words) {
  const Attribute& rows = words.attributes[grid.attributes[0]];
  const Attribute& columns = words.attributes[grid.attributes[1]];
  Json cells = Json::array();
  for (size_t row = 0; row < grid.cells.size(); ++row) {
    for (size_t column = 0; column < grid.cells[row].size(); ++column) {
      Json cell = counts_json(grid.cells[row][column]);
      cell["row"] = rows.values[row].name;
      cell["column"] = columns.values[column].name;
      cells.push_back(std::move(cell));
    }
  }
  return {{"rows", rows.name}, {"columns", columns.name}, {"cells", std::move(cells)}};
}

Json side_json(const DiffSide& side) {
  Json answers = Json::array();
  for (const Decision& answer : side.answers) answers.push_back(answer_json(answer));
  return {{"answers", std::move(answers)},
          {"rules", side.rules},
          {"clauses", side.clauses},
          {"case", side.witness_case}};
}

}  // namespace

std::string text(const Diff& diff, const DiffTextOptions& options) {
  return DiffText(diff, options).write();
}

Json diff_json(const Diff& diff) {
  Json policies = Json::array();
  for (const Diff::Compared& one : diff.policies) {
    policies.push_back({{"id", one.id},
                        {"version", one.version},
                        {"digest", one.digest},
                        {"settings", one.settings}});
  }
  Json groups = Json::array();
  for (const DiffGroup& group : diff.groups) {
    Json regions = Json::array();
    for (const DiffRegion& region : group.regions) {
      regions.push_back({{"number", region.number},
                         {"where", region.where},
                         {"except", region.except},
                         {"situations", region.situations.str()},
                         {"a", side_json(region.sides[0])},
                         {"b", side_json(region.sides[1])},
                         {"witness", region.witness}});
    }
    groups.push_back({{"a", decision_words(group.answers[0])},
                      {"b", decision_words(group.answers[1])},
                      {"conditions_only", group.conditions_only},
                      {"situations", group.situations.str()},
                      {"regions", std::move(regions)}});
  }
  return {{"equal", diff.groups.empty()},
          {"policies", std::move(policies)},
          {"situations", diff.situations.str()},
          {"differing", diff.differing.str()},
          {"the_same", Count(diff.situations - diff.differing).str()},
          {"kinds", counts_json(diff.kinds)},
          {"grid", diff.grid ? grid_json(*diff.grid, diff.words) : Json()},
          {"groups", std::move(groups)}};
}

}  // namespace firebreak::policy
