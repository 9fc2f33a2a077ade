// SPDX-License-Identifier: Apache-2.0
#include "web/pages/case_words.h"

namespace firebreak::web {
namespace {

constexpr std::array<Choice, 13> kStateChoices = {{
    {"begun", "Begun"},
    {"draft", "Draft"},
    {"submitted", "Submitted"},
    {"authorised", "Signed off, waiting for release"},
    {"refused", "Refused"},
    {"withdrawn", "Withdrawn"},
    {"released", "Released, waiting to be sent"},
    {"handing", "Being handed to the mail server"},
    {"handed", "Handed to the mail server"},
    {"failed", "Not delivered"},
    {"in_doubt", "In doubt"},
    {"erased", "Erased"},
    {"closed", "Closed"},
}};

constexpr std::array<Choice, 26> kStepChoices = {{
    {"referral.begun", "Begun"},
    {"referral.saved", "Saved"},
    {"referral.drafted", "Drafted"},
    {"referral.submitted", "Submitted"},
    {"referral.returned", "Sent back to its requester"},
    {"referral.forwarded", "Forwarded by a supervisor"},
    {"referral.withdrawn", "Withdrawn by its requester"},
    {"referral.authorised", "Signed off"},
    {"referral.refused", "Refused"},
    {"referral.released", "Released for sending"},
    {"referral.handing", "Handing to the mail server began"},
    {"referral.handed", "Accepted by the mail server"},
    {"referral.failed", "Refused by the mail server, or not reached"},
    {"referral.in_doubt", "It is not known whether it arrived"},
    {"referral.settled", "Settled by evidence"},
    {"referral.superseded", "To be sent again"},
    {"referral.held", "Held"},
    {"referral.hold_ended", "The hold was ended"},
    {"referral.consent_withdrawn", "Consent was withdrawn"},
    {"referral.recall_answered", "Answer to the request to delete it"},
    {"referral.acknowledged", "Acknowledged by the recipient"},
    {"referral.outcome_asked", "The recipient was asked what became of it"},
    {"referral.outcome_recorded", "An outcome was recorded"},
    {"referral.closed", "Closed"},
    {"referral.viewed", "The content was seen"},
    {"referral.erased", "Erased"},
}};

constexpr std::array<Choice, 8> kDispatchChoices = {{
    {"released", "Waiting to be sent"},
    {"handing", "Being handed to the mail server"},
    {"handed", "The mail server took it"},
    {"failed", "The mail server refused it for good"},
    {"in_doubt", "Not known whether it arrived; it counts as disclosed"},
    {"delivered", "Delivered, by evidence"},
    {"not_delivered", "Not delivered, by evidence"},
    {"void", "Stopped before it was sent"},
}};

}  // namespace

std::string state_words(std::string_view state) { return label_of(kStateChoices, state); }
std::string entry_words(std::string_view event_kind) { return label_of(kStepChoices, event_kind); }
std::string dispatch_words(std::string_view state) { return label_of(kDispatchChoices, state); }

}  // namespace firebreak::web
