# SPDX-License-Identifier: Apache-2.0
# policies/psni-service-instruction.policy in Rego, by hand. `answer` looks at what nobody may do, then
# asks the rules of the recipient; these try one after the other in the order of their force, so an
# exception stands before its rule. What a permit is bound to stands in the policy's text alone, but for
# the channel. An answer is its decision and its rule.
package firebreak

answer := ["refuse", "asking-about-status"] if {
	input.action == "ask_status"
} else := ["refuse", "police-immigration-action"] if {
	input.action == "enforce"
} else := enforcement if {
	input.recipient == "immigration_enforcement"
} else := ["refuse", "checks-for-status-alone"] if {
	input.action == "check"
	status_alone
} else := ["refuse", "checks-for-status-alone"] if {
	input.recipient == "police"
	status_alone
} else := competent_authority if {
	input.recipient == "competent_authority"
} else := by_consent("forced-marriage-referral", "forced-marriage-referral/without-consent") if {
	input.recipient == "forced_marriage_unit"
} else := by_consent("own-request", "own-request/not-asked-for") if {
	input.recipient == "visa_casework"
} else := by_consent("support-service", "support-service/without-consent") if {
	input.recipient == "support_service"
} else := police if {
	input.recipient == "police"
} else := ["refuse", "legal-compulsion"] if {
	input.recipient == "other"
	legal_compulsion
} else := ["refuse", "default"]

enforcement := ["refuse", "legal-compulsion"] if {
	legal_compulsion
} else := ["refuse", "immigration-matters-alone"] if {
	input.action == "share"
	input.channel != "telephone"
	input.suspected_of != "other_offence"
	not protected
} else := ["refuse", "prompting"] if {
	input.action == "prompt"
} else := ["refuse", "by-telephone"] if {
	input.action == "call"
} else := ["refuse", "by-telephone"] if {
	input.channel == "telephone"
} else := ["refuse", "on-nationality-alone"] if {
	grounds_only({"nationality", "ethnicity"})
} else := ["refuse", "on-status-alone"] if {
	grounds_only({"nationality", "ethnicity", "no_leave_suspected"})
} else := ["refuse", "checks-for-status-alone"] if {
	input.action == "check"
	status_alone
} else := victims_first if {
	protected
} else := suspects if {
	input.action == "share"
} else := ["refuse", "default"]

victims_first := ["refuse", "victims-first/lower-level-offending"] if {
	input.overseas_offending == "lower_level"
} else := exceptional if {
	input.action == "share"
	input.overseas_offending == "high_harm"
	input.necessary
	input.proportionate
	input.prevents_further_offending
} else := ["refuse", "victims-first"]

exceptional := ["refuse", "victims-first/exceptional-circumstances/under-18-or-age-not-known"] if {
	input.age_group != "adult"
} else := ["sign_off", "victims-first/exceptional-circumstances"] if {
	input.channel == "email"
} else := ["refuse", "victims-first/exceptional-circumstances"]

suspects := ["refuse", "suspects/without-the-offence-as-reason"] if {
	not "suspected_offence" in input.ground
} else := ["refuse", "suspects/under-18-or-age-not-known"] if {
	input.age_group != "adult"
} else := ["permit", "suspects"] if {
	input.channel == "email"
} else := ["refuse", "suspects"]

competent_authority := ["refuse", "default"] if {
	not "trafficking_slavery" in input.crime_type
} else := ["refuse", "default"] if {
	not sends
} else := ["permit", "slavery-referral"] if {
	input.consent == "given"
} else := ["permit", "slavery-referral"] if {
	input.age_group == "child"
} else := ["refuse", "slavery-referral/without-consent"]

police := ["refuse", "default"] if {
	input.action == "prompt"
} else := ["refuse", "policing-purpose/without-a-purpose"] if {
	input.purpose == []
} else := ["permit", "policing-purpose"]

by_consent(allowed, refused) := ["refuse", "default"] if {
	not sends
} else := ["permit", allowed] if {
	input.consent == "given"
} else := ["refuse", refused]

protected if input.victim_elsewhere != "no"

protected if {
	some role in input.role
	role in {"victim", "witness", "reporter"}
}

legal_compulsion if {
	input.action == "share"
	input.channel != "telephone"
	"legal_compulsion" in input.ground
	protected
}

sends if input.action in {"share", "call"}

status_alone if input.purpose == ["immigration_status"]

grounds_only(allowed) if {
	input.ground != []
	every ground in input.ground { ground in allowed }
}
