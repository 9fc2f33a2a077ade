// SPDX-License-Identifier: Apache-2.0
// The words of the register as people read them on the desk's and the data protection officer's
// pages.
#pragma once

#include <array>
#include <string>

#include "web/pages/parts.h"

namespace firebreak::web {

inline constexpr std::array<Choice, 5> kHoldReasons = {{
    {"safeguarding", "The person is not safe yet"},
    {"complaint", "There is a complaint"},
    {"legal_advice", "Legal advice is being taken"},
    {"facts_in_doubt", "The facts are in doubt"},
    {"other", "Another reason"},
}};
inline constexpr std::array<Choice, 4> kConsentSources = {{
    {"subject", "The person"},
    {"solicitor", "Their solicitor"},
    {"adviser", "Their adviser or support worker"},
    {"other", "Somebody else"},
}};
inline constexpr std::array<Choice, 3> kRecallAnswers = {{
    {"deleted", "The recipient says that it was deleted"},
    {"declined", "The recipient will not delete it"},
    {"no_reply", "The recipient does not answer"},
}};
inline constexpr std::array<Choice, 8> kOutcomes = {{
    {"no_reply", "No reply"},
    {"no_action", "No action was taken"},
    {"papers_served", "Papers were served"},
    {"detained", "The person was detained"},
    {"removed", "The person was removed"},
    {"status_granted", "The person was granted status"},
    {"other", "Something else"},
    {"unknown", "Not known"},
}};
inline constexpr std::array<Choice, 4> kOutcomeSources = {{
    {"recipient", "The recipient"},
    {"subject", "The person"},
    {"solicitor", "Their solicitor"},
    {"other", "Somebody else"},
}};
inline constexpr std::array<Choice, 3> kSafeguarding = {{
    {"done", "Safeguarding was done: the person is safe if this is sent"},
    {"not_needed", "Safeguarding is not needed"},
    {"not_safe", "No, it is not safe to send it now: hold it"},
}};
inline constexpr std::array<Choice, 2> kSettledAs = {{
    {"delivered", "It was delivered"},
    {"not_delivered", "It was not delivered"},
}};
inline constexpr std::array<Choice, 3> kEvidence = {{
    {"mail_log", "The mail log"},
    {"delivery_notice", "A delivery notice"},
    {"recipient", "The recipient's own word"},
}};
inline constexpr std::array<Choice, 7> kTasks = {{
    {"recall", "Ask the recipient to delete it: consent was withdrawn too late"},
    {"in_doubt", "Settle it: it is not known whether it arrived"},
    {"failed", "The mail server refused it for good"},
    {"release", "Release it"},
    {"chase", "Ask the recipient what became of it"},
    {"acknowledge", "The recipient has not acknowledged it"},
    {"held", "Held"},
}};
inline constexpr std::array<Choice, 4> kErasureReasons = {{
    {"subject_request", "The person asks for it"},
    {"court_order", "A court orders it"},
    {"unlawful", "It was unlawful to hold it"},
    {"retention", "Its retention has ended"},
}};

std::string state_words(std::string_view state);
// "Released for sending", of an entry's kind.
std::string entry_words(std::string_view event_kind);
// What became of one release.
std::string dispatch_words(std::string_view dispatch_state);

}  // namespace firebreak::web
