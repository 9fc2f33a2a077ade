# SPDX-License-Identifier: Apache-2.0
"""Real databases for the tests of `firebreak policy sql`, each of the test's own.

    with Postgres() as postgres:                       # or DuckDB()
        (rows, seconds), = postgres.run(["SELECT 1"])  # rows as lists of texts, None for NULL
        postgres.load(table, csv)                      # a statement that reads a CSV file; NULL is \\N

PostgreSQL listens on a unix socket in a temporary folder alone and runs as `nobody` when the test is
root, which PostgreSQL refuses to be; it is stopped by its process id. DuckDB comes from npm, locked in
tests/sql and installed into build/sql. Standard library only.
"""
import csv
import io
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

from node_scripts import NodeScripts

SCRIPTS = NodeScripts(pathlib.Path(__file__).resolve().parent, "sql")
NULL = "\\N"


class DuckDB:
    """Statements of one run() share a database, which ends with it."""

    def __enter__(self):
        SCRIPTS.install()
        return self

    def __exit__(self, *_):
        pass

    def load(self, table, path):
        return f"COPY {table} FROM '{path}' (FORMAT csv, HEADER, NULLSTR '{NULL}')"

    def run(self, statements, timeout=1800):
        answers = SCRIPTS.run("duckdb.mjs", stdin=json.dumps(statements), timeout=timeout)
        return [([[None if v is None else str(v) for v in row] for row in one["rows"]], one["seconds"]) for one in answers]


class Postgres:
    def __enter__(self):
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
        assert programs, "PostgreSQL is not installed (Debian's package postgresql)"
        self.bin = programs[-1]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="firebreak-pg-", dir="/tmp"))  # a socket's path is short
        self.user = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.process = None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        data = self.folder / "data"
        quiet = {"cwd": self.folder, "stdin": subprocess.DEVNULL, **self.user}
        made = subprocess.run([self.bin / "initdb", "-D", data, "-A", "trust", "-U", "test", "-E", "UTF8", "--no-locale",
                               "--no-sync"], capture_output=True, text=True, timeout=120, **quiet)
        assert made.returncode == 0, made.stderr
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-F"],
            stdout=self.log, stderr=self.log, **quiet)
        end = time.monotonic() + 60
        while self._psql("SELECT 1").returncode != 0:
            assert self.process.poll() is None and time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.05)

    def __exit__(self, *_):
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(30)
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _psql(self, script, timeout=1800):
        return subprocess.run([self.bin / "psql", "-X", "-q", "-h", self.folder, "-U", "test", "-d", "postgres", "--csv", "-t",
                               "-v", "ON_ERROR_STOP=1", "-P", f"null={NULL}"], input=script, capture_output=True, text=True,
                              timeout=timeout)

    def load(self, table, path):
        return f"\\copy {table} FROM '{path}' WITH (FORMAT csv, HEADER, NULL '{NULL}')"

    def run(self, statements, timeout=1800):
        # One session, so that its tables may be temporary; a line of our own parts the answers.
        mark = "----"
        script = "SET max_parallel_workers_per_gather = 0;\n\\timing on\n" + "".join(
            statement + ("" if statement.startswith("\\") else ";") + f"\n\\echo {mark}\n" for statement in statements)
        done = self._psql(script, timeout)
        assert done.returncode == 0, done.stderr[-2000:]
        out = []
        for part in done.stdout.split(mark + "\n")[:-1]:
            *lines, timing = part.strip("\n").split("\n")
            rows = [[None if value == NULL else value for value in row] for row in csv.reader(io.StringIO("\n".join(lines)))]
            out.append((rows, float(timing.split()[1]) / 1000))
        return out
