# SPDX-License-Identifier: Apache-2.0
"""`firebreak change`: what two persons decide, from the command line on a running server."""
import datetime
import json

import pytest

from firebreak_server import DataFolder, firebreak


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = DataFolder(tmp_path_factory.mktemp("changes") / "data")
    return folder


class Person:
    def __init__(self, server, name, folder):
        self.server = server
        self.file = folder.path.parent / (name + ".token")
        self.file.write_text(server.sign_in(name))

    def change(self, *words, check=True):
        return firebreak("change", *words, "--server", self.server.url, "--token-file", self.file, check=check)

    def json(self, *words):
        return json.loads(self.change(*words, "--json").stdout)


@pytest.fixture(scope="module")
def running(made):
    with made.serve() as server:
        yield {name: Person(server, name, made) for name in ("admin", "owner", "board", "officer", "desk")}


def test_one_proposes_and_another_approves(running, made):
    done = running["admin"].change("propose", "destination", "immigration-desk", "--recipient", "immigration_enforcement",
                                   "--address", "new@enforcement.example", "--reason", "They moved.")
    assert "new@enforcement.example" in done.stdout and "Until now: immigration-desk" not in done.stdout
    assert "Waits for another person: firebreak change approve change_" in done.stdout
    change = done.stdout.split()[0]
    alone = running["admin"].change("approve", change, check=False)
    assert alone.returncode == 3 and "Nobody decides about a change that they proposed." in alone.stderr
    assert "took_effect" in running["owner"].change("approve", change).stdout
    again = running["owner"].change("approve", change, check=False)
    assert again.returncode == 5
    assert json.loads(firebreak("ledger", "verify", "--data", made.path, "--json").stdout)["ok"] is True
    assert running["board"].json("show", change)["state"] == "took_effect"
    assert len(running["board"].json("list", "--state", "took_effect")["changes"]) == 1
    assert running["officer"].change("list", check=False).returncode == 3


def test_offices_are_added_given_another_name_and_taken_away(running, made):
    def taken(*words):
        change = running["admin"].json("propose", *words, "--reason", "Offices move.")
        assert running["owner"].json("approve", change["change"])["state"] == "took_effect"
        return change["says"]

    assert taken("office", "North Coast") == [
        "The force's offices (force.districts): A, B, C, North Coast. Until now: A, B, C."]
    assert taken("office", "North", "--instead-of", "B")[0].startswith("The force's offices (force.districts): A, North, C, ")
    assert taken("end-office", "A")[0].startswith("The force's offices (force.districts): North, C, North Coast.")
    for words, said in ((("office", "north"), "has 'north' twice"), (("end-office", "A"), "There is no such office."),
                        (("setting", "force.districts", "North"), "Propose one office at a time")):
        wrong = running["admin"].change("propose", *words, "--reason", "x", check=False)
        assert wrong.returncode != 0 and said in wrong.stderr
    assert taken("setting", "force.districts", '["A", "B", "C"]')[0].endswith("Until now: North, C, North Coast.")
    assert json.loads(firebreak("ledger", "verify", "--data", made.path, "--json").stdout)["ok"] is True


def test_a_destination_has_every_way_in_which_it_is_reached(running, made):
    def destination(who, *words, check=True):
        return firebreak("destination", *words, "--server", running[who].server.url, "--token-file", running[who].file, check=check)

    def taken(*words):
        change = json.loads(destination("admin", "add", *words, "--reason", "It was found.", "--json").stdout)
        assert running["owner"].json("approve", change["change"])["state"] == "took_effect"
        return change["says"][0]

    before = json.loads(destination("admin", "list", "--json").stdout)["destinations"]
    assert "telephones +443069990123" in taken(
        "national", "--recipient", "immigration_enforcement", "--label", "National desk", "--domain", "enforcement.example",
        "--domain", "other.example", "--telephone", "+443069990123", "--purpose", "Referrals")
    said = taken("national", "--until", "2020-01-01")
    assert "until 2020-01-01" in said and "telephones +443069990123; until 2020-01-01" in said, "the rest stays"
    taken("nrm", "--recipient", "competent_authority", "--address", "nrm@enforcement.example")
    found = destination("board", "list").stdout
    assert "national  National desk" in found and "closed: reached by a released referral alone" in found
    assert "Telephone:      +443069990123" in found and f"{len(before) + 2} destinations" in found
    assert destination("officer", "list", check=False).returncode == 3
    tested = destination("desk", "test", "<ANY+one@Sub.Enforcement.Example.>", "nrm@enforcement.example", "officer@police.example").stdout
    assert tested.split("\n")[:3] == [
        "<ANY+one@Sub.Enforcement.Example.>: closed (national): refused without a release",
        "nrm@enforcement.example: open (nrm)", "officer@police.example: not listed; ordinary mail"], tested
    as_json = json.loads(destination("desk", "test", "x%enforcement.example@police.example", "--json").stdout)
    assert as_json["addresses"] == [{"address": "x%enforcement.example@police.example", "listed": "closed", "destination": "national"}]
    phone = firebreak("phone", "export", "--server", running["desk"].server.url, "--token-file", running["desk"].file).stdout
    assert phone == "number,destination,closed\n+443069990123,national,yes\n"
    listed = made.path.parent / "numbers.csv"
    listed.write_text(phone)
    assert firebreak("phone", "screen", "141 0306 999 0123", "--list", listed, check=False).returncode == 3
    assert firebreak("phone", "screen", "999", "--list", listed).returncode == 0
    for words, said in ((("x", "--recipient", "other"), "every other way"), (("national", "--telephone", "999"), "international form"),
                        (("national", "--domain", "A.example"), "lower case"), (("x", "--from", "soon"), "not a date"),
                        (("national", "--recipient", ""), "is a word of the vocabulary")):
        wrong = destination("admin", "add", *words, "--reason", "x", check=False)
        assert wrong.returncode != 0 and said in wrong.stderr, (words, wrong.stderr)
    for one in [d["id"] for d in json.loads(destination("admin", "list", "--json").stdout)["destinations"] if d["closed"]]:
        change = running["admin"].json("propose", "end-destination", one, "--reason", "To see the test fail.")
        running["owner"].json("approve", change["change"])
    silent = firebreak("phone", "export", "--server", running["desk"].server.url, "--token-file", running["desk"].file, check=False)
    assert silent.returncode != 0 and silent.stdout == "", "an empty list is never exported"
    empty = destination("desk", "test", "a@b.example", check=False)
    assert empty.returncode == 5 and "nothing would be blocked" in empty.stderr
    for one in before:
        words = ["--label", one["label"], "--recipient", one["recipient"], "--address", one["address"]]
        if one["closed"]:
            taken(one["id"], *words)
    assert json.loads(firebreak("ledger", "verify", "--data", made.path, "--json").stdout)["ok"] is True


def test_a_rank_a_setting_and_a_policy(running, made):
    first = running["admin"].json("propose", "rank", "officer", "chief_officer", "--from", "2026-01-01", "--reason", "Deputy.")
    assert first["lines"][0]["part"] == "ranks"
    assert running["owner"].json("approve", first["change"])["state"] == "took_effect"
    ended = running["admin"].json("propose", "end-rank", "officer", "chief_officer", "--until", "2026-06-30", "--reason", "Over.")
    assert running["owner"].json("refuse", ended["change"], "--reason", "Not yet.")["state"] == "refused"
    setting = running["admin"].json("propose", "setting", "referrals.erase_refused_days", "14", "--reason", "Sooner.")
    assert running["admin"].json("withdraw", setting["change"])["state"] == "withdrawn"
    text = (made.path / "policies/psni-service-instruction.policy").read_text().replace("version 1\n", "version 2\n", 1)
    file = made.path.parent / "next.policy"
    file.write_text(text)
    tomorrow = (datetime.date.today() + datetime.timedelta(days=2)).isoformat()
    policy = running["owner"].json("propose", "policy", str(file), "--from", tomorrow, "--setting", "signers=2", "--reason", "Two sign.")
    assert [line["key"] for line in policy["lines"]][-1] == tomorrow
    assert running["admin"].json("approve", policy["change"])["state"] == "took_effect"
    end = running["admin"].json("propose", "end-destination", "competent-authority", "--reason", "Gone.")
    assert running["owner"].json("approve", end["change"])["state"] == "took_effect"
    wrong = running["owner"].change("propose", "policy", str(file), "--from", "2020-01-01", "--reason", "x", check=False)
    assert wrong.returncode != 0
    file.write_text(text.replace("version 2\n", "versoin 2\n", 1))
    wrong = running["owner"].change("propose", "policy", str(file), "--from", "2030-01-01", "--reason", "x", check=False)
    assert wrong.returncode == 2 and "cannot be put in force" in wrong.stderr


def test_wrong_use_is_told(running):
    for words, code in ((("approve", "change_none"), 4), (("approve", "../x"), 2), (("approve",), 2), (("propose",), 2),
                        (("propose", "setting", "changes.delay_hours", "soon", "--reason", "x"), 2), (("list", "--state", "x"), 2),
                        (("propose", "rank", "officer", "king", "--from", "2026-01-01", "--reason", "x"), 2)):
        assert running["admin"].change(*words, check=False).returncode == code, words


def test_a_changed_force_toml_is_not_taken_but_proposed(tmp_path):
    made = DataFolder(tmp_path / "data")
    made.configure("referrals@enforcement.example", "other@enforcement.example")
    with made.serve() as server:
        assert "force.toml differs from what is in force (destinations immigration-desk)" in server.output()
        status, page = server.call("GET", "/")
        assert status == 200 and "force.toml differs from what is in force" in page
        admin, owner = Person(server, "admin", made), Person(server, "owner", made)
        proposed = admin.json("propose", "force-toml", "--reason", "As the file says.")
        assert proposed["lines"][0]["before"]["address"] == "referrals@enforcement.example"
        assert owner.json("approve", proposed["change"])["state"] == "took_effect"
        assert "force.toml differs" not in server.call("GET", "/")[1]
        nothing = admin.change("propose", "force-toml", "--reason", "Again.", check=False)
        assert nothing.returncode == 5 and "Nothing would change" in nothing.stderr
    assert json.loads(firebreak("ledger", "verify", "--data", made.path, "--json").stdout)["ok"] is True


def test_a_rank_from_the_command_line_on_the_folder_needs_two_more(tmp_path):
    made = DataFolder(tmp_path / "data")
    added = json.loads(firebreak("person", "add", "deputy", "--data", made.path, "--role", "chief_officer", "--rank",
                                 "chief_officer", "--signing-key", "--json").stdout)
    with made.serve() as server:
        admin, owner = Person(server, "admin", made), Person(server, "owner", made)
        assert admin.json("approve", added["change"])["state"] == "proposed"
        assert admin.change("approve", added["change"], check=False).returncode == 5
        assert owner.json("approve", added["change"])["state"] == "took_effect"
