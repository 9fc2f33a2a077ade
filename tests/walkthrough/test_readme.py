# SPDX-License-Identifier: Apache-2.0
"""Runs every command of the README, in its order, as a user would: the server by ./run, the rest beside it, with a real
Postfix as the relay. Then looks at the message that arrived and at the record, and changes bytes of it.
"""
import email
import email.policy
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import time

import pytest
from examples import exceptional_draft
from firebreak_server import ROOT
from postfix import PostfixRelay

RELEASE = ROOT / "build/release/bin/firebreak"
README = (ROOT / "README.md").read_text()


def commands():
    """The lines of the README's sh blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
    return [line for block in blocks for line in block.strip().split("\n")]


class Terminal:
    """A folder in which the README's commands work as they are written, with a data folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("run", "firebreak", "policies", "docs"):
            (folder / name).symlink_to(ROOT / name)
        self.environment = {**os.environ, "FIREBREAK_DATA": str(folder / "data")}
        self.environment.pop("FIREBREAK_BINARY", None)
        self.said = {}

    def type(self, line, answers=""):
        done = subprocess.run(["bash", "-c", line], cwd=self.folder, env=self.environment, input=answers, text=True,
                              capture_output=True, timeout=600)
        self.said[line] = done.stdout
        assert done.returncode == 0, f"$ {line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def fails(self, line):
        done = subprocess.run(["bash", "-c", line], cwd=self.folder, env=self.environment, text=True, capture_output=True,
                              timeout=600, stdin=subprocess.DEVNULL)
        assert done.returncode != 0, f"$ {line}\n{done.stdout}"
        return done.stdout + done.stderr


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def port_answers():
    try:
        socket.create_connection(("127.0.0.1", 8080), 1).close()
        return True
    except OSError:
        return False


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The README's commands, done: (terminal, message, reference)."""
    assert not port_answers(), "something listens on 127.0.0.1:8080 already; the README's ./run needs that port"
    folder = tmp_path_factory.mktemp("readme")
    terminal = Terminal(folder)
    with PostfixRelay(tmp_path_factory.mktemp("postfix")) as relay:
        made = terminal.type("./firebreak init")
        passwords = dict(re.findall(r"^  ([a-z]+) +(\S{12,})", made, re.M))
        config = folder / "data/force.toml"
        text = config.read_text()
        assert 'relay = ""' in text
        config.write_text(text.replace('relay = ""', f'relay = "{relay.url}"\nca_file = "{relay.ca_file}"'))
        server, reference = None, "REF"
        try:
            for line in commands():
                if line == "./run":
                    server = subprocess.Popen(["./run"], cwd=folder, env=terminal.environment)
                    wait_for(port_answers, 1200)
                    continue
                if line == "./test":
                    continue  # this very run
                if line.startswith("./firebreak service add"):
                    stop(server)  # the README says: with the server stopped
                line = re.sub(r"\bREF\b", reference, line)
                who = re.match(r"./firebreak sign-in (\w+)", line)
                answers = f"{passwords[who[1]]}\nanother password of {who[1]}\n" if who else ""
                said = terminal.type(line, answers)
                if found := re.search(r"\bref_[0-9a-z]{26}\b", said):
                    reference = found[0]
                if " release " in line:
                    messages = wait_for(relay.messages)
        finally:
            if server and server.poll() is None:
                stop(server)
        assert len(messages) == 1
    return terminal, messages[0], reference


def stop(server):
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0


def test_the_question_is_refused_with_its_clause(walked):
    terminal, _, _ = walked
    said = next(text for line, text in terminal.said.items() if "policy decide" in line)
    assert said.startswith("refuse")
    assert "victims-first" in said and "P1" in said


def test_the_message_holds_exactly_the_allowed_fields(walked):
    _, raw, reference = walked
    message = email.message_from_bytes(raw, policy=email.policy.default)
    draft = exceptional_draft(1)
    text = message.get_body(("plain",)).get_content()
    part = next(p for p in message.walk() if p.get_content_type() == "application/json")
    data = __import__("json").loads(part.get_content() if isinstance(part.get_content(), str) else part.get_content().decode())
    assert data["fields"] == draft["fields"]
    assert data["reference"] == reference
    assert set(data) == {"fields", "format", "reference", "version"}
    assert message["Message-ID"] == f"<{reference}@police.example>"
    assert message["To"] == "referrals@enforcement.example"
    assert not list(message.iter_attachments())
    for value in draft["fields"].values():
        assert value in text
    everything = text + part.as_string() + str(message.items())
    for kept in [draft["occurrence"], draft["person"], *draft["reasons"].values(), "officer", "chief"]:
        assert kept not in everything, f"{kept!r} is not among the allowed fields"


def test_the_record_verifies(walked):
    terminal, _, reference = walked
    assert "The record verifies." in terminal.type("./firebreak ledger verify")
    listed = next(text for line, text in terminal.said.items() if "referral list" in line)
    assert reference in listed


def copy_of(terminal, name):
    subprocess.run(["cp", "-a", "data", name], cwd=terminal.folder, check=True)
    return terminal.folder / name


def test_a_changed_entry_is_named(walked):
    terminal, _, _ = walked
    folder = copy_of(terminal, "changed-entry")
    base = sqlite3.connect(folder / "register.sqlite")
    seq, entry = base.execute("SELECT seq, entry FROM event WHERE CAST(entry AS TEXT) LIKE '%referral.released%'").fetchone()
    base.execute("UPDATE event SET entry = ? WHERE seq = ?", (entry.replace(b"released", b"releasEd", 1), seq))
    base.commit()
    base.close()
    assert f"entry {seq}" in terminal.fails("./firebreak ledger verify --data changed-entry")


def test_a_changed_byte_of_the_database_file_is_found(walked):
    terminal, _, reference = walked
    folder = copy_of(terminal, "changed-byte")
    base = sqlite3.connect(folder / "register.sqlite")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    file = folder / "register.sqlite"
    data = bytearray(file.read_bytes())
    at = data.find(b'"statement_digest":"sha256:') + 30
    data[at] ^= 1
    file.write_bytes(data)
    said = terminal.fails("./firebreak ledger verify --data changed-byte")
    assert re.search(r"entry \d+", said), said


def test_a_changed_byte_of_the_published_ledger_is_found(walked):
    terminal, _, _ = walked
    folder = copy_of(terminal, "changed-ledger")
    files = [p for p in (folder / "ledger").rglob("*") if p.is_file()]
    assert files, "nothing was published"
    for file in files:
        before = file.read_bytes()
        changed = bytearray(before)
        changed[len(changed) // 2] ^= 1
        file.write_bytes(changed)
        said = terminal.fails("./firebreak ledger verify --data changed-ledger")
        assert file.name in said or str(file.relative_to(folder)) in said, said
        if "tile" in file.parts:  # a checkpoint stands for all entries, a tile's byte for one
            assert re.search(r"entry \d+: ", said), said
        file.write_bytes(before)
    assert "The record verifies." in terminal.type("./firebreak ledger verify --data changed-ledger")
