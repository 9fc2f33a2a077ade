# SPDX-License-Identifier: Apache-2.0
"""The list of offence codes: through the command line, and against the codes that there are.

The codes themselves are a third party's and not in this repository; the tests that need them are skipped where
../shared/data/offence-codes.csv is missing, and say so.
"""
import csv
import json
import re

import pytest

from firebreak_server import ROOT, firebreak

LIST = ROOT / "policies/home-office-1.offences"
CODES = ROOT.parent / "shared/data/offence-codes.csv"
needs_codes = pytest.mark.skipif(not CODES.exists(), reason=f"skipped: {CODES} is not here")


def listed():
    """Every code of the list with class and reason, read here by other means than the program's."""
    out, group = {}, None
    for line in LIST.read_text().splitlines():
        line = line.strip()
        if re.match(r"\d{3}/", line):
            for part in line[4:].split():
                first, _, last = part.partition("-")
                for sub in range(int(first), int(last or first) + 1):
                    code = f"{line[:3]}/{sub:02}"
                    assert code not in out, code
                    out[code] = group
        elif match := re.match(r'(\w+) "(.*)"$', line):
            group = match.groups()
    return out


def known():
    with CODES.open(newline="") as file:
        return {row["ho_code"]: row for row in csv.DictReader(file)}


def ask(*codes, code=0, more=()):
    done = firebreak("policy", "offence", *codes, *more, "--json", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def classes(*codes):
    return [one["class"] for one in ask(*codes)["offences"]]


def span(prefix, *subs):
    return [f"{prefix}/{sub:02}" for sub in subs]


@needs_codes
def test_every_code_is_classed_once_and_no_other():
    assert set(listed()) == set(known())
    assert len(listed()) == 3039


def test_at_most_sixty_are_left_to_decide_each_with_a_reason():
    left = [reason for one, reason in listed().values() if one == "decide"]
    assert 0 < len(left) <= 60
    assert all(len(reason) > 20 for reason in left)


@needs_codes
def test_the_program_reads_the_list_as_this_file_does():
    mine, codes = listed(), sorted(known())
    answered = {one["code"]: (one["class"], one["reason"]) for one in ask(*codes)["offences"]}
    assert answered == mine


NAMED = span("001", 0, 1, 2) + span("036", 0, 1) + span("019", 0, 7, 8, 9, 10, 16, 17)
CANDIDATES = (["002/00", "003/01", "003/02", "004/01", "099/25"] + span("036", 2, 3, 4, 8, 11)
              + span("019", 11, 12, 13, 14, 18, 19))
TRAFFICKING = span("078", 13, 19, 20, 21)


def test_the_three_named_offences_are_high_harm_and_nothing_else_is():
    assert sorted(code for code, (one, _) in listed().items() if one == "high_harm") == sorted(NAMED)
    assert set(classes(*NAMED)) == {"high_harm"}


def test_what_the_policy_owner_has_to_decide():
    assert set(classes(*CANDIDATES, "036/12", *TRAFFICKING)) == {"decide"}


def test_rape_is_not_the_whole_of_its_class():
    assert classes("019/02", "019/03", "019/04") == ["other"] * 3


@needs_codes
def test_simple_possession_of_a_drug_is_lower_level_and_intent_to_supply_is_not():
    codes = known()
    simple = [c for c in codes if c.startswith("092/") and 50 <= int(c[4:]) <= 69]
    supply = [c for c in codes if c.startswith("092/") and 70 <= int(c[4:]) <= 89]
    assert set(classes(*simple, *(c for c in span("093", 67, 69, 70, 71, 72, 91) if c in codes))) == {"lower_level"}
    assert set(classes(*supply)) == {"other"}


@needs_codes
def test_immigration_acts_alone_but_for_trafficking():
    immigration = [c for c in known() if c[:3] in ("078", "194") and c not in TRAFFICKING]
    assert len(immigration) == 26 + 62 - 4
    assert set(classes(*immigration)) == {"immigration_only"}
    assert [c for c, (one, _) in listed().items() if one == "immigration_only" and c not in immigration] == []
    assert "immigration_only" not in classes("105/12", "105/13")


@needs_codes
def test_nothing_of_violence_or_a_sexual_or_weapons_kind_is_lower_level():
    grave = ("VIOLENCE", "SEXUAL", "FIREARMS", "WEAPONS", "ACQUISITIVE_VIOLENCE", "BURGLARY", "PUBLIC_ORDER")
    codes = known()
    for code, (one, _) in listed().items():
        if one == "lower_level":
            assert not codes[code]["category"].startswith(grave), code
            assert "summary" in codes[code]["parent_group"].lower() or code[:3] in ("092", "093", "193"), code


def test_the_answer_gives_the_reason_and_says_that_a_person_decides():
    done = firebreak("policy", "offence", "019/08", "092/61")
    assert "019/08  high_harm" in done.stdout and "092/61  lower_level" in done.stdout
    assert "small" in done.stdout
    assert "only proposes" in done.stdout and "a named person" in done.stdout
    assert "only proposes" in ask("019/08")["note"]


def test_a_code_that_the_list_does_not_hold():
    answer = ask("019/08", "019/99", code=1)
    assert [one["class"] for one in answer["offences"]] == ["high_harm", None]
    done = firebreak("policy", "offence", "019/99", check=False)
    assert done.returncode == 1 and "not in the list" in done.stdout


@pytest.mark.parametrize("arguments", [["19/08"], ["rape"], [], ["019/08", "--list", "/nowhere"],
                                       ["019/08", "--check", "x"]])
def test_wrong_use_is_told(arguments):
    done = firebreak("policy", "offence", *arguments, check=False)
    assert done.returncode not in (0, 1)
    assert done.stderr


def test_check_counts_the_shipped_list():
    done = firebreak("policy", "offence", "--check", LIST, "--json")
    answer = json.loads(done.stdout)
    assert answer["passed"] and answer["findings"] == [] and answer["codes"] == 3039
    assert sum(answer["classes"].values()) == 3039
    assert answer["digest"] == ask("001/01")["digest"]
    assert "3039 codes" in firebreak("policy", "offence", "--check", LIST).stdout


def test_check_names_every_fault_with_its_line(tmp_path):
    own = tmp_path / "own-1.offences"
    own.write_text('offences own version 1\ntitle "Own"\nhihg_harm "Why"\n  001/01\nother "Why"\n  001/01 7\n')
    done = firebreak("policy", "offence", "--check", own, check=False)
    assert done.returncode == 1
    assert ":3:1: error: There is no class `hihg_harm`. Did you mean `high_harm`?" in done.stdout
    assert ":6:7: error: The code 001/01 stands in line 4 already." in done.stdout
    assert ":6:10: error: Expected a two-digit number" in done.stdout
    found = json.loads(firebreak("policy", "offence", "--check", own, "--json", check=False).stdout)
    assert [one["line"] for one in found["findings"]] == [3, 6, 6]


def test_a_force_may_have_its_own_list(tmp_path):
    own = tmp_path / "own-1.offences"
    own.write_text('offences own version 2\ntitle "Own"\nhigh_harm "Decided by the chief officer"\n  002/00\n')
    answer = ask("002/00", more=("--list", own))
    assert answer["offences"][0]["class"] == "high_harm" and answer["version"] == 2
    assert ask("001/01", more=("--list", own), code=1)["offences"][0]["class"] is None
