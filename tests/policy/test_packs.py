# SPDX-License-Identifier: Apache-2.0
"""What the packs answer, asked through the command line: the lines a to n for the service instruction,
and the comparison of policies in docs/packs.md, cell by cell. The packs' own cases say the same in the
policies' language; this says it from outside, without any of their words but the vocabulary's.
"""
import json

import pytest

from firebreak_server import firebreak

BASE = {
    "action": "share", "recipient": "immigration_enforcement", "channel": "email", "role": "victim",
    "victim_elsewhere": "no", "suspected_of": "nothing", "crime_type": "other", "ground": "",
    "overseas_offending": "none", "necessary": "no", "proportionate": "no", "prevents_further_offending": "no",
    "purpose": "", "consent": "not_sought", "leave": "not_asked", "age_group": "adult",
}
EXCEPTIONAL = {"overseas_offending": "high_harm", "necessary": "yes", "proportionate": "yes",
               "prevents_further_offending": "yes", "ground": "overseas_offending"}
SUSPECT = {"role": "suspect", "suspected_of": "other_offence", "ground": "suspected_offence"}
SLAVERY = {"crime_type": "trafficking_slavery", "recipient": "competent_authority", "ground": "safeguarding",
           "consent": "given"}
CHECK = {"action": "check", "recipient": "police", "channel": "system"}
BY_TELEPHONE = {"channel": "telephone"}
LIMBS = ["necessary", "proportionate", "prevents_further_offending"]


def decide(policy, facts):
    """The answer to exactly these facts."""
    arguments = [part for name, value in facts.items() for part in ("--set", f"{name}={value}")]
    done = firebreak("policy", "decide", policy, *arguments, "--json", check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def service_instruction(*changes):
    facts = dict(BASE)
    for change in changes:
        facts |= change
    return decide("psni-service-instruction", facts)


def cell(answer):
    """An answer as the table of docs/packs.md writes it."""
    if answer["decision"] == "sign_off":
        return "E"
    if answer["decision"] == "permit":
        by_email = " by email" if answer["conditions"]["channel"] == ["email"] else ""
        return "X" if answer["discretion"] else "R" + by_email
    return "D" if answer["covered"] else "not covered"


REFUSED = {
    "a": [],
    "b": [{"role": "witness", "ground": "nationality"}],
    "d": [EXCEPTIONAL, BY_TELEPHONE],
    "d, as a call": [EXCEPTIONAL, BY_TELEPHONE, {"action": "call"}],
    "e, lower level": [EXCEPTIONAL, {"overseas_offending": "lower_level"}],
    "e, other": [EXCEPTIONAL, {"overseas_offending": "other"}],
    **{f"f, not {limb}": [EXCEPTIONAL, {limb: "no"}] for limb in LIMBS},
    "h, by telephone": [SUSPECT, BY_TELEPHONE],
    "h, because of nationality": [SUSPECT, {"ground": "nationality"}],
    "h, a victim elsewhere": [SUSPECT, {"victim_elsewhere": "yes"}],
    "i": [{"role": "victim,suspect", "suspected_of": "immigration_only"}],
    "j": [{"role": "victim,suspect", "suspected_of": "other_offence"}],
    **{f"m, {action}": [{"action": action}] for action in ("prompt", "ask_status", "enforce")},
    "n, for status": [CHECK, {"purpose": "immigration_status"}],
    "a child, every limb met": [EXCEPTIONAL, {"age_group": "child"}],
    "age not known, every limb met": [EXCEPTIONAL, {"age_group": "unknown"}],
    "consent is not a ground": [{"consent": "given"}],
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
def test_refused(changes):
    answer = service_instruction(*changes)
    assert answer["decision"] == "refuse"
    assert answer["covered"] is True
    assert answer["because"] and answer["clauses"]
    assert answer["sign_off"] is None


def test_c_needs_a_chief_officer_and_email():
    answer = service_instruction(EXCEPTIONAL)
    assert answer["decision"] == "sign_off"
    assert answer["sign_off"] == {"rank": "chief_officer", "count": 1}
    conditions = answer["conditions"]
    assert conditions["channel"] == ["email"]
    assert set(conditions["disclose"]) == {"name", "date_of_birth", "offending_summary", "grounds"}
    assert set(conditions["reasons"]) == {"history", "necessity", "proportionality", "prevention", "safeguarding"}
    assert conditions["report_to"] == ["policing_board"]
    assert conditions["expires_after"] == "PT72H"


@pytest.mark.parametrize("channel", ["telephone", "in_person", "system"])
def test_only_email_opens_the_exception(channel):
    assert service_instruction(EXCEPTIONAL, {"channel": channel})["decision"] == "refuse"


def test_g_a_suspect_by_email():
    answer = service_instruction(SUSPECT)
    assert answer["decision"] == "permit"
    assert answer["conditions"]["channel"] == ["email"]
    assert "address" not in answer["conditions"]["disclose"]
    assert answer["conditions"]["reasons"] == ["rationale"]


def test_k_names_the_facts_that_matter():
    answer = decide("psni-service-instruction", {name: BASE[name] for name in ("action", "recipient", "channel", "role")})
    assert answer["decision"] == "undetermined"
    assert "overseas_offending" in answer["missing"]


def test_l_the_route_for_victims_of_trafficking_stays_open():
    assert service_instruction(SLAVERY)["decision"] == "permit"
    for consent in ("not_sought", "refused", "withdrawn"):
        assert service_instruction(SLAVERY, {"consent": consent})["decision"] == "refuse"


def test_n_a_check_to_investigate():
    assert service_instruction(CHECK, {"purpose": "investigation"})["decision"] == "permit"


def test_a_victim_is_refused_after_few_facts():
    answer = decide("psni-service-instruction",
                    {name: BASE[name] for name in ("action", "recipient", "channel", "role", "ground", "overseas_offending")})
    assert answer["decision"] == "refuse"
    assert answer["rule"] == "victims-first"
    assert answer["support"]


def test_a_court_order_goes_to_the_data_protection_officer():
    answer = service_instruction({"ground": "legal_compulsion"})
    assert answer["decision"] == "refuse"
    assert answer["conditions"]["notify"] == ["data_protection_officer"]


def test_suspected_of_immigration_matters_alone_is_to_be_reviewed():
    answer = service_instruction(SUSPECT, {"suspected_of": "immigration_only", "ground": "no_leave_suspected"})
    assert answer["decision"] == "refuse"
    assert answer["conditions"]["notify"] == ["supervisor"]


PACKS = ["psni-legacy", "psni-service-instruction", "npcc-2018", "npcc-2020", "hmicfrs-interim", "vpb-amendment-96",
         "full-firewall"]
ABUSE = {"crime_type": "domestic_abuse"}
DOUBT = {"leave": "doubted", "ground": "no_leave_suspected"}
NONE = "not covered"
TABLE = [
    ("victim, status only doubted", ABUSE | DOUBT, ["R", "D", "X", "X", "D", "C", "D"]),
    ("victim, stayed longer than the visa", ABUSE | {"leave": "admitted_none"}, ["R", "D", "X", "X", "X", "C", "D"]),
    ("witness, foreign national", {"role": "witness", "ground": "nationality"}, ["R", "D", "X", "X", NONE, NONE, "D"]),
    ("trafficking, competent authority", SLAVERY, ["R"] * 7),
    ("victim, convicted of murder abroad", ABUSE | EXCEPTIONAL, ["R", "E", "X", "X", NONE, "C", "D"]),
    ("victim, small amount of cannabis", ABUSE | EXCEPTIONAL | {"overseas_offending": "lower_level"},
     ["R", "D", "X", "X", NONE, "C", "D"]),
    ("suspect", SUSPECT, ["R", "R by email", "R", "R", NONE, NONE, NONE]),
    ("counter-allegation", ABUSE | SUSPECT | {"role": "victim,suspect"}, ["R", "D", "X", "X", NONE, "C", "D"]),
    ("immigration matters alone, status only doubted",
     ABUSE | DOUBT | {"role": "victim,suspect", "suspected_of": "immigration_only"}, ["R", "D", "X", "X", "D", "C", "D"]),
    ("check for status", ABUSE | CHECK | {"purpose": "immigration_status"}, ["R", "D", "D", "D", "D", NONE, "D"]),
    ("telephone call about a suspect", SUSPECT | BY_TELEPHONE | {"action": "call"}, ["R", "D", "R", "R", "R", "R", "R"]),
]


@pytest.mark.parametrize("policy", PACKS)
@pytest.mark.parametrize("situation", TABLE, ids=[row[0] for row in TABLE])
def test_comparison_of_policies(policy, situation):
    _, changes, cells = situation
    expected = cells[PACKS.index(policy)]
    if expected == "C":
        for consent in ("not_sought", "refused", "withdrawn"):
            assert cell(decide(policy, BASE | changes | {"consent": consent})) == "D"
        assert decide(policy, BASE | changes | {"consent": "given"})["decision"] == "permit"
    else:
        assert cell(decide(policy, BASE | changes)) == expected


@pytest.mark.parametrize("policy", PACKS)
def test_check_finds_no_error(policy):
    done = firebreak("policy", "check", f"policies/{policy}.policy", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# The table of the floor in docs/packs.md: what fails of it, and whether the pack is historical.
FLOOR = {"sign-off": "without a sign-off", "telephone": "by telephone", "nationality": "on nationality or ethnicity alone"}
BELOW_THE_FLOOR = {
    "psni-legacy": ["sign-off", "telephone", "nationality"], "psni-service-instruction": [],
    "npcc-2018": ["sign-off", "telephone", "nationality"], "npcc-2020": ["sign-off", "telephone", "nationality"],
    "hmicfrs-interim": ["sign-off", "telephone", "nationality"],
    "vpb-amendment-96": ["sign-off", "telephone", "nationality"], "full-firewall": ["telephone"],
}


@pytest.mark.parametrize("policy", PACKS)
def test_what_is_below_the_floor(policy):
    done = firebreak("policy", "check", "--in-force", f"policies/{policy}.policy", check=False)
    failed = [name for name, words in FLOOR.items() if f'{words}"' in done.stdout]
    assert failed == BELOW_THE_FLOOR[policy], done.stdout
    assert (done.returncode == 0) == (policy == "psni-service-instruction")
