// SPDX-License-Identifier: Apache-2.0
#include "handwritten.h"

namespace firebreak::bench {
namespace {

Answer refuse(Rule rule) { return {Verdict::refuse, rule}; }
Answer permit(Rule rule) { return {Verdict::permit, rule}; }

bool only(uint8_t set, uint8_t allowed) { return set != 0 && (set & ~allowed) == 0; }

Answer protected_person(const Situation& s) {
  if (s.overseas_offending == Offending::lower_level) return refuse(lower_level_offending);
  if (s.action != Action::share || s.overseas_offending != Offending::high_harm || !s.necessary ||
      !s.proportionate || !s.prevents_further_offending) {
    return refuse(victims_first);
  }
  if (s.age_group != AgeGroup::adult) return refuse(exceptional_under_18);
  if (s.channel != Channel::email) return refuse(exceptional_circumstances);
  return {Verdict::sign_off, exceptional_circumstances};
}

Answer suspect_alone(const Situation& s) {
  if (s.action != Action::share || s.suspected_of != SuspectedOf::other_offence) {
    return refuse(by_default);
  }
  if ((s.ground & suspected_offence) == 0) return refuse(without_the_offence_as_reason);
  if (s.age_group != AgeGroup::adult) return refuse(suspect_under_18);
  if (s.channel != Channel::email) return refuse(suspects);
  return permit(suspects);
}

Answer immigration_enforcement(const Situation& s) {
  const bool protect =
      (s.role & (victim | witness | reporter)) != 0 || s.victim_elsewhere != VictimElsewhere::no;
  const bool telephone = s.channel == Channel::telephone;
  if (s.action == Action::share && !telephone) {
    if (protect && (s.ground & legal_compulsion) != 0) return refuse(by_legal_compulsion);
    if (!protect && s.suspected_of != SuspectedOf::other_offence) {
      return refuse(immigration_matters_alone);
    }
  }
  if (s.action == Action::prompt) return refuse(prompting);
  if (s.action == Action::call || telephone) return refuse(by_telephone);
  if (only(s.ground, nationality | ethnicity)) return refuse(on_nationality_alone);
  if (only(s.ground, nationality | ethnicity | no_leave_suspected)) return refuse(on_status_alone);
  if (s.action == Action::check && only(s.purpose, immigration_status)) {
    return refuse(checks_for_status_alone);
  }
  return protect ? protected_person(s) : suspect_alone(s);
}

Answer protective_route(const Situation& s, Rule allowed, Rule refused) {
  if (s.action != Action::share && s.action != Action::call) return refuse(by_default);
  return s.consent == Consent::given ? permit(allowed) : refuse(refused);
}

Answer competent_authority(const Situation& s) {
  if ((s.crime_type & trafficking_slavery) == 0) return refuse(by_default);
  if (s.action != Action::share && s.action != Action::call) return refuse(by_default);
  if (s.consent != Consent::given && s.age_group != AgeGroup::child) {
    return refuse(slavery_without_consent);
  }
  return permit(slavery_referral);
}

Answer police(const Situation& s) {
  if (s.action == Action::prompt) return refuse(by_default);
  return s.purpose == 0 ? refuse(without_a_purpose) : permit(policing_purpose);
}

Answer someone_else(const Situation& s) {
  const bool protect =
      (s.role & (victim | witness | reporter)) != 0 || s.victim_elsewhere != VictimElsewhere::no;
  const bool compelled = s.action == Action::share && s.channel != Channel::telephone &&
                         (s.ground & legal_compulsion) != 0;
  return refuse(protect && compelled ? by_legal_compulsion : by_default);
}

}  // namespace

Answer decide(const Situation& s) {
  if (s.action == Action::ask_status) return refuse(asking_about_status);
  if (s.action == Action::enforce) return refuse(police_immigration_action);
  if (s.recipient == Recipient::immigration_enforcement) return immigration_enforcement(s);
  if (only(s.purpose, immigration_status) &&
      (s.action == Action::check || s.recipient == Recipient::police)) {
    return refuse(checks_for_status_alone);
  }
  switch (s.recipient) {
    case Recipient::competent_authority:
      return competent_authority(s);
    case Recipient::forced_marriage_unit:
      return protective_route(s, forced_marriage_referral, forced_marriage_without_consent);
    case Recipient::visa_casework:
      return protective_route(s, own_request, not_asked_for);
    case Recipient::support_service:
      return protective_route(s, support_service, support_without_consent);
    case Recipient::police:
      return police(s);
    default:
      return someone_else(s);
  }
}

}  // namespace firebreak::bench
