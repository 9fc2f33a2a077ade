// SPDX-License-Identifier: Apache-2.0
// The answer to a person's own request, on a page and as a document that stands alone (for a PDF).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/clock.h"
#include "web/pages/case_words.h"

namespace firebreak::web {

// Why a part is withheld, as the law has it (DPA 2018 s.45(4), s.43(3)).
inline constexpr std::array<Choice, 5> kWithheldReasons = {{
    {"investigation", "It would prejudice an investigation, an inquiry or a prosecution"},
    {"public_security", "Public or national security"},
    {"other_people", "The rights and freedoms of other people"},
    {"legal_privilege", "It is legal advice"},
    {"court", "It is in a document made by or for a court"},
}};

// The parts of one referral that can be withheld: {name, label}.
struct SubjectPart {
  std::string name;
  std::string label;
};
std::vector<SubjectPart> subject_parts(const Json& referral);

// `found` is what SubjectAccess::show gives when it is answered.
Html answer_body(const Json& found, const std::string& force, Day today);

// The same as HTML that needs nothing else.
std::string answer_document(const Html& body);

}  // namespace firebreak::web
