# SPDX-License-Identifier: Apache-2.0
"""The same requests over HTTP: Firebreak's server and OPA's, each asked every request once and its answer checked, then
loaded with wrk over keep-alive connections. What each does for an answer differs, and the table says so.

    figures = measure(requests_file, opa=PROGRAM, rego=FILE)
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from firebreak_server import DataFolder, firebreak, free_port

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 32


def firebreak_body(facts):
    facts = dict(facts)
    return {"subject": {"type": "service", "id": "records"}, "action": {"name": facts.pop("action")},
            "resource": {"type": "person_in_occurrence", "id": "PER-1"}, "context": {"facts": facts}}


def firebreak_answer(answer):
    return answer["context"]["decision"], answer["context"]["rule"]


def opa_body(facts):
    return {"input": facts}


def opa_answer(answer):
    return tuple(answer["result"])


def read_requests(path):
    for line in path.read_text().splitlines():
        decision, rule, facts = line.split("\t", 2)
        yield decision, rule, json.loads(facts)


def check(port, path, requests, body, answer, headers):
    """Asks every request; ends the program at the first wrong answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for decision, rule, facts in requests:
        connection.request("POST", path, json.dumps(body(facts)), {"Content-Type": "application/json", **headers})
        given = connection.getresponse()
        text = given.read()
        if given.status != 200 or answer(json.loads(text)) != (decision, rule):
            sys.exit(f"WRONG ANSWER over HTTP, not {decision} by {rule}: {given.status} {text.decode()}\nto {json.dumps(facts)}")
    connection.close()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(port, path, pid, bodies, token, seconds):
    before = cpu_seconds(pid)
    out = subprocess.run(["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(HERE / "bodies.lua"),
                          f"http://127.0.0.1:{port}{path}", "--", str(bodies), *([token] if token else [])],
                         capture_output=True, text=True, check=True).stdout
    spent = cpu_seconds(pid) - before
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(f"some requests failed:\n{out}")
    latency = {m[1]: m[2] for m in re.finditer(r"^\s+(\d+)%\s+(\S+)", out, re.M)}
    return {"per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), "p50": latency["50"], "p99": latency["99"],
            "cpu_us": spent * 1e6 / int(re.search(r"(\d+) requests in", out)[1])}


@contextlib.contextmanager
def opa_server(program, rego, folder, options):
    port = free_port()
    with open(folder / "opa.log", "ab") as log:
        server = subprocess.Popen([program, "run", "--server", "--addr", f"127.0.0.1:{port}", "--skip-version-check",
                                   "--log-level", "error", *options, str(rego)], stdout=log, stderr=log, cwd=folder)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                probe.request("GET", "/health")
                if probe.getresponse().status == 200:
                    break
            except OSError:
                if server.poll() is not None or time.monotonic() > end:
                    sys.exit(f"OPA's server does not answer:\n{(folder / 'opa.log').read_text()[-2000:]}")
                time.sleep(0.05)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)


def measure_firebreak(requests, scratch, seconds):
    folder = DataFolder(scratch / "force")
    token = json.loads(firebreak("service", "add", "records", "--data", folder.path, "--json").stdout)["token"]
    bodies = write_bodies(requests, scratch / "firebreak.bodies", firebreak_body)
    with folder.serve() as server:
        path = "/access/v1/evaluation"
        check(server.port, path, requests, firebreak_body, firebreak_answer, {"Authorization": f"Bearer {token}"})
        figures = load(server.port, path, server.process.pid, bodies, token, seconds)
    if firebreak("ledger", "verify", "--data", folder.path, timeout=600, check=False).returncode != 0:
        sys.exit("the ledger does not verify after the load")
    return figures


def measure_opa(requests, scratch, seconds, program, rego, options=()):
    bodies = write_bodies(requests, scratch / "opa.bodies", opa_body)
    path = "/v1/data/firebreak/answer"
    with opa_server(program, rego, scratch, options) as (port, pid):
        check(port, path, requests, opa_body, opa_answer, {})
        return load(port, path, pid, bodies, None, seconds)


def write_bodies(requests, path, body):
    path.write_text("".join(json.dumps(body(facts)) + "\n" for _, _, facts in requests))
    return path


def measure(requests_path, opa, rego, seconds=8):
    """Figures by name. The environment's FIREBREAK_BINARY is the program that serves; without `opa`, it alone."""
    requests = list(read_requests(requests_path))
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        out = {"Firebreak: authenticated, recorded, on disk before the answer": measure_firebreak(requests, scratch, seconds)}
        if opa:
            out["OPA: nobody authenticated, nothing recorded"] = measure_opa(requests, scratch, seconds, opa, rego)
            out["OPA: each decision logged to a file, not synced"] = measure_opa(
                requests, scratch, seconds, opa, rego, ["--set", "decision_logs.console=true"])
        return out
