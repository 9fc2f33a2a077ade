# SPDX-License-Identifier: Apache-2.0
"""Starts the real firebreak program for a test, speaks to it, and stops it by process id.

    with DataFolder(tmp_path) as folder:            # firebreak init
        with folder.serve() as server:              # firebreak serve, on a free port
            officer = server.sign_in("officer")
            status, answer = server.call("POST", "/v1/referrals", draft, token=officer)
"""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = os.environ.get("FIREBREAK_BINARY", str(ROOT / "build/dev/bin/firebreak"))


def program_of_tests(name):
    """A program that is built with the tests: beside the one that is tested, or in the tests' own build."""
    beside = pathlib.Path(BINARY).parent / name
    return beside if beside.exists() else ROOT / "build/dev/bin" / name


def firebreak(*arguments, check=True, stdin=None, timeout=60, **more):
    """Runs one command; returns the finished process with its output as text."""
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, cwd=ROOT,
                          input=stdin, **more)
    if check and done.returncode != 0:
        raise AssertionError(f"firebreak {' '.join(map(str, arguments))} exited {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running `firebreak serve`."""

    def __init__(self, folder, environment=None, port=None):
        self.folder = folder
        self.port = port or free_port()
        self.log = open(folder.path / "server.log", "ab")
        self.process = subprocess.Popen([BINARY, "serve", "--data", str(folder.path), "--listen", f"127.0.0.1:{self.port}"],
                                        stdout=self.log, stderr=self.log, cwd=ROOT, env={**os.environ, **(environment or {})})
        self.wait()

    def wait(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()}")
            try:
                if self.call("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"the server does not answer:\n{self.output()}")

    def output(self):
        return (self.folder.path / "server.log").read_text(errors="replace")[-4000:]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def call(self, method, path, body=None, token=None, headers=None, timeout=30):
        """One request; returns (status, JSON or text)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            head = dict(headers or {})
            data = None
            if body is not None:
                data = body if isinstance(body, (bytes, str)) else json.dumps(body)
                head.setdefault("Content-Type", "application/json")
            if token:
                head["Authorization"] = f"Bearer {token}"
            connection.request(method, path, data, head)
            answer = connection.getresponse()
            text = answer.read().decode()
            kind = answer.getheader("Content-Type", "")
            return answer.status, json.loads(text) if "json" in kind and text else text
        finally:
            connection.close()

    def sign_in(self, name):
        """A session token for one of the example people; changes the one-time password on first use."""
        password = self.folder.passwords[name]
        status, answer = self.call("POST", "/v1/session", {"name": name, "password": password})
        assert status == 200, answer
        if answer["must_change_password"]:
            new = "a-much-longer-password-" + name
            status, changed = self.call("POST", "/v1/password", {"old": password, "new": new}, token=answer["token"])
            assert status in (200, 204), changed
            self.folder.passwords[name] = new
            status, answer = self.call("POST", "/v1/session", {"name": name, "password": new})
            assert status == 200, answer
        return answer["token"]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("the server did not stop within 20 s of SIGTERM")
        self.log.close()
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


class DataFolder:
    """A force's data folder, made by `firebreak init` with the example people."""

    def __init__(self, path, *options):
        self.path = pathlib.Path(path)
        self.printed = firebreak("init", "--data", self.path, *options).stdout
        # The example people are printed as lines "name  one-time password  what they are".
        self.passwords = dict(re.findall(r"^  ([a-z]+) +(\S{12,})", self.printed, re.M))

    def serve(self, environment=None, port=None):
        return Server(self, environment, port)

    def configure(self, old, new):
        """Replaces a piece of force.toml; fails when it is not there."""
        file = self.path / "force.toml"
        text = file.read_text()
        assert old in text, f"{old!r} is not in force.toml:\n{text}"
        file.write_text(text.replace(old, new, 1))

    def key(self, name):
        return self.path / "people" / f"{name}.key"
