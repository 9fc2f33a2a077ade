# SPDX-License-Identifier: Apache-2.0
"""firebreak policy diff: the packs compared from outside, and the witnesses run as the cases they are."""
import itertools
import json
import re
import shutil

import pytest

from firebreak_server import ROOT, firebreak
from test_render import Page

PACKS = ["psni-legacy", "psni-service-instruction", "npcc-2018", "full-firewall"]
KINDS = ("b_stricter", "b_looser", "otherwise")
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


def test_a_policy_and_itself_decided_otherwise():
    name = "psni-service-instruction"
    answer = json.loads(diff(name, name, "--setting-a", "signers=1", "--setting-b", "signers=2", "--json").stdout)
    rank = "allowed after sign-off by {}chief_officer"
    assert [(group["a"], group["b"]) for group in answer["groups"]] == [(rank.format(""), rank.format("2 of "))]
    assert [one["settings"]["signers"] for one in answer["policies"]] == ["1", "2"]
    said = re.sub(r"\s+", " ", diff(name, name, "--setting-b", "signers=2").stdout)
    assert said.endswith("In B signers is 2. Other settings stand at their defaults. ")
    page = diff(name, name, "--setting-b", "signers=2", "--format", "html").stdout
    assert re.findall(r"<dt>Left to the force: signers</dt><dd>(\d)</dd>", page) == ["1", "2"]
    assert diff(name, name, "--setting-b", "signers=1").returncode == 0  # the default, said
    assert "Write --setting-b name=value." in diff(name, name, "--setting-b", "signers").stderr
    assert diff("npcc-2018", name, "--setting-a", "signers=1").returncode == 2  # which has no such setting


def with_commas(number):
    return f"{int(number):,}"


@pytest.fixture(scope="module", params=SHOWN)
def page(request):
    done = diff(*request.param, "--format", "html")
    assert done.returncode == 1, done.stderr
    return Page(done.stdout), done.stdout, json.loads(diff(*request.param, "--json").stdout)


def test_the_page_stands_alone_and_can_be_walked(page):
    shown, text, _ = page
    ids = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in shown.elements:
        assert tag not in {"script", "link", "img", "iframe", "object", "form"}
        assert not [name for name in attributes if name in {"src", "style"} or name.startswith("on")]
        if "href" in attributes:
            assert attributes["href"][:1] == "#" and attributes["href"][1:] in ids
        for word in attributes.get("aria-labelledby", "").split():
            assert word in ids
    assert "url(" not in text and "@import" not in text
    levels = [int(tag[1]) for tag, _ in shown.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    for code in ("includes any of", "under P1", "sign_off", "immigration_enforcement", "is not_", "_of:"):
        assert code not in shown.words


def test_the_page_says_what_the_json_says(page):
    shown, text, answer = page
    for one in answer["policies"]:
        assert one["digest"] in shown.words and f"{one['id']}, version {one['version']}" in shown.words
    summary = re.search(r"The two answer differently in (\S+) .* of the (\S+) situations.* stricter in (\S+) .*"
                        r" open in (\S+) .* otherwise in (\S+) ", shown.words)
    kinds = answer["kinds"]
    assert list(summary.groups()) == [with_commas(n) for n in (
        answer["differing"], kinds["situations"], kinds["b_stricter"], kinds["b_looser"], kinds["otherwise"])]
    for group in answer["groups"]:
        assert f"In {with_commas(group['situations'])} (" in shown.words
        for region in group["regions"]:
            part = text.split(f'id="region-{region["number"]}"')[1].split('id="region-')[0]
            assert f">Region {region['number']}<" in part
            assert f"<p>{with_commas(region['situations'])} (" in part
            assert [f"#region-{n}" for n in region["except"]] == re.findall(r'href="(#region-\d+)"', part)
            for side, place in (("a", "first"), ("b", "second")):
                for clause in region[side]["clauses"]:
                    assert f'href="#{place}-{clause}"' in part


def test_the_picture_is_the_grid_of_the_json(page):
    _, text, answer = page
    grid = answer["grid"]
    assert (grid["rows"], grid["columns"]) == ("action", "recipient")
    table = text.split('class="numbers"')[1].split("</table>")[0]
    rows = [re.findall(r"<td>(\S+?)(?: \([^)]*\))?</td>", row) for row in table.split("<tr>")[2:]]
    assert rows == [[with_commas(n) for n in (cell["situations"], cell["b_stricter"], cell["b_looser"], cell["otherwise"],
                                              int(cell["situations"]) - sum(int(cell[kind]) for kind in KINDS))]
                    for cell in grid["cells"]]
    for kind in ("situations", *KINDS):
        assert sum(int(cell[kind]) for cell in grid["cells"]) == int(answer["kinds"][kind])
    assert sum(int(answer["kinds"][kind]) for kind in KINDS) == int(answer["differing"])
    bars = sum(int(cell[kind]) > 0 for cell in grid["cells"] for kind in KINDS)
    assert text.count('class="bar ') == bars + len(KINDS)  # and the legend
    assert text.count("<rect x=") == len(grid["cells"])


def test_a_page_of_no_difference():
    done = diff("npcc-2018", "npcc-2018", "--format", "html")
    assert done.returncode == 0
    assert "The two answer the same in all" in Page(done.stdout).words
    assert "<svg" not in done.stdout


def test_output_goes_to_a_file(tmp_path):
    target = tmp_path / "page.html"
    done = diff(*SHOWN[1], "--format", "html", "--output", target)
    assert done.returncode == 1 and done.stdout == f"{target}\n"
    assert target.read_text() == diff(*SHOWN[1], "--format", "html").stdout
    assert diff(*SHOWN[1], "--format", "pdf").returncode not in (0, 1)
    assert diff(*SHOWN[1], "--output", tmp_path / "none" / "page.html").returncode not in (0, 1)


def test_errors_have_other_codes(tmp_path):
    assert diff("npcc-2018", "npcc-2019").returncode == 4
    assert diff("npcc-2018").returncode not in (0, 1)
    words = (ROOT / "policies" / "disclosure-1.vocabulary").read_text()
    (tmp_path / "disclosure-1.vocabulary").write_text(words.replace('withdrawn "', 'taken_back "'))
    shutil.copy(ROOT / "policies" / "full-firewall.policy", tmp_path)
    done = diff("npcc-2018", tmp_path / "full-firewall.policy")
    assert done.returncode == 2
    assert "vocabularies differ" in done.stderr
