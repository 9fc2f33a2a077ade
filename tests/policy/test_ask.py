# SPDX-License-Identifier: Apache-2.0
"""`firebreak policy ask` on every pack: the interview in the terminal, given its answers on standard input."""
import json
import re

import pytest

from firebreak_server import ROOT, firebreak

PACKS = sorted(path.stem for path in (ROOT / "policies").glob("*.policy"))


def ask(policy, answers, *more, check=True):
    return firebreak("policy", "ask", policy, *more, stdin="".join(f"{line}\n" for line in answers), check=check)


def decide(policy, facts, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts))
    return json.loads(firebreak("policy", "decide", policy, "--facts", path, "--json").stdout)


@pytest.mark.parametrize("policy", PACKS)
@pytest.mark.parametrize("answer", ["1", "2", "3"])
def test_always_the_same_number_ends_in_the_policys_own_answer(policy, answer, tmp_path):
    # Where there is no such number the line is refused, and the next one, 1, is taken.
    done = ask(policy, [answer, "1"] * 40, "--json")
    said = json.loads(done.stdout)
    assert said["complete"]
    assert said["answer"] == decide(policy, said["facts"], tmp_path)
    worst = json.loads(firebreak("policy", "ask", policy, "--count", "--json").stdout)["worst"]
    assert said["questions"] <= worst
    assert "leave" not in said["facts"]


@pytest.mark.parametrize("policy", PACKS)
def test_nothing_is_known_and_it_ends_undetermined(policy, tmp_path):
    said = json.loads(ask(policy, ["?"] * 40, "--json").stdout)
    assert said["facts"] == {}
    assert said["questions"] == len(said["not_known"]) > 0
    assert said["answer"]["decision"] == "undetermined"
    assert set(said["answer"]["missing"]) - {"leave"} == set(said["not_known"])


@pytest.mark.parametrize("policy", PACKS)
def test_the_input_ends_before_the_answer(policy):
    done = ask(policy, [], check=False)
    assert done.returncode == 2
    assert "undetermined" in done.stdout
    assert "The input ended before the answer was found." in done.stderr
    in_json = json.loads(ask(policy, [], "--json", check=False).stdout)
    assert not in_json["complete"]
    assert in_json["answer"]["decision"] == "undetermined"


@pytest.mark.parametrize("policy", PACKS)
def test_count(policy):
    count = json.loads(firebreak("policy", "ask", policy, "--count", "--json").stdout)
    assert count["exact"]
    assert 0 < count["average"] <= count["worst"] <= count["looked_at"] <= count["all"] == 15
    # The table of the documentation says the same.
    row = f"| `{policy}` | {count['average']:.2f} | {count['worst']} | {count['looked_at']} |"
    assert row in (ROOT / "docs/policy-tools.md").read_text(), row
    said = firebreak("policy", "ask", policy, "--count").stdout
    assert "exact, over " in said


START = ("--set", "action=share", "--set", "channel=email", "--set", "recipient=immigration_enforcement")


def test_names_numbers_several_and_an_empty_line_that_repeats():
    answers = ["", "vistim", "victim, witness", "1"]
    done = ask("full-firewall", answers, *START, check=False)
    assert "vistim" in done.stdout
    assert "is none of the answers" in done.stdout
    questions = re.findall(r"\n([^\n]*\?)\n", done.stdout)
    assert questions[0] == questions[1]


def test_the_same_by_numbers_and_by_names():
    by_number = json.loads(ask("psni-service-instruction", ["1"] * 20, *START, "--json").stdout)
    facts = by_number["facts"]
    names = [",".join(v) if isinstance(v, list) else {True: "yes", False: "no"}.get(v, v) if isinstance(v, bool) else v
             for v in facts.values()]
    assert by_number["questions"] == len(names) - 3


def test_it_stops_as_soon_as_the_answer_is_determined():
    done = ask("psni-service-instruction", [], "--set", "action=ask_status")
    assert done.stdout.lstrip().startswith("refuse")
    assert ">" not in done.stdout


def test_facts_that_cannot_stand_together_are_asked_again():
    said = ask("psni-service-instruction", ["other_offence", "nothing"] * 20, "--set", "role=victim", check=False).stdout
    assert "These facts cannot stand together" in said or "other_offence" in said


def test_count_takes_no_facts():
    done = firebreak("policy", "ask", "full-firewall", "--count", "--set", "role=victim", check=False)
    assert done.returncode != 0
    assert "--set" in done.stderr
