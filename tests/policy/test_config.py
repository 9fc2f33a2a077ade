# SPDX-License-Identifier: Apache-2.0
"""firebreak config check: what is wrong in a force.toml, where, and what to do."""
import json

import pytest

from firebreak_server import firebreak


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("config") / "data"
    firebreak("init", "--data", str(folder), "--no-demo")
    return folder, (folder / "force.toml").read_text()


def check(folder, *options):
    return firebreak("config", "check", "--data", str(folder), *options, check=False)


def test_a_new_folder_is_right(made):
    folder, text = made
    (folder / "force.toml").write_text(text)
    done = check(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing is wrong" in done.stdout
    assert json.loads(check(folder, "--json").stdout) == {"ok": True, "file": str(folder / "force.toml")}


@pytest.mark.parametrize("old, new, said", [
    ("[force]", "[force]\nshoe_size = 9", "force.toml:"),
    ("[force]", "[force", "force.toml:"),
    ('file = "psni-service-instruction.policy"', 'file = "nowhere.policy"', "nowhere.policy"),
])
def test_what_is_wrong_is_said(made, old, new, said):
    folder, text = made
    assert old in text
    (folder / "force.toml").write_text(text.replace(old, new, 1))
    done = check(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout and done.stdout.startswith(str(folder))
    told = json.loads(check(folder, "--json").stdout)
    assert told["ok"] is False and told["finding"]["message"] and told["finding"]["action"]


def test_no_folder_is_no_finding(tmp_path):
    done = check(tmp_path / "none")
    assert done.returncode not in (0, 1)
    assert "force.toml" in done.stderr
