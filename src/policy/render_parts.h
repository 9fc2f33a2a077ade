// SPDX-License-Identifier: Apache-2.0
// For render.h: the parts of the view that come from the decision diagram, each an object or a list
// of the view.
//
//   Analysis analysis(policy->compiled());
//   view["TABLE"]["TABLE_ROW"] = decision_table(analysis);
//   view["PICTURE"] = diagram_picture(analysis);
#pragma once

#include "base/json.h"
#include "policy/analysis.h"

namespace firebreak::policy {

// A picture with more boxes helps nobody.
constexpr size_t kMostPictureBoxes = 150;

// The kinds of answer that a reader tells apart.
enum class ShownKind : uint8_t { refuse, silent, sign_off, discretion, permit };
ShownKind shown_kind(const Decision& decision);
// "Refused", "Silent (refused)", …
const char* kind_label(ShownKind kind);
// The kind of each situation's answer, as a node of the analysis' diagram.
NodeId kinds_of(Analysis& analysis);

// Where a page has the rule.
std::string rule_anchor(uint32_t rule);

// What a level asks: "What do you want to do?", "What is this person's part … Is it “Victim”?"
std::string level_question(const Policy::Compiled& compiled, uint32_t level);
// One of its answers: "By email", "yes", "18 or more".
std::string level_answer(const Policy::Compiled& compiled, uint32_t level, uint32_t value);

// One of the rows of which the first that applies answers.
struct DecisionRow {
  enum class What : uint8_t {
    rule,      // where its condition and those of the rules it is an exception to hold
    conflict,  // where rules contradict each other
    fallback,  // everywhere
  };
  What what = What::rule;
  uint32_t rule = 0;                 // with What::rule
  std::optional<Condition> channel;  // and only where this holds
  NodeId holds = 0;                  // the possible situations that no row above holds; not empty
  std::vector<ShownKind> kinds;      // of the answers there: one
};
// Nevers, conflicts, then each rule after its exceptions, then the default. Together they hold
// every possible situation. Empty when that became too large.
std::vector<DecisionRow> decision_rows(Analysis& analysis);
// The rows in words.
Json decision_table(Analysis& analysis);
// The diagram as boxes with their places, lines between them, and the same in words. With more than
// kMostPictureBoxes boxes it tells kinds of answer apart only, and after that only the sharing
// of data with an enforcement recipient.
Json diagram_picture(Analysis& analysis);

}  // namespace firebreak::policy
