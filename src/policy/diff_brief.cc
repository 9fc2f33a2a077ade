// SPDX-License-Identifier: Apache-2.0
#include "policy/diff_brief.h"

#include <algorithm>
#include <map>

#include "policy/condition_text.h"

namespace firebreak::policy {
namespace {

// Letters that a name must save before it is worth looking up, and those it must stand for.
constexpr size_t kWorthNaming = 80;
constexpr size_t kLeastNamed = 35;
constexpr size_t kMostNames = 8;
constexpr std::array<const char*, kMostNames> kNumerals = {"(i)", "(ii)", "(iii)", "(iv)",
                                                           "(v)", "(vi)", "(vii)", "(viii)"};

class Namer {
 public:
  explicit Namer(const Diff& diff) : words_(diff.words) {
    for (const DiffGroup& group : diff.groups) {
      for (const DiffRegion& region : group.regions) {
        for (const Condition& part : region.parts) offer(part);
        out_.parts.push_back(texts(region.parts));
      }
    }
  }

  Brief run() {
    for (size_t i = 0; i < kMostNames; ++i) {
      const Candidate* best = nullptr;
      size_t most = kWorthNaming;
      for (const auto& [text, candidate] : candidates_) {
        const size_t saved = saving(candidate);
        if (saved < most) continue;
        most = saved + 1;
        best = &candidate;
      }
      if (best == nullptr) break;
      out_.names.emplace_back(kNumerals[i], condition_text(best->condition, words_));
      for (Parts& parts : out_.parts) put_name(*best, kNumerals[i], parts);
    }
    return std::move(out_);
  }

 private:
  using Parts = std::vector<std::string>;
  struct Candidate {
    Condition condition;
    std::string text;  // as a part
    Parts opposite;    // what together says that it does not hold; none where nothing does
  };

  [[nodiscard]] Parts texts(const std::vector<Condition>& parts) const {
    Parts out;
    for (const Condition& part : parts) out.push_back(part_text(part, words_));
    return out;
  }

  void offer(const Condition& part) {
    Candidate out{part, part_text(part, words_), {}};
    const bool several = part.kind == Condition::Kind::disjunction;
    // One fact is read faster than a name for it.
    if (out.text.size() < kLeastNamed || (!several && part.operands.size() < 2)) return;
    for (const Condition& one : several ? part.parts : std::vector{part}) {
      const std::optional<Condition> opposite = opposite_of(one, words_);
      if (!opposite) {
        out.opposite.clear();
        break;
      }
      out.opposite.push_back(part_text(*opposite, words_));
    }
    candidates_.emplace(out.text, std::move(out));
  }

  static bool has_all(const Parts& parts, const Parts& wanted) {
    return !wanted.empty() && std::ranges::all_of(wanted, [&](const std::string& one) {
      return std::ranges::find(parts, one) != parts.end();
    });
  }

  // Letters less to read when the candidate has a name, its words once included.
  [[nodiscard]] size_t saving(const Candidate& candidate) const {
    constexpr size_t kName = 5;
    constexpr size_t kNegation = 4;
    size_t saved = 0;
    for (const Parts& parts : out_.parts) {
      if (has_all(parts, {candidate.text})) saved += candidate.text.size() - kName;
      if (!has_all(parts, candidate.opposite)) continue;
      size_t letters = 5 * (candidate.opposite.size() - 1);
      for (const std::string& one : candidate.opposite) letters += one.size();
      saved += letters - std::min(letters, kName + kNegation);
    }
    return saved - std::min(saved, candidate.text.size() + 2 * kName);
  }

  static void put_name(const Candidate& candidate, const std::string& name, Parts& parts) {
    std::ranges::replace(parts, candidate.text, name);
    if (!has_all(parts, candidate.opposite)) return;
    *std::ranges::find(parts, candidate.opposite.front()) = "not " + name;
    std::erase_if(parts, [&](const std::string& part) {
      return std::ranges::find(candidate.opposite, part) != candidate.opposite.end();
    });
  }

  const Vocabulary& words_;
  std::map<std::string, Candidate> candidates_;
  Brief out_;
};

}  // namespace

Brief brief_of(const Diff& diff) { return Namer(diff).run(); }

}  // namespace firebreak::policy
