# SPDX-License-Identifier: Apache-2.0
"""`policy prove` and `policy cover` on every pack: the three statements about immigration enforcement that
everybody asks about first, each pack's true answer to them, and that what is shown against a statement
is what `policy decide` answers too.

The answers stand in the packs' own rules: the service instruction has `victims-first` with its one exception
after a chief officer's sign-off, and `by-telephone`; the records system's one rule looks at neither person nor
channel; the 2018 guidance leaves victims to the officer's discretion and suspects to routine, by any channel;
the complete firewall closes everything about victims and leaves the telephone about suspects as it was (F7).
No pack has a rule that permits because of nationality. That is not the same as refusing it when it is the only
reason, which two packs do not.
"""
import json
import re
import shutil

import pytest

from firebreak_server import ROOT, firebreak

PACKS = ["psni-legacy", "psni-service-instruction", "npcc-2018", "full-firewall"]
VICTIMS = ("never permit when recipient is immigration_enforcement and role includes any of victim, witness"
           " unless after sign_off by chief_officer")
TELEPHONE = "always refuse when recipient is immigration_enforcement and (action is call or channel is telephone)"
ALONE = "always refuse when recipient is immigration_enforcement and ground only nationality, ethnicity"
NATIONALITY = ["--through", "ground=nationality"]

# What holds: nothing; else the decision, the rule and the clauses of the smallest situation against it.
LEGACY = ("permit", "foreign-national-entry", ["L1", "L2", "L3", "L4", "L5", "L6"])
DISCRETION = ("permit", "contact-at-the-appropriate-juncture", ["N3", "N1", "F1", "F2"])
TRUE_ANSWERS = {
    ("psni-legacy", "victims"): LEGACY,
    ("psni-legacy", "telephone"): LEGACY,
    ("psni-legacy", "alone"): LEGACY,
    ("npcc-2018", "victims"): DISCRETION,
    ("npcc-2018", "telephone"): DISCRETION,
    ("npcc-2018", "alone"): DISCRETION,
    ("full-firewall", "telephone"): ("permit", "telephone-about-suspects", ["F7"]),
}
ASKED = {"victims": [VICTIMS], "telephone": [TELEPHONE], "nationality": NATIONALITY, "alone": [ALONE]}


def prove(*arguments, code=None):
    done = firebreak("policy", "prove", *arguments, "--json", check=False)
    assert done.stdout, done.stderr
    if code is not None:
        assert done.returncode == code, done.stdout
    return json.loads(done.stdout)


def decide(tmp_path, policy, facts):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts))
    return json.loads(firebreak("policy", "decide", policy, "--facts", file, "--json").stdout)


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("asked", ASKED)
def test_each_packs_true_answer(pack, asked, tmp_path):
    expected = TRUE_ANSWERS.get((pack, asked))
    answer = prove(pack, *ASKED[asked], code=1 if expected else 0)
    assert answer["holds"] is (expected is None)
    [proof] = answer["proofs"]
    assert int(proof["situations"]) > 0
    if expected is None:
        assert proof["against"] == "0" and proof["witness"] is None
        return
    assert 0 < int(proof["against"]) <= int(proof["situations"])
    witness = proof["witness"]
    assert witness["facts"]["recipient"] == "immigration_enforcement"
    given = decide(tmp_path, pack, witness["facts"])
    assert given == witness["answer"]
    assert (given["decision"], given["rule"], [clause["id"] for clause in given["clauses"]]) == expected


def test_the_smallest_situations_are_about_what_was_asked():
    facts = {key: prove(key[0], *ASKED[key[1]])["proofs"][0]["witness"]["facts"] for key in TRUE_ANSWERS}
    for pack in ("psni-legacy", "npcc-2018"):
        assert {"victim", "witness"} & set(facts[pack, "victims"]["role"])
    for pack in ("psni-legacy", "npcc-2018", "full-firewall"):
        asked = facts[pack, "telephone"]
        assert asked["action"] == "call" or asked["channel"] == "telephone"
    assert facts["full-firewall", "telephone"]["role"] == ["suspect"]


@pytest.mark.parametrize("pack", PACKS)
def test_a_witness_can_be_put_into_the_file_and_run(pack, tmp_path):
    """Every witness, as the text that a person would paste."""
    answer = prove(pack, VICTIMS, TELEPHONE, ALONE)
    cases = [proof["witness"]["case"] for proof in answer["proofs"] if proof["witness"]]
    file = tmp_path / f"{pack}.policy"
    shutil.copy(ROOT / "policies/disclosure-1.vocabulary", tmp_path)
    file.write_text((ROOT / f"policies/{pack}.policy").read_text() + "\n" + "\n".join(cases))
    done = firebreak("policy", "check", file, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("pack", PACKS)
def test_the_packs_own_assertions_hold_and_are_listed(pack):
    written = re.findall(r'^assert "(.*)"', (ROOT / f"policies/{pack}.policy").read_text(), re.M)
    answer = prove(pack, code=0)
    assert [proof["statement"] for proof in answer["proofs"]] == written
    assert all(proof["line"] > 0 for proof in answer["proofs"])


@pytest.mark.parametrize("pack", PACKS)
def test_no_pack_helps_a_disclosure_through_a_protected_fact(pack):
    """As `check` finds: and each protected value of the vocabulary is looked at."""
    answer = prove(pack, "--protected", code=0)
    assert sorted(re.findall("`([a-z_]+)` makes", " ".join(p["statement"] for p in answer["proofs"]))) == sorted(
        ["nationality", "ethnicity", "no_leave_suspected", "immigration_status", "held", "doubted", "admitted_none"])


def test_what_does_interfere_is_shown_with_and_without():
    answer = prove("psni-service-instruction", "--through", "ground=suspected_offence", code=1)
    witness = answer["proofs"][0]["witness"]
    assert witness["answer"]["rule"] == "suspects"
    assert witness["answer"]["decision"] == "permit"
    assert witness["without"]["decision"] == "refuse"


def test_conditions_are_compared_over_what_is_possible():
    assert prove("psni-service-instruction", "--implies", "suspected_of is other_offence", "role includes suspect",
                 "--equivalent", "role only suspect", "role includes none of victim, witness, reporter", code=0)["holds"]
    answer = prove("psni-service-instruction", "--implies", "role includes suspect", "suspected_of is other_offence",
                   "--implies", "necessary", "necessary or proportionate", code=1)
    assert [proof["holds"] for proof in answer["proofs"]] == [False, True]


def test_options_may_stand_before_the_file():
    answer = prove("--implies", "necessary", "necessary", "--through", "ground", "full-firewall", TELEPHONE,
                   "--implies", "consent is given", "necessary", code=1)
    assert len(answer["proofs"]) == 1 + 2 + 7


def test_a_statement_may_be_typed_on_several_lines():
    answer = prove("psni-service-instruction", TELEPHONE.replace(" and ", "\n     and "), code=0)
    assert answer["proofs"][0]["statement"] == TELEPHONE


def test_for_a_person():
    done = firebreak("policy", "prove", "full-firewall", TELEPHONE, VICTIMS, check=False)
    assert done.returncode == 1
    assert f"fails    {TELEPHONE}\n" in done.stdout and f"holds    {VICTIMS}\n" in done.stdout
    assert "`permit` by `telephone-about-suspects`" in done.stdout
    assert "clause F7 (inferred):" in done.stdout
    assert done.stdout.endswith("1 of 2 statements hold. Every possible situation was looked at.\n")


@pytest.mark.parametrize("arguments, where", [
    (["never permit when rol includes victim"], "statement:1:19"),
    (["never permit"], "statement:1:13"),
    (["--implies", "necessary", "neccessary"], "--implies, second condition:1:1"),
    (["--through", "ground=nation"], "--through:1:8"),
])
def test_a_slip_is_an_error_and_not_a_failed_proof(arguments, where):
    done = firebreak("policy", "prove", "npcc-2018", *arguments, check=False)
    assert done.returncode == 2
    assert where in done.stderr and "^" in done.stderr
    assert json.loads(firebreak("policy", "prove", "npcc-2018", *arguments, "--json", check=False).stdout)["where"] == where


def test_wrong_use():
    assert firebreak("policy", "prove", "no-such-pack", check=False).returncode == 4
    assert firebreak("policy", "prove", check=False).returncode not in (0, 1)
    assert firebreak("policy", "prove", "npcc-2018", "--implies", "necessary", check=False).returncode not in (0, 1)
    assert firebreak("policy", "cover", "no-such-pack", check=False).returncode == 4
    assert "STATEMENT is one of" in firebreak("policy", "prove", "--help").stdout


@pytest.mark.parametrize("pack", PACKS)
def test_cover_offers_the_cases_that_are_missing(pack, tmp_path):
    before = json.loads(firebreak("policy", "cover", pack, "--json").stdout)
    exercised = before["exercised"]
    assert exercised["rules"]["exercised"] == exercised["rules"]["of"]
    file = tmp_path / f"{pack}.policy"
    shutil.copy(ROOT / "policies/disclosure-1.vocabulary", tmp_path)
    offered = [region["witness"] for region in before["regions"] if region["witness"]]
    file.write_text((ROOT / f"policies/{pack}.policy").read_text() + "\n" + "\n".join(offered))
    after = json.loads(firebreak("policy", "cover", file, "--json").stdout)
    assert after["exercised"]["regions"]["percent"] == after["exercised"]["situations"]["percent"] == 100
    assert after["cases"] == before["cases"] + len(offered)
    assert firebreak("policy", "check", file, check=False).returncode == 0
    total = int(exercised["situations"]["of"])
    assert sum(int(region["situations"]) for region in before["regions"]) == total


def test_cover_for_a_person():
    out = firebreak("policy", "cover", "npcc-2018").stdout
    for part in ("Rules that answer", "Clauses that are cited", "Exercised", "  situations  "):
        assert part in out
