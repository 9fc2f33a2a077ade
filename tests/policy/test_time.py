# SPDX-License-Identifier: Apache-2.0
"""Policies and time, through the binary: versions in a folder, the day that picks one, gaps and overlaps,
review dates, and what a force asks of every policy before it is put in force.
"""
import json
import shutil

import pytest

from firebreak_server import ROOT, DataFolder, firebreak

HEAD = "policy p version {version}\n  title \"P\"\n  uses vocabulary disclosure 1\n{days}" \
       "  default refuse \"{reason}\" under C1\nclause C1 \"Words.\"\n  basis known\n"
FACTS = ["--set", "action=enforce"]


@pytest.fixture
def folder(tmp_path):
    shutil.copy(ROOT / "policies/disclosure-1.vocabulary", tmp_path)
    put(tmp_path, 1, "  in force until 2026-03-28\n")
    put(tmp_path, 2, "  in force from 2026-03-29 until 2026-12-31\n")
    put(tmp_path, 3, "  in force from 2027-02-01\n")
    return tmp_path


def put(folder, version, days):
    name = "p.policy" if version == 1 else f"p-{version}.policy"
    (folder / name).write_text(HEAD.format(version=version, days=days, reason=f"By version {version}."))


def decided(folder, *arguments):
    return json.loads(firebreak("policy", "decide", f"{folder}/p", *FACTS, *arguments, "--json").stdout)


@pytest.mark.parametrize("day, version", [("1990-01-01", 1), ("2026-03-28", 1), ("2026-03-29", 2), ("2026-12-31", 2),
                                          ("2027-02-01", 3), ("2199-01-01", 3)])
def test_the_day_picks_the_version(folder, day, version):
    answer = decided(folder, "--as-of", day)
    assert answer["policy"]["version"] == str(version)
    assert answer["because"] == f"By version {version}."
    assert json.loads(firebreak("policy", "decide", f"{folder}/p@{day}", *FACTS, "--json").stdout) == answer


def test_decide_says_which_was_picked(folder):
    said = firebreak("policy", "decide", f"{folder}/p", "--as-of", "2026-06-01", *FACTS).stdout
    assert "policy: p version 2, sha256:" in said
    assert "in force from 2026-03-29 until 2026-12-31" in said


def test_in_a_gap_everything_is_refused(folder):
    answer = decided(folder, "--as-of", "2027-01-15")
    assert (answer["decision"], answer["covered"], answer["rule"]) == ("refuse", False, "no-policy-in-force")
    assert answer["because"] == "No policy is in force on 2027-01-15."
    assert answer["policy"] is None
    said = firebreak("policy", "decide", f"{folder}/p", "--as-of", "2027-01-15", *FACTS).stdout
    assert said.startswith("refuse (not covered by the text)\n  No policy is in force on 2027-01-15.")


ONE_POLICY = [["explain", *FACTS], ["prove", "always refuse when action is enforce"], ["cover"], ["render"], ["ask", "--count"],
              ["sql", "--dialect", "duckdb"], ["check"]]


@pytest.mark.parametrize("command", ONE_POLICY, ids=[command[0] for command in ONE_POLICY])
def test_every_command_takes_a_day(folder, command):
    name, *rest = command
    done = firebreak("policy", name, f"{folder}/p", *rest, "--as-of", "2026-06-01", "--json")
    assert "2" in done.stdout
    gap = firebreak("policy", name, f"{folder}/p", *rest, "--as-of", "2027-01-15", check=False)
    assert gap.returncode == 5
    assert "No policy is in force on 2027-01-15." in gap.stderr
    assert "version 3 (p-3.policy, from 2027-02-01)" in gap.stderr


def test_two_days_of_one_policy_are_compared(folder):
    same = firebreak("policy", "diff", f"{folder}/p@2026-01-01", f"{folder}/p-3", check=False)
    assert same.returncode == 0, same.stderr
    text = (folder / "p-3.policy").read_text().replace("default refuse", "default not_covered").replace(" under C1", "")
    (folder / "p-3.policy").write_text(text)
    other = firebreak("policy", "diff", f"{folder}/p@2026-01-01", f"{folder}/p@2027-03-01", check=False)
    assert other.returncode == 1, other.stderr


def test_a_version_by_its_number_or_its_file(folder):
    for name in ("p-2", "p-2.policy"):
        answer = json.loads(firebreak("policy", "decide", f"{folder}/{name}", *FACTS, "--json").stdout)
        assert answer["policy"]["version"] == "2"
        outside = firebreak("policy", "explain", f"{folder}/{name}", "--as-of", "2027-03-01", *FACTS, check=False)
        assert outside.returncode == 5
        assert "version 2 (p-2.policy, from 2026-03-29 until 2026-12-31)" in outside.stderr


def test_without_a_day_it_is_today(folder):
    put(folder, 1, "  in force until 2001-01-01\n")
    put(folder, 2, "  in force from 2001-01-02 until 9998-12-31\n")
    put(folder, 3, "  in force from 9999-01-01\n")
    assert decided(folder)["policy"]["version"] == "2"
    for version in (2, 3):
        (folder / f"p-{version}.policy").unlink()
    assert decided(folder)["policy"]["version"] == "1"  # the only one there is


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "2026-2-3", "01/02/2026", "2026-02-03T00:00:00Z", "-026-01-01"])
def test_a_day_that_does_not_exist(folder, day):
    done = firebreak("policy", "decide", f"{folder}/p", f"--as-of={day}", *FACTS, check=False)
    assert done.returncode == 2
    assert done.stderr == f'firebreak: --as-of: "{day}" is not a day. Write a day that exists as YYYY-MM-DD.\n'


def test_one_day_and_not_two(folder):
    for arguments in ([f"{folder}/p@2026-01-01", "--as-of", "2026-01-02"], [f"{folder}/p@"]):
        done = firebreak("policy", "decide", *arguments, *FACTS, check=False)
        assert done.returncode == 2
        assert "A policy is asked as of one day." in done.stderr


def test_overlap_names_both(folder):
    put(folder, 2, "  in force from 2026-03-28 until 2026-12-31\n")
    done = firebreak("policy", "decide", f"{folder}/p", "--as-of", "2026-06-01", *FACTS, check=False)
    assert done.returncode == 2
    assert "version 1 (p.policy, until 2026-03-28) and version 2 (p-2.policy, from 2026-03-28 until 2026-12-31)" in done.stderr


def test_no_such_policy_names_those_there_are(folder):
    done = firebreak("policy", "decide", f"{folder}/q", "--as-of", "2026-06-01", *FACTS, check=False)
    assert done.returncode == 4
    assert "There are: p, p-2, p-3." in done.stderr


def test_the_days_in_force_are_not_in_the_digest(folder):
    digest = decided(folder, "--as-of", "2027-02-01")["policy"]["digest"]
    put(folder, 3, "  in force from 2027-02-01 until 2027-12-31\n")
    assert decided(folder, "--as-of", "2027-02-01")["policy"]["digest"] == digest


@pytest.mark.parametrize("day, said", [
    ("2027-04-30", None), ("2027-05-01", "is to be reviewed by 2027-06-30: 60 days are left."),
    ("2027-06-30", "is to be reviewed by 2027-06-30: that is today."),
    ("2027-07-10", "was to be reviewed by 2027-06-30, 10 days ago.")])
def test_review_is_warned_of_before_and_reported_after(day, said):
    done = firebreak("policy", "check", "psni-service-instruction", "--as-of", day, "--json")
    findings = json.loads(done.stdout)[0]["findings"]
    assert [finding["severity"] for finding in findings] == ([] if said is None else ["warning"])
    assert said is None or said in findings[0]["message"]


TWO_SIGN = "[[assertion]]\ntext = \"two sign\"\nclaim = \"never permit when recipient is immigration_enforcement and " \
           "role includes any of victim, witness unless after sign_off by 2 of chief_officer\"\n"


def test_what_a_force_asserts_is_checked_before_it_is_put_in_force(tmp_path):
    made = DataFolder(tmp_path / "data")
    force = made.path / "force.toml"
    assert firebreak("policy", "check", "--force", force).returncode == 0
    was = force.read_text()
    force.write_text(was + TWO_SIGN)
    failed = firebreak("policy", "check", "--force", force, check=False)
    assert failed.returncode == 1
    assert "the force's assertion \"two sign\":1:1: error: This assertion fails in" in failed.stdout
    assert "case \"against: two sign\"" in failed.stdout
    with made.serve() as server:  # runs on with what is in force, and takes no proposal of it
        assert "force.toml differs from what is in force (assertions two sign)" in server.output()
        status, told = server.call("POST", "/v1/changes", {"type": "force_toml", "reason": "x"}, token=server.sign_in("owner"))
        assert status == 400 and "cannot be put in force" in told["detail"] and "two sign" in told["detail"]
    # Another policy, before force.toml names it.
    named = firebreak("policy", "check", "--force", force, "full-firewall", check=False)
    assert named.returncode == 1 and "nothing by telephone" in named.stdout
    # What the force decides can make it hold.
    assert firebreak("policy", "check", "--force", force, "--setting", "signers=2").returncode == 0


def test_check_needs_something_to_check():
    done = firebreak("policy", "check", check=False)
    assert done.returncode == 2
    assert "There is nothing to check." in done.stderr
    done = firebreak("policy", "check", "data/force.toml", check=False)
    assert done.returncode == 2
    assert "Name a force.toml with --force." in done.stderr


def test_the_log_and_the_start_page_tell_the_policy_owner(tmp_path):
    today = DataFolder(tmp_path / "other").path.joinpath("force.toml").read_text().rsplit('from = "', 1)[1][:10]
    shutil.copytree(tmp_path / "other/policies", tmp_path / "policies")
    policy = tmp_path / "policies/psni-service-instruction.policy"
    policy.write_text(policy.read_text().replace("  review by", f"  in force from {today} until {today}\n  review by"))
    made = DataFolder(tmp_path / "data", "--policy", policy)
    with made.serve() as server:
        assert '"event":"policy.notice"' in server.output().replace(" ", "")
        assert "no policy is in force, and everything is refused" in server.output()
        status, page = server.call("GET", "/")
        assert status == 200 and "For the policy owner. From " in page


def force_folder(folder, periods):
    """A force.toml over the folder's policies, with these lines for its [[policy]] sections."""
    made = DataFolder(folder / "data")
    for file in folder.glob("p*.policy"):
        shutil.copy(file, made.path / "policies")
    force = made.path / "force.toml"
    force.write_text(force.read_text().split("[[policy]]", 1)[0] + periods)
    return force


def test_a_force_is_asked_by_its_force_toml(folder):
    force = force_folder(folder, '[[policy]]\nfile = "p.policy"\nfrom = "2026-01-01"\n'
                                 '[[policy]]\nfile = "p-2.policy"\nuntil = "2026-06-30"\n')

    def version(day):
        answer = json.loads(firebreak("policy", "decide", force, "--as-of", day, *FACTS, "--json").stdout)
        return answer["policy"] and answer["policy"]["version"]

    # p's first day is the force's, its last day its text's; p-2's first day its text's, its last day the force's.
    assert [version(day) for day in ("2025-12-31", "2026-01-01", "2026-03-28", "2026-03-29", "2026-06-30", "2026-07-01")] \
        == [None, "1", "1", "2", "2", None]
    outside = force_folder_text(force, 'until = "2026-06-30"', 'until = "2027-01-01"')
    assert outside.returncode == 2
    assert "p-2.policy would be in force from 2026-03-29 until 2027-01-01, but its text says " \
           "`in force from 2026-03-29 until 2026-12-31`" in outside.stderr


def force_folder_text(force, old, new):
    force.write_text(force.read_text().replace(old, new))
    return firebreak("policy", "decide", force, "--as-of", "2026-06-01", *FACTS, check=False)


SERVICE = "psni-service-instruction"
EXCEPTIONAL = [part for fact in (
    "action=share", "recipient=immigration_enforcement", "channel=email", "role=victim", "victim_elsewhere=no",
    "suspected_of=nothing", "crime_type=other", "ground=overseas_offending", "overseas_offending=high_harm",
    "necessary=yes", "proportionate=yes", "prevents_further_offending=yes", "purpose=", "consent=not_sought",
    "age_group=adult") for part in ("--set", fact)]


@pytest.mark.parametrize("setting, rank, count", [
    (None, "chief_officer", 1), ("signers=2", "chief_officer", 2), ("signing_rank=chief_constable", "chief_constable", 1),
    ("consent_mode=needed_as_well", None, None), ("more_than_one_part=never_shared", "chief_officer", 1)])
def test_what_the_force_decides_changes_answer_and_digest(tmp_path, setting, rank, count):
    given = ["--setting", setting] if setting else []
    plain = json.loads(firebreak("policy", "decide", SERVICE, *EXCEPTIONAL, "--json").stdout)
    answer = json.loads(firebreak("policy", "decide", SERVICE, *EXCEPTIONAL, *given, "--json").stdout)
    assert answer["sign_off"] == ({"rank": rank, "count": count} if rank else None)
    assert (answer["policy"]["digest"] == plain["policy"]["digest"]) == (setting is None)
    # The same from force.toml, and sound for it.
    force = DataFolder(tmp_path / "data").path / "force.toml"
    if setting:
        name, value = setting.split("=")
        force.write_text(force.read_text() + f"[policy.settings]\n{name} = \"{value}\"\n")
    assert json.loads(firebreak("policy", "decide", force, *EXCEPTIONAL, "--json").stdout) == answer
    assert firebreak("policy", "check", "--force", force).returncode == 0
    whole = firebreak("policy", "prove", SERVICE, *given)
    assert "15 of 15" in whole.stdout or whole.returncode == 0


def test_settings_in_prove_cover_render_explain_and_diff(tmp_path):
    claim = "never permit when recipient is immigration_enforcement and role includes victim unless after sign_off by " \
            "2 of chief_officer"
    assert firebreak("policy", "prove", SERVICE, claim, check=False).returncode == 1
    assert firebreak("policy", "prove", SERVICE, claim, "--setting", "signers=2").returncode == 0
    # Cases for other values of a setting are left out where it is decided.
    whole = json.loads(firebreak("policy", "cover", SERVICE, "--json").stdout)
    two = json.loads(firebreak("policy", "cover", SERVICE, "--setting", "signers=2", "--json").stdout)
    assert int(two["exercised"]["situations"]["of"]) * 3 == int(whole["exercised"]["situations"]["of"])
    assert two["cases"] < whole["cases"]
    page = firebreak("policy", "render", SERVICE, "--format", "markdown", "--setting", "signers=2").stdout
    assert "in a force where two chief officers sign" in page
    assert "in a force that makes no exception for a suspect" not in page
    assert "The force decides More than one part: " in firebreak("policy", "render", SERVICE, "--format", "markdown").stdout
    said = firebreak("policy", "explain", SERVICE, *EXCEPTIONAL, "--setting", "consent_mode=needed_as_well").stdout
    assert "this force makes no exception without that" in said
    force = DataFolder(tmp_path / "data").path / "force.toml"
    assert firebreak("policy", "diff", SERVICE, force, check=False).returncode == 0
    force.write_text(force.read_text() + "[policy.settings]\nsigners = 2\n")
    differs = json.loads(firebreak("policy", "diff", SERVICE, force, "--json", check=False).stdout)
    assert len(differs["groups"]) == 1


def test_the_offence_list_is_part_of_the_digest(tmp_path):
    data = DataFolder(tmp_path / "data").path
    force = data / "force.toml"

    def digest():
        answer = firebreak("policy", "decide", force, "--set", "action=enforce", "--json").stdout
        return json.loads(answer)["policy"]["digest"]

    plain = digest()
    none = firebreak("policy", "offence", "019/08", "--list", force, check=False)
    assert none.returncode == 4 and "names no list" in none.stderr
    force.write_text(force.read_text() + 'offences = "home-office-1.offences"\n')
    listed = digest()
    assert listed != plain
    assert firebreak("policy", "offence", "019/08", "--list", force).stdout == firebreak("policy", "offence", "019/08").stdout
    list_file = data / "policies/home-office-1.offences"
    list_file.write_text("# another comment\n" + list_file.read_text())
    assert digest() == listed
    list_file.write_text(list_file.read_text().replace("version 1\n", "version 2\n"))
    assert digest() != listed
