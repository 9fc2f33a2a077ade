// SPDX-License-Identifier: Apache-2.0
// psni-service-instruction as a good engineer would write it by hand, with no engine: facts as a
// struct of enums and bit sets, rules as ifs in the order of their force. What an engine may cost
// at best, and what it is worth: nothing here can be proved, compared, explained or read by a
// lawyer, facts are never missing, and the force's settings are fixed at their defaults.
//
//   const Answer answer = decide(situation);
//   kRuleNames[answer.rule]
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace firebreak::bench {

enum class Action : uint8_t { share, call, check, prompt, ask_status, enforce };
enum class Recipient : uint8_t {
  immigration_enforcement,
  competent_authority,
  forced_marriage_unit,
  visa_casework,
  support_service,
  police,
  other
};
enum class Channel : uint8_t { email, telephone, in_person, system };
enum class VictimElsewhere : uint8_t { no, yes, unknown };
enum class SuspectedOf : uint8_t { nothing, immigration_only, other_offence };
enum class Offending : uint8_t { none, lower_level, other, high_harm };
enum class Consent : uint8_t { not_sought, given, refused, withdrawn };
enum class AgeGroup : uint8_t { adult, child, unknown };

// Sets are bits.
enum Role : uint8_t { victim = 1, witness = 2, reporter = 4, suspect = 8 };
enum CrimeType : uint8_t { trafficking_slavery = 8 };
enum Ground : uint8_t {
  nationality = 1,
  ethnicity = 2,
  no_leave_suspected = 4,
  suspected_offence = 8,
  legal_compulsion = 32
};
enum Purpose : uint8_t { immigration_status = 1 };

struct Situation {
  Action action{};
  Recipient recipient{};
  Channel channel{};
  VictimElsewhere victim_elsewhere{};
  SuspectedOf suspected_of{};
  Offending overseas_offending{};
  Consent consent{};
  AgeGroup age_group{};
  uint8_t role = 0;
  uint8_t crime_type = 0;
  uint8_t ground = 0;
  uint8_t purpose = 0;
  bool necessary = false;
  bool proportionate = false;
  bool prevents_further_offending = false;
};

enum class Verdict : uint8_t { refuse, permit, sign_off };
constexpr std::array<std::string_view, 3> kVerdictNames = {"refuse", "permit", "sign_off"};

enum Rule : uint8_t {
  by_legal_compulsion,
  asking_about_status,
  police_immigration_action,
  immigration_matters_alone,
  prompting,
  by_telephone,
  on_nationality_alone,
  on_status_alone,
  checks_for_status_alone,
  victims_first,
  lower_level_offending,
  exceptional_circumstances,
  exceptional_under_18,
  suspects,
  without_the_offence_as_reason,
  suspect_under_18,
  slavery_referral,
  slavery_without_consent,
  forced_marriage_referral,
  forced_marriage_without_consent,
  own_request,
  not_asked_for,
  support_service,
  support_without_consent,
  policing_purpose,
  without_a_purpose,
  by_default
};
constexpr std::array<std::string_view, 27> kRuleNames = {
    "legal-compulsion",
    "asking-about-status",
    "police-immigration-action",
    "immigration-matters-alone",
    "prompting",
    "by-telephone",
    "on-nationality-alone",
    "on-status-alone",
    "checks-for-status-alone",
    "victims-first",
    "victims-first/lower-level-offending",
    "victims-first/exceptional-circumstances",
    "victims-first/exceptional-circumstances/under-18-or-age-not-known",
    "suspects",
    "suspects/without-the-offence-as-reason",
    "suspects/under-18-or-age-not-known",
    "slavery-referral",
    "slavery-referral/without-consent",
    "forced-marriage-referral",
    "forced-marriage-referral/without-consent",
    "own-request",
    "own-request/not-asked-for",
    "support-service",
    "support-service/without-consent",
    "policing-purpose",
    "policing-purpose/without-a-purpose",
    "default"};

struct Answer {
  Verdict verdict = Verdict::refuse;
  Rule rule = by_default;
};

// Never inlined into the measurement: it is called as a library would be.
[[gnu::noinline]] Answer decide(const Situation& s);

}  // namespace firebreak::bench
