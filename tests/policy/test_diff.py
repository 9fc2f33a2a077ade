# SPDX-License-Identifier: Apache-2.0
"""firebreak policy diff: the packs compared from outside, and the witnesses run as the cases they are."""
import itertools
import json
import shutil

import pytest

from firebreak_server import ROOT, firebreak

PACKS = ["psni-legacy", "psni-service-instruction", "npcc-2018", "full-firewall"]
SHOWN = [("psni-legacy", "psni-service-instruction"), ("npcc-2018", "full-firewall")]


def diff(*arguments):
    return firebreak("policy", "diff", *arguments, check=False)


@pytest.mark.parametrize("a,b", SHOWN)
def test_fits_the_screen(a, b):
    done = diff(a, b)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 40
    assert "both answer the same" in lines[-1] or "both answer the same" in lines[-2]


@pytest.mark.parametrize("a,b", itertools.combinations(PACKS, 2))
def test_every_pair_of_packs_adds_up(a, b):
    done = diff(a, b, "--json")
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    assert [one["id"] for one in answer["policies"]] == [a, b]
    assert int(answer["differing"]) + int(answer["the_same"]) == int(answer["situations"])
    assert sum(int(group["situations"]) for group in answer["groups"]) == int(answer["differing"])
    for group in answer["groups"]:
        held = [int(region["situations"]) for region in group["regions"]]
        assert held == sorted(held, reverse=True)
        assert max(held) <= int(group["situations"]) <= sum(held)
        for region in group["regions"]:
            assert region["where"] and region["a"]["rules"] and region["b"]["rules"]


def test_witnesses_are_cases_that_pass(tmp_path):
    a, b = SHOWN[0]
    answer = json.loads(diff(a, b, "--json").stdout)
    shutil.copy(ROOT / "policies" / "disclosure-1.vocabulary", tmp_path)
    for side, name in (("a", a), ("b", b)):
        cases = [region[side]["case"] for group in answer["groups"] for region in group["regions"]]
        assert cases
        file = tmp_path / f"{name}.policy"
        file.write_text((ROOT / "policies" / f"{name}.policy").read_text() + "\n" + "\n".join(cases))
        report = json.loads(firebreak("policy", "check", file, "--json", check=False).stdout)[0]
        assert report["cases"]["of"] > len(cases)
        assert report["cases"]["passed"] == report["cases"]["of"], report["findings"]


def test_witnesses_are_shown_when_asked_for():
    a, b = SHOWN[1]
    assert 'case "' not in diff(a, b).stdout
    assert 'case "' in diff(a, b, "--witnesses").stdout


@pytest.mark.parametrize("pack", PACKS)
def test_a_policy_and_itself(pack):
    done = diff(pack, pack)
    assert done.returncode == 0
    assert "answer the same in all" in done.stdout
    assert json.loads(diff(pack, pack, "--json").stdout)["equal"] is True


def test_errors_have_other_codes(tmp_path):
    assert diff("npcc-2018", "npcc-2019").returncode == 4
    assert diff("npcc-2018").returncode not in (0, 1)
    words = (ROOT / "policies" / "disclosure-1.vocabulary").read_text()
    (tmp_path / "disclosure-1.vocabulary").write_text(words.replace('withdrawn "', 'taken_back "'))
    shutil.copy(ROOT / "policies" / "full-firewall.policy", tmp_path)
    done = diff("npcc-2018", tmp_path / "full-firewall.policy")
    assert done.returncode == 2
    assert "vocabularies differ" in done.stderr
