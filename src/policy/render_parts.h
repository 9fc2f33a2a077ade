// SPDX-License-Identifier: Apache-2.0
// For render.h: the parts of the view that come from the decision diagram, each an object or a list
// of the view.
//
//   Analysis analysis(policy->compiled());
//   view["TABLE"] = decision_table(analysis);
//   view["PICTURE"] = diagram_picture(analysis);
#pragma once

#include "base/json.h"
#include "policy/analysis.h"

namespace firebreak::policy {

constexpr size_t kMostTableRows = 40;
// A picture with more boxes helps nobody.
constexpr size_t kMostPictureBoxes = 150;

// The kinds of answer that a reader tells apart.
enum class ShownKind : uint8_t { refuse, silent, sign_off, discretion, permit };
ShownKind shown_kind(const Decision& decision);
// "Refused", "Silent (refused)", …
const char* kind_label(ShownKind kind);
// The kind of each situation's answer, as a node of the analysis' diagram.
NodeId kinds_of(Analysis& analysis);

// Values of a level of the diagram in words: "Victim: yes", "Recipient: Police, or other".
std::string level_words(const Policy::Compiled& compiled, uint32_t level,
                        const std::vector<uint32_t>& values);
// What a level asks: "What do you want to do?", "What is this person's part … Is it “Victim”?"
std::string level_question(const Policy::Compiled& compiled, uint32_t level);
// One of its answers: "By email", "yes", "18 or more".
std::string level_answer(const Policy::Compiled& compiled, uint32_t level, uint32_t value);

// Rows that exclude each other and together hold every possible situation, in the diagram's order,
// at most kMostTableRows; a row that would need more says what else it depends on.
Json decision_table(Analysis& analysis);
// The diagram as boxes with their places, lines between them, and the same in words. With more than
// kMostPictureBoxes boxes it tells kinds of answer apart only, and after that only the sharing
// of data with an enforcement recipient.
Json diagram_picture(Analysis& analysis);

}  // namespace firebreak::policy
