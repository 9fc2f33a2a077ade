// SPDX-License-Identifier: Apache-2.0
// A small vocabulary, and policies over it, for the tests and fuzz targets of this folder.
#pragma once

#include <string>

namespace firebreak::policy::testing {

inline constexpr const char* kWords = R"(vocabulary small version 1
  title "For tests"

attribute action one of
  question "What do you want to do?"
  share "Send"
  call "Telephone"

attribute recipient one of
  question "To whom?"
  enforcement "Enforcement"
  support_service "A support service"

attribute channel one of
  question "How?"
  email "E-mail"
  telephone "Telephone"
  in_person "In person"

attribute role any of, at least one
  question "What is the person's part?"
  victim "Victim"
  witness "Witness"
  suspect "Suspect"

attribute ground any of
  question "Why?"
  nationality "Nationality" protected
  offence "An offence"
  safety "Safety"

attribute necessary yes/no
  question "Is it necessary?"

attribute age number 0 to 120
  question "How old?"

attribute leave one of
  protected "Police do not ask for immigration status."
  not_asked "Not asked"
  held "Held"

impossible ground includes offence and not role includes suspect
  because "A person suspected of an offence has the role of suspect."

enforcement enforcement
ranks constable, inspector, chief_officer
fields name text, date_of_birth date, grounds text
bodies board "The Board", officer "The officer"
reasons history, necessity
)";

// A policy over kWords with these rules. Two clauses, C1 and C2; the default refuses.
inline std::string policy_text(const std::string& rules, const std::string& header = {}) {
  return "policy p version 1\n"
         "  title \"For tests\"\n"
         "  uses vocabulary small 1\n"
         "  default refuse \"Nothing allows this.\" under C1\n" +
         header +
         "clause C1 \"One.\"\n  basis known\n"
         "clause C2 \"Two.\"\n  source \"There\"\n  basis reported\n" +
         rules;
}

}  // namespace firebreak::policy::testing
