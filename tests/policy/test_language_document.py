# SPDX-License-Identifier: Apache-2.0
"""docs/policy-language.md and docs/policy-example.md are enough to write a policy, so what stands in them must work:
every indented block is run, read or checked.
"""
import json
import re
import shlex
import tomllib

import pytest

from firebreak_server import ROOT, firebreak

LANGUAGE = (ROOT / "docs/policy-language.md").read_text()
EXAMPLE = (ROOT / "docs/policy-example.md").read_text()
POLICY = ROOT / "tests/policy/examples/northamptonshire.policy"
SECTIONS = ("policy", "clause", "setting", "never", "rule", "assert", "case")
# What the vocabulary of the page leaves out for shortness.
MORE_WORDS = """
attribute recipient one of
  question "Who would receive it?"
  immigration_enforcement "Immigration Enforcement"
attribute suspected_of one of
  question "What is this person suspected of?"
  nothing "Nothing"
  other_offence "An offence"
"""


def blocks(text):
    """The indented blocks, without their indentation."""
    return [re.sub(r"^    ", "", block, flags=re.M).strip("\n") + "\n"
            for block in re.findall(r"(?:^    .*\n|(?<=\n)\n(?=    ))+", text, flags=re.M)]


def beginning(word):
    return [block for block in blocks(LANGUAGE) if block.split()[0] == word]


def test_every_block_is_one_that_a_test_reads():
    first = {block.split()[0] for block in blocks(LANGUAGE)}
    assert first <= {"./firebreak", "vocabulary", "[[policy]]", *SECTIONS}
    assert {"vocabulary", "policy", "never", "assert", "case", "setting", "clause"} <= first


@pytest.mark.parametrize("command", [line for page in (LANGUAGE, EXAMPLE) for block in blocks(page)
                                     for line in block.splitlines() if line.startswith("./firebreak")])
def test_commands(command):
    done = firebreak(*shlex.split(command)[1:], check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def page_policy():
    """The page's policy in the page's order, with the clauses that it cites and does not show."""
    text = "\n".join(block for block in blocks(LANGUAGE) if block.split()[0] in SECTIONS)
    cited = {name for names in re.findall(r"\bunder ([A-Z]\d+(?:, [A-Z]\d+)*)", text) for name in names.split(", ")}
    missing = sorted(cited - set(re.findall(r"^clause (\w+)", text, re.M)))
    return text + "".join(f'clause {name} "Words."\n  basis reported\n' for name in missing)


def test_the_policy_of_the_page_is_sound(tmp_path):
    (tmp_path / "page.policy").write_text(page_policy())
    (tmp_path / "disclosure-1.vocabulary").write_bytes((ROOT / "policies/disclosure-1.vocabulary").read_bytes())
    report = json.loads(firebreak("policy", "check", tmp_path / "page.policy", "--json", check=False).stdout)[0]
    assert [finding["message"] for finding in report["findings"] if finding["severity"] == "error"] == []
    assert report["cases"] == {"passed": 4, "of": 4}
    assert report["asserts"] == {"proved": 2, "of": 2}


def test_the_vocabulary_of_the_page_is_read(tmp_path):
    (words,) = beginning("vocabulary")
    at = words.index("impossible")
    (tmp_path / "disclosure-1.vocabulary").write_text(words[:at] + MORE_WORDS + words[at:])
    (tmp_path / "p.policy").write_text('policy p version 1\n  uses vocabulary disclosure 1\n  default not_covered "Silent."\n')
    firebreak("policy", "check", tmp_path / "p.policy")


def test_the_force_toml_of_the_page_names_settings_of_the_page():
    (text,) = beginning("[[policy]]")
    settings = tomllib.loads(text)["policy"][0]["settings"]
    assert settings and all(f"\nsetting {name} " in page_policy() for name in settings)


# Each form of a condition that the table shows, over facts of the vocabulary.
CONDITIONS = [
    "action is share", "action is any of share, call", "action is not share", "action is not any of share, call",
    "role includes victim", "role includes any of victim, witness", "role includes all of victim, witness",
    "role includes none of victim, witness", "role only victim, witness", "ground is empty", "necessary",
    "necessary is yes", "necessary is no", "not necessary", "necessary and (proportionate or ground is empty)",
    "role includes any of victim, witness or victim_elsewhere is not no",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_are_read(condition):
    firebreak("policy", "prove", "psni-service-instruction", "--implies", condition, condition)


def test_a_set_on_the_command_line():
    for given, decision in (("role=victim,suspect", "undetermined"), ("ground=", "undetermined")):
        done = firebreak("policy", "decide", "psni-service-instruction", "--set", given, "--json", check=False)
        assert json.loads(done.stdout)["decision"] == decision, done.stderr


# What the page says about slips and about its own rules, held to the program.
def checked(tmp_path, old, new):
    text = POLICY.read_text()
    assert text.count(old) == 1, old
    (tmp_path / "n.policy").write_text(text.replace(old, new))
    (tmp_path / "disclosure-1.vocabulary").write_bytes((ROOT / "policies/disclosure-1.vocabulary").read_bytes())
    return firebreak("policy", "check", tmp_path / "n.policy", check=False).stdout


def test_an_only_that_leaves_out_a_protected_value_is_found_and_says_which(tmp_path):
    never = "and (ground only no_leave_suspected, nationality, ethnicity"
    out = checked(tmp_path, never, "and (ground only no_leave_suspected")
    for value in ("nationality", "ethnicity"):
        assert f"its `ground only` in line 56 does not list `{value}`" in out


@pytest.mark.parametrize("line", ['  title "Sharing a domestic abuse victim\'s data when their immigration status is doubted"\n',
                                  '  issued by "Northamptonshire Police"\n', "  review by 2027-03-17\n"])
def test_what_may_be_left_out_of_the_head(tmp_path, line):
    assert ": sound;" in checked(tmp_path, line, "")


def test_historical_is_a_line_of_the_head(tmp_path):
    assert ": sound;" in checked(tmp_path, "  review by 2027-03-17\n", "  historical\n")


def test_a_default_that_is_silent_may_name_a_clause(tmp_path):
    words = '"The text speaks only of sharing the data of a victim of domestic abuse."'
    assert ": sound;" in checked(tmp_path, words, words + "   under N1")


def test_an_assertion_may_use_a_setting(tmp_path):
    claim = "and crime_type includes domestic_abuse and not necessary"
    assert ": sound;" in checked(tmp_path, claim, claim + " and public_interest is further_offending")


def test_permit_beside_permit_at_discretion_is_a_conflict_that_says_so(tmp_path):
    out = checked(tmp_path, 'permit at discretion "It may be shared: ', 'permit "It may be shared: ')
    assert "`domestic-abuse-victim/genuine-need` permits, `domestic-abuse-victim/residual-intelligence` permits at discretion" in out


def test_a_clause_that_no_rule_carries_out_is_for_cover_to_show(tmp_path):
    report = checked(tmp_path, "\nsetting public_interest", '\nclause N4 "Officers are trained."\n  basis reported\n\nsetting public_interest')
    assert ": sound;" in report and "N4" not in report
    assert "N4" in firebreak("policy", "cover", tmp_path / "n.policy").stdout


def test_the_walk_through_shows_the_policy_as_it_is():
    def words(text):
        return " ".join(text.split())
    shown = [block for block in blocks(EXAMPLE) if not block.startswith("./firebreak")]
    assert len(shown) == 4
    for block in shown:
        assert words(block) in words(POLICY.read_text())
    quoted = words(re.sub(r"^> ", "", "".join(re.findall(r"^> .*\n", EXAMPLE, re.M)), flags=re.M))
    for clause in re.findall(r'^clause N\d "([^"]+)"', POLICY.read_text(), re.M):
        assert clause in quoted
