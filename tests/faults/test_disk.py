# SPDX-License-Identifier: Apache-2.0
"""Disks that are full, may not be written, or fail: nothing is acknowledged that is not kept, the error says what to do,
nothing is left half-written, and what was acknowledged before is there afterwards.

Full and read-only disks are real ones (a small tmpfs, a read-only bind mount; skipped where mounting is not allowed).
Failing system calls are made to fail by strace, in the running server.
"""
import contextlib
import json
import os
import sqlite3
import subprocess
import threading
import time

import pytest
from examples import BASE_FACTS, SUSPECT_FACTS, evaluation, suspect_draft
from firebreak_server import DataFolder, firebreak


@contextlib.contextmanager
def mounted(target, *arguments):
    target.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", *arguments, str(target)], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"this machine does not let tests mount: {done.stderr.strip()}")
    try:
        yield target
    finally:
        subprocess.run(["umount", "-l", str(target)], check=True)


@contextlib.contextmanager
def read_only(folder, at):
    with mounted(at, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(at)], check=True)
        yield at


@contextlib.contextmanager
def failing(server, call, error):
    """Every such system call of the server fails, until the end of the block."""
    tracer = subprocess.Popen(["strace", "-f", "-p", str(server.process.pid), "-e", f"trace={call}",
                               "-e", f"inject={call}:error={error}", "-o", "/dev/null"],
                              stderr=subprocess.PIPE, text=True)
    line = tracer.stderr.readline()
    if "attached" not in line:
        tracer.kill()
        pytest.skip(f"this machine does not let tests trace: {line.strip()}")
    threading.Thread(target=tracer.stderr.read, daemon=True).start()
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait(20)


LONG = bool(os.environ.get("FIREBREAK_LONG"))


def service_token(folder):
    return json.loads(firebreak("service", "add", "records", "--data", folder.path, "--json").stdout)["token"]


def decided(folder):
    base = sqlite3.connect(f"file:{folder.path}/register.sqlite?mode=ro", uri=True)
    try:
        rows = base.execute("SELECT entry FROM event").fetchall()
        return sum(json.loads(row[0])["kind"] == "question.decided" for row in rows)
    finally:
        base.close()


def verifies(folder):
    done = firebreak("ledger", "verify", "--data", folder.path, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def ask(server, token):
    return server.call("POST", "/access/v1/evaluation", evaluation(BASE_FACTS), token=token)


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def refused_clearly(status, answer, *words):
    assert status == 503, answer
    assert answer["status"] == 503 and answer["detail"], answer
    for word in words:
        assert word in answer["detail"] + answer.get("action", ""), answer
    assert "decision" not in answer


def fill(folder):
    """Leaves not one free block on the disk of the folder."""
    with open(folder / "filler", "wb", buffering=0) as filler:
        for size in (1 << 16, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    filler.write(b"x" * size)


def test_a_full_disk(tmp_path):
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=8m", "tmpfs") as disk:
        folder = DataFolder(disk / "force")
        token = service_token(folder)
        with folder.serve() as server:
            officer = server.sign_in("officer")
            answered = 0
            status, answer = ask(server, token)
            assert status == 200, answer
            answered += 1
            fill(disk)
            for _ in range(200):  # room within files that exist may last for a few
                status, answer = ask(server, token)
                if status != 200:
                    break
                answered += 1
            refused_clearly(status, answer, "full")
            # A page cannot show an answer that was not recorded, nor a draft be kept.
            status, answer = server.call("POST", "/v1/referrals", suspect_draft(1), token=officer)
            refused_clearly(status, answer, "full")
            assert server.call("GET", "/healthz")[0] == 200, "a full disk is not the end of the server"
            (disk / "filler").unlink()
            status, answer = ask(server, token)
            assert status == 200, answer
            answered += 1
            assert server.call("GET", "/v1/referrals", token=officer)[1]["referrals"] == []
        verifies(folder)
        assert decided(folder) == answered


def test_making_a_folder_on_a_full_or_read_only_disk(tmp_path):
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=300k", "tmpfs") as small:
        done = firebreak("init", "--data", small / "force", check=False)
        assert done.returncode != 0 and "full" in done.stderr, done.stderr
        assert done.stdout == "", "one-time passwords of a folder that was not made"
        assert list(small.iterdir()) == [], "a folder was left half-made"
    with mounted(tmp_path / "locked", "-t", "tmpfs", "-o", "ro", "tmpfs") as locked:
        done = firebreak("init", "--data", locked / "force", check=False)
        assert done.returncode != 0 and "may be written" in done.stderr, done.stderr


def test_a_read_only_folder(tmp_path):
    folder = DataFolder(tmp_path / "force")
    with read_only(folder.path, tmp_path / "view") as view:
        for command in (["serve", "--listen", "127.0.0.1:1"], ["service", "add", "records"]):
            done = firebreak(*command, "--data", view, check=False)
            assert done.returncode != 0 and "Read-only" in done.stderr, done.stderr
            assert "token" not in done.stdout
        # Who only looks needs no right to write.
        done = firebreak("ledger", "verify", "--data", view, check=False)
        assert done.returncode == 0, done.stderr
    verifies(folder)


@pytest.mark.parametrize("call,error", [("fdatasync", "EIO"), ("pwrite64", "EIO")])
def test_a_failing_disk_stops_the_recorder(tmp_path, call, error):
    folder = DataFolder(tmp_path / "force")
    token = service_token(folder)
    with folder.serve() as server:
        assert ask(server, token)[0] == 200
        with failing(server, call, error):
            status, answer = ask(server, token)
            refused_clearly(status, answer)
        # What a failed write left on the disk is not known: it stays stopped, and says what to do.
        status, answer = ask(server, token)
        refused_clearly(status, answer, "ledger verify")
        assert server.call("GET", "/healthz")[0] == 503
    verifies(folder)
    with folder.serve() as server:
        assert ask(server, token)[0] == 200
    verifies(folder)
    assert decided(folder) == 2


@pytest.mark.parametrize("call", ["pwrite64", "pwrite64,fdatasync,ftruncate"])
def test_no_room_for_a_write(tmp_path, call):
    folder = DataFolder(tmp_path / "force")
    token = service_token(folder)
    with folder.serve() as server:
        with failing(server, call, "ENOSPC"):
            refused_clearly(*ask(server, token))
        status, answer = ask(server, token)
        assert status == 200 or "ledger verify" in answer["action"], answer
        answered = status == 200
    verifies(folder)
    assert decided(folder) == answered


def test_the_outbox_cannot_be_written(tmp_path):
    """A message that could not be put down is not called sent, and goes out when there is room again."""
    folder = DataFolder(tmp_path / "force")
    with mounted(folder.path / "outbox", "-t", "tmpfs", "-o", "size=64k", "tmpfs") as outbox:
        fill(outbox)
        with folder.serve() as server:
            officer, desk = server.sign_in("officer"), server.sign_in("desk")
            ref = server.call("POST", "/v1/referrals", suspect_draft(1), token=officer)[1]["referral"]
            assert server.call("POST", f"/v1/referrals/{ref}/submit", {}, token=officer)[0] == 200
            assert server.call("POST", f"/v1/referrals/{ref}/release", {"facts": SUSPECT_FACTS, "safeguarding": "not_needed"}, token=desk)[0] == 200

            def state():
                return server.call("GET", f"/v1/referrals/{ref}", token=desk)[1]["state"]

            assert not wait_for(lambda: state() == "handed", 3)
            assert not list(outbox.glob("*.eml*")), "a message was left half-written"
            assert state() == "released", "neither lost nor called sent"
            (outbox / "filler").unlink()
            if LONG:  # it is tried again after a minute
                assert wait_for(lambda: state() == "handed", 90), state()
                assert len(list(outbox.glob("ref_*"))) == 1
    verifies(folder)
