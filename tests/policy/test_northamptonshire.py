# SPDX-License-Identifier: Apache-2.0
"""The worked example of docs/policy-language.md: the text of one force, written by somebody who had that page alone.
Its cases are asked once more from outside, so that the page's example is what the program answers.
"""
import json
import pathlib
import re
import shutil
import subprocess

import pytest

from firebreak_server import BINARY, firebreak

POLICY = pathlib.Path(__file__).parent / "examples" / "northamptonshire.policy"
CASE = re.compile(r'^case "(?P<name>[^"]+)"\n(?:  like "(?P<like>[^"]+)"\n)?(?:  given (?P<given>.+?)\n)?'
                  r"  expect (?P<expect>\w+)(?: by (?P<rule>\S+))?(?: missing (?P<missing>\w+))?$", re.M | re.S)


def cases():
    """Each case with all its facts, those of the case that it is like included."""
    facts = {}
    for found in CASE.finditer(POLICY.read_text()):
        own = dict(one.split(maxsplit=1) for one in re.split(r",\s+", found["given"] or ""))
        facts[found["name"]] = facts.get(found["like"], {}) | own
        yield pytest.param(facts[found["name"]], found, id=found["name"])


def test_it_is_sound_and_in_the_canonical_form():
    report = json.loads(firebreak("policy", "check", POLICY, "--json").stdout)[0]
    assert report["passed"] and report["findings"] == []
    assert report["cases"] == {"passed": len(list(cases())), "of": len(list(cases()))}
    assert report["asserts"]["proved"] == report["asserts"]["of"] == 5
    firebreak("policy", "fmt", "--check", POLICY)


def test_a_faithful_policy_may_be_below_the_floor():
    report = json.loads(firebreak("policy", "check", "--in-force", POLICY, "--json", check=False).stdout)[0]
    assert not report["passed"]
    assert report["asserts"]["of"] - report["asserts"]["proved"] == 2


@pytest.mark.parametrize("facts, case", cases())
def test_each_case_from_outside(facts, case):
    arguments = []
    for name, value in facts.items():
        if value != "missing":
            option = "--setting" if name == "public_interest" else "--set"
            arguments += [option, f"{name}={value.replace(' and ', ',')}"]
    done = firebreak("policy", "decide", POLICY, *arguments, "--json", check=False)
    answer = json.loads(done.stdout)
    if case["expect"] == "not_covered":
        assert (answer["decision"], answer["covered"]) == ("refuse", False)
    else:
        assert (answer["decision"], answer["covered"]) == (case["expect"], True)
    if case["rule"] and case["rule"] != "default":
        assert case["rule"] in answer["rules"]
    if case["missing"]:
        assert case["missing"] in answer["missing"]


def test_a_name_without_a_folder_of_policies_leads_to_the_file_at_hand(tmp_path):
    """Whoever has the program and a file, and no clone, asks by name as the page's second command does."""
    program = shutil.copy(BINARY, tmp_path / "firebreak")
    shutil.copy(POLICY, tmp_path)
    done = subprocess.run([program, "policy", "decide", "northamptonshire"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 4
    assert "There is no policy of this name." in done.stderr
    assert "Give the file: northamptonshire.policy." in done.stderr
    elsewhere = subprocess.run([program, "policy", "decide", "ghost"], cwd=tmp_path, capture_output=True, text=True)
    assert elsewhere.returncode == 4
    assert "The folder policies of this installation is missing." in elsewhere.stderr
