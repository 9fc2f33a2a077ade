# SPDX-License-Identifier: Apache-2.0
"""`firebreak person list | suspend | rank` on a data folder, with the wrong uses of each; and verify-signoff on what is no
exported sign-off (what is one: tests/browser/sign_off.test.mjs)."""
import json

import pytest

from firebreak_server import DataFolder, firebreak


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return DataFolder(tmp_path_factory.mktemp("people") / "data")


def person(folder, *arguments, check=True):
    return firebreak("person", *arguments, "--data", folder.path, check=check)


def listed(folder):
    return {one["name"]: one for one in json.loads(person(folder, "list", "--json").stdout)["people"]}


def test_the_list_is_a_table_and_json(folder):
    table = person(folder, "list").stdout.splitlines()
    assert table[0].split() == ["NAME", "STATE", "ROLES", "PASSKEYS", "RANKS"]
    assert [line.split()[0] for line in table[1:]] == sorted(folder.passwords)
    chief = listed(folder)["chief"]
    assert chief["active"] and chief["passkeys"] == []
    assert [held["rank"] for held in chief["ranks"]] == ["chief_officer"]
    assert "password" not in json.dumps(chief)


def test_a_rank_is_proposed_with_its_days_and_given_by_two(folder):
    before = listed(folder)
    said = person(folder, "rank", "supervisor", "chief_officer", "--from", "2026-12-01", "--until", "2026-12-07",
                  "--deputising").stdout
    assert "chief_officer from 2026-12-01 until 2026-12-07, deputising" in said and "Two persons must approve it" in said
    assert listed(folder) == before
    change = said.split()[-1]
    with folder.serve() as server:
        for name, state in (("admin", "proposed"), ("owner", "took_effect")):
            status, answer = server.call("POST", f"/v1/changes/{change}/approve", token=server.sign_in(name))
            assert status == 200 and answer["state"] == state, answer
    assert listed(folder)["supervisor"]["ranks"] == [
        {"rank": "chief_officer", "from": "2026-12-01", "until": "2026-12-07", "deputising": True}]


@pytest.mark.parametrize("arguments, code, words", [
    (("nobody", "chief_officer"), 4, "There is no such person."),
    (("chief", "king"), 2, "The ranks are "),
    (("chief", "chief_officer", "--from", "yesterday"), 2, "YYYY-MM-DD"),
    (("chief", "chief_officer", "--until", "2020-01-01"), 2, "before the first"),
    (("chief",), 2, "RANK is required"),
])
def test_wrong_ranks_are_refused(folder, arguments, code, words):
    before = listed(folder)
    done = person(folder, "rank", *arguments, check=False)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert listed(folder) == before


def test_a_suspended_person_is_suspended_once(folder):
    assert "cannot sign in" in person(folder, "suspend", "board").stdout
    assert listed(folder)["board"]["active"] is False
    again = person(folder, "suspend", "board", check=False)
    assert again.returncode == 5 and "suspended already" in again.stderr
    assert person(folder, "suspend", "nobody", check=False).returncode == 4
    with folder.serve() as server:
        status, _ = server.call("POST", "/v1/session", {"name": "board", "password": folder.passwords["board"]})
        assert status == 401
        running = person(folder, "list", check=False)
        assert running.returncode == 5 and "A server has this data folder open." in running.stderr
    assert firebreak("ledger", "verify", "--data", folder.path).returncode == 0


def test_what_is_no_exported_sign_off_is_refused(tmp_path):
    file = tmp_path / "export.json"
    for text in ("", "{", "[]", "{}", '{"v": 1}', "null", json.dumps({
            "v": 1, "referral": "ref_x", "ledger_key": "none", "entries": [], "message": None, "message_nonce": None})):
        file.write_text(text)
        done = firebreak("referral", "verify-signoff", "--file", file, check=False)
        assert done.returncode == 1, text
        assert "DOES NOT VERIFY" in done.stdout
        report = json.loads(firebreak("referral", "verify-signoff", "--file", file, "--json", check=False).stdout)
        assert report["ok"] is False and report["findings"]
    assert firebreak("referral", "verify-signoff", "--file", tmp_path / "none", check=False).returncode == 4
