# SPDX-License-Identifier: Apache-2.0
"""Starts a real server over a new data folder, and gives tests a client for each kind of caller.

    with started(tmp_path) as force:                 # the API; started(tmp_path, built_pages()) has the pages too
        force.as_person("officer").get("/v1/referrals")

The server is web_test_server: FIREBREAK_TEST_SERVER names it, else the newest in build/*/bin.
"""
import contextlib
import http.client
import json
import os
import pathlib
import sqlite3
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


class Client:
    """Calls the API as one caller. `body` is JSON, or bytes sent as they are."""

    def __init__(self, port, token=None):
        self.port = port
        self.token = token

    def call(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.token:
            headers.setdefault("Authorization", "Bearer " + self.token)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)


class Force:
    """The running server, its people (signed in, with passwords of their own) and a service."""

    def __init__(self, process, started, folder):
        self.process = process
        self.folder = folder
        self.port = started["port"]
        self.people = started["people"]
        self.routes = started["routes"]  # the whole table: method, path, right, open, audience, before_new_password
        self.nobody = Client(self.port)
        self.services = {kind: Client(self.port, token) for kind, token in started["services"].items()}
        self.service = self.services["records_system"]
        self.suspended = Client(self.port, started["suspended"])  # the session of somebody suspended since
        self.one_time = started["one_time_password"]
        self.passwords = {}

    def as_person(self, name):
        password = self.passwords.get(name)
        if password is None:
            once = self.people[name]["password"]
            password = self.passwords[name] = "a long password of " + name
            first = self.sign_in(name, once)
            changed = first.post("/v1/password", {"old": once, "new": password})
            assert changed.status == 200, changed.body
            return Client(self.port, changed.json()["token"])
        return self.sign_in(name, password)

    def sign_in(self, name, password):
        answer = self.nobody.post("/v1/session", {"name": name, "password": password})
        assert answer.status == 200, answer.body
        return Client(self.port, answer.json()["token"])

    def with_one_time_password(self):
        """Somebody signed in who has not yet chosen a password of their own."""
        return self.sign_in("newcomer", self.one_time)

    def entries(self):
        """What is on disk now: the ledger's entries, in order."""
        with sqlite3.connect(f"file:{self.folder}/register.sqlite?mode=ro", uri=True) as store:
            return [json.loads(row[0]) for row in store.execute("SELECT entry FROM event ORDER BY seq")]

    def log(self):
        return (self.folder.parent / "server.log").read_text(encoding="utf-8")

    def memory(self):
        """Resident memory of the server, in megabytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def server_binary():
    named = os.environ.get("FIREBREAK_TEST_SERVER")
    found = [pathlib.Path(named)] if named else list(ROOT.glob("build/*/bin/web_test_server"))
    if not found:
        pytest.skip("web_test_server is not built")
    return max(found, key=lambda path: path.stat().st_mtime)


def built_pages():
    """The folder of built pages: FIREBREAK_UI, else build/ui, made by ui/build.mjs from what is here."""
    if "FIREBREAK_UI" in os.environ:
        return pathlib.Path(os.environ["FIREBREAK_UI"])
    folder = ROOT / "build/ui"
    made = subprocess.run(["node", "ui/build.mjs", folder], cwd=ROOT, capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip("the pages are not built: " + made.stderr)
    return folder


@contextlib.contextmanager
def started(parent, pages=None):
    """The server over a new data folder in `parent`; ends it, and fails when it did not end well."""
    folder = parent / "data"
    command = [server_binary(), folder, ROOT / "policies", *([pages] if pages else [])]
    with open(parent / "server.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True,
                                   env={**os.environ, "FIREBREAK_LIFT_LIMITS": "yes"})
        line = process.stdout.readline()
        assert line, (parent / "server.log").read_text()
        try:
            yield Force(process, json.loads(line), folder)
            assert process.poll() is None, "the server died"
        finally:
            process.terminate()
            code = process.wait(timeout=30)
    assert code == 0, (parent / "server.log").read_text()
