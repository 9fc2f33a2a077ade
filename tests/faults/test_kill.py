# SPDX-License-Identifier: Apache-2.0
"""Kills the server with SIGKILL at random instants under load, and looks at what is left each time: no acknowledged
event lost, no referral e-mail accepted twice, everything of unknown fate shown as in doubt, and a ledger that verifies.

The relay holds its answer back for a random while after the end of a message's data, so that some kills fall exactly
between the two; the test counts them and wants some.
"""
import http.client
import json
import os
import random
import sqlite3
import threading
import time

import pytest
from examples import BASE_FACTS, SUSPECT_FACTS, evaluation, suspect_draft
from firebreak_server import DataFolder, firebreak
from smtp_sink import SmtpSink

SENT = {"handed", "in_doubt"}
LONG = bool(os.environ.get("FIREBREAK_LONG"))


class Load:
    """Clients that ask, submit and release until the server is gone, and keep what was acknowledged."""

    def __init__(self, server, service_token, officer, desk, first_number):
        self.server, self.service_token, self.officer, self.desk = server, service_token, officer, desk
        self.questions = 0
        self.submitted, self.released = set(), set()
        self.number = first_number
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(work,)) for work in
                        (self.ask, self.ask, self.refer, self.refer)]

    def run(self, work):
        try:
            while True:
                work()
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            pass  # the server was killed: what it did not answer was not acknowledged

    def ask(self):
        status, answer = self.server.call("POST", "/access/v1/evaluation", evaluation(BASE_FACTS), token=self.service_token)
        assert status == 200, answer
        with self.lock:
            self.questions += 1

    def refer(self):
        with self.lock:
            self.number += 1
            number = self.number
        status, made = self.server.call("POST", "/v1/referrals", suspect_draft(number), token=self.officer)
        assert status == 201, made
        ref = made["referral"]
        status, answer = self.server.call("POST", f"/v1/referrals/{ref}/submit", {}, token=self.officer)
        assert status == 200, answer
        with self.lock:
            self.submitted.add(ref)
        release = {"facts": SUSPECT_FACTS, "safeguarding": "not_needed"}
        status, answer = self.server.call("POST", f"/v1/referrals/{ref}/release", release, token=self.desk)
        assert status == 200, answer
        with self.lock:
            self.released.add(ref)


def entries(folder):
    base = sqlite3.connect(f"file:{folder.path}/register.sqlite?mode=ro", uri=True)
    try:
        return [json.loads(row[0]) for row in base.execute("SELECT entry FROM event ORDER BY seq")]
    finally:
        base.close()


def states(folder):
    base = sqlite3.connect(f"file:{folder.path}/register.sqlite?mode=ro", uri=True)
    try:
        return dict(base.execute("SELECT id, state FROM referral"))
    finally:
        base.close()


def check(folder, sink, asked, submitted, released):
    """What must hold after a kill, once a new server has looked at what the old one left."""
    verified = firebreak("ledger", "verify", "--data", folder.path, check=False, timeout=300)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    record = entries(folder)
    assert sum(e["kind"] == "question.decided" for e in record) >= asked
    assert submitted <= {e["referral"] for e in record if e["kind"] == "referral.submitted"}
    assert released <= {e["referral"] for e in record if e["kind"] == "referral.released"}
    accepted = [message_id.split("@")[0] for message_id in sink.accepted]
    assert len(accepted) == len(set(accepted)), "a referral e-mail was accepted twice"
    now = states(folder)
    lost = [ref for ref in accepted if now.get(ref) not in SENT | {"handing"}]
    assert not lost, f"accepted by the relay and not shown as sent or in doubt: {[(r, now.get(r)) for r in lost]}"
    return now


@pytest.mark.parametrize("kills", [200 if LONG else 8])
def test_killed_under_load(tmp_path, kills):
    dice = random.Random(20261122)
    folder = DataFolder(tmp_path / "force")
    token = json.loads(firebreak("service", "add", "records", "--data", folder.path, "--json").stdout)["token"]
    between = 0
    with SmtpSink(hold=lambda: dice.uniform(0, 0.03)) as sink:
        folder.configure('relay = ""', f'relay = "{sink.url}"')
        folder.configure('tls = "required"', 'tls = "none"')
        asked, submitted, released, number = 0, set(), set(), 0
        for _ in range(kills):
            server = folder.serve()
            load = Load(server, token, server.sign_in("officer"), server.sign_in("desk"), number)
            for thread in load.threads:
                thread.start()
            time.sleep(dice.uniform(0.02, 0.6))
            server.kill()
            for thread in load.threads:
                thread.join()
            asked, number = asked + load.questions, load.number
            submitted |= load.submitted
            released |= load.released
            now = check(folder, sink, asked, submitted, released)
            between += sum(1 for m in sink.accepted if now.get(m.split("@")[0]) == "handing")
        with folder.serve():
            time.sleep(2)
            now = check(folder, sink, asked, submitted, released)
        doubtful = [ref for ref, state in now.items() if state == "in_doubt"]
        print(f"{kills} kills: {asked} questions, {len(submitted)} submitted, {len(released)} released, "
              f"{len(sink.accepted)} messages accepted once each, {len(doubtful)} in doubt, "
              f"{between} kills between the end of data and the record of the answer")
        assert asked > kills and released and sink.accepted
        assert between > 0 or not LONG, "no kill fell between the end of data and the answer"
