# SPDX-License-Identifier: Apache-2.0
"""Invented questions and drafts that the whole-program tests share."""

BASE_FACTS = {
    "action": "share", "recipient": "immigration_enforcement", "channel": "email", "role": ["victim"],
    "victim_elsewhere": "no", "suspected_of": "nothing", "crime_type": ["other"], "ground": [],
    "overseas_offending": "none", "necessary": "no", "proportionate": "no", "prevents_further_offending": "no",
    "purpose": [], "consent": "not_sought", "age_group": "adult",
}
EXCEPTIONAL_FACTS = {**BASE_FACTS, "overseas_offending": "high_harm", "ground": ["overseas_offending"],
                     "necessary": "yes", "proportionate": "yes", "prevents_further_offending": "yes"}
SUSPECT_FACTS = {**BASE_FACTS, "role": ["suspect"], "suspected_of": "other_offence", "ground": ["suspected_offence"]}


def exceptional_draft(number=1):
    """A victim with a history of high-harm offending overseas: needs a chief officer's sign-off."""
    return {
        "destination": "immigration-desk", "occurrence": f"OCC-2026-{number:06}", "person": f"PER-{number:06}",
        "facts": EXCEPTIONAL_FACTS,
        "fields": {"name": f"Example Person {number}", "date_of_birth": "1980-02-29",
                   "offending_summary": "Convicted overseas of an offence on the high-harm list; verified record.",
                   "grounds": "Risk of further offending of the same kind."},
        "reasons": {"history": "Verified conviction, 2011.", "necessity": "No other measure addresses the risk.",
                    "proportionality": "Four facts, one recipient.", "prevention": "The recipient can act on the risk.",
                    "safeguarding": "Considered with the safeguarding lead; plan recorded."},
        "history": [{"kind": "conviction", "offence": "Murder", "date": "2011", "place": "Another country",
                     "source": "Verified extract of that country's register", "reliability": "1A",
                     "equivalence": "Murder, 001/01", "class": "high_harm", "classed_by": "Example Sergeant"}],
        "less_intrusive": "Measures of the police alone; they would not reach the risk.", "assurance": "none_held",
    }


# The signs of slavery and trafficking, asked for before a suspect is referred: none was found.
INDICATORS = {"checked_on": "2026-01-05", "answers": {
    name: "no" for name in ("controlled", "papers_held", "debt_or_pay", "made_to_offend", "afraid_or_coached",
                            "living_or_working")}}


def suspect_draft(number=1):
    """A suspect, routinely referred by e-mail: no sign-off, but a named person releases it."""
    return {
        "destination": "immigration-desk", "occurrence": f"OCC-2026-{number:06}", "person": f"PER-{number:06}",
        "facts": SUSPECT_FACTS,
        "fields": {"name": f"Example Person {number}", "date_of_birth": "1980-02-29", "offence": "Burglary.",
                   "grounds": "Suspected of the offence."},
        "reasons": {"rationale": "Suspected of burglary; referred under the instruction."},
        "role_changes": [], "indicators": INDICATORS,
    }


def evaluation(facts, **context):
    """The same question as AuthZEN 1.0 has it."""
    rest = {k: v for k, v in facts.items() if k != "action"}
    return {"subject": {"type": "service", "id": "records"}, "action": {"name": facts["action"]},
            "resource": {"type": "person_in_occurrence", "id": "PER-1", "properties": rest}, "context": context}
