#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the running program as a user of its API meets it: decisions over HTTP, each durably recorded before it
is answered (wrk, keep-alive); beside it, in the same run, the same server answering without deciding or recording
(GET /healthz); the time from start to the first answer; and memory at rest and after the load.

    tools/install-packages long && tools/build release && bench/http_bench.py [--seconds 10] [--connections 32]

Prints a table and, with --json, one JSON object. Nothing is asserted: figures are for bench/README.md.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
os.environ.setdefault("FIREBREAK_BINARY", str(ROOT / "build/release/bin/firebreak"))
sys.path.insert(0, str(ROOT / "tests"))
from firebreak_server import DataFolder, firebreak  # noqa: E402

QUESTION = {
    "subject": {"type": "service", "id": "records"},
    "action": {"name": "share"},
    "resource": {"type": "person_in_occurrence", "id": "PER-1",
                 "properties": {"role": ["victim"], "victim_elsewhere": "no", "suspected_of": "nothing",
                                "crime_type": ["other"], "ground": [], "overseas_offending": "none", "age_group": "adult"}},
    "context": {"facts": {"recipient": "immigration_enforcement", "channel": "email", "necessary": False,
                          "proportionate": False, "prevents_further_offending": False, "purpose": [],
                          "consent": "not_sought"}},
}


def wrk(url, seconds, connections, token=None):
    script = "wrk.method = 'GET'\n"
    if token:
        script = (f"wrk.method = 'POST'\nwrk.body = [==[{json.dumps(QUESTION)}]==]\n"
                  "wrk.headers['Content-Type'] = 'application/json'\n"
                  f"wrk.headers['Authorization'] = 'Bearer {token}'\n")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        out = subprocess.run(["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name, url],
                             capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise SystemExit(f"the server refused some requests:\n{out}")
    latency = {m[1]: m[2] for m in re.finditer(r"^\s+(\d+)%\s+(\S+)", out, re.M)}
    return {"per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), "p50": latency["50"], "p99": latency["99"]}


def resident_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def start_times(folder, rounds):
    times = []
    for _ in range(rounds):
        begun = time.monotonic()
        server = folder.serve()
        times.append(time.monotonic() - begun)
        server.stop()
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = DataFolder(pathlib.Path(scratch) / "force")
        token = json.loads(firebreak("service", "add", "records", "--data", folder.path, "--json").stdout)["token"]
        starts = start_times(folder, 5)
        with folder.serve() as server:
            status, answer = server.call("POST", "/access/v1/evaluation", QUESTION, token=token)
            if status != 200 or answer["context"]["decision"] != "refuse":
                raise SystemExit(f"the answer is not what it should be: {status} {answer}")
            rest = resident_mib(server.process.pid)
            time.sleep(1)
            plain = wrk(server.url + "/healthz", options.seconds, options.connections)
            decided = wrk(server.url + "/access/v1/evaluation", options.seconds, options.connections, token)
            loaded = resident_mib(server.process.pid)
        verified = firebreak("ledger", "verify", "--data", folder.path, "--json", timeout=600, check=False)
    figures = {"decisions": decided, "without_deciding": plain, "ratio": decided["per_second"] / plain["per_second"],
               "start_seconds_median": statistics.median(starts), "memory_at_rest_mib": rest,
               "memory_after_load_mib": loaded, "connections": options.connections, "seconds": options.seconds,
               "cores": os.cpu_count(), "ledger_verifies": verified.returncode == 0,
               "entries": json.loads(verified.stdout)["entries"]}
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    print(f"conditions: {figures['cores']} cores shared with wrk, {options.connections} keep-alive connections, "
          f"{options.seconds} s, SQLite WAL synchronous=FULL")
    for name in ("decisions", "without_deciding"):
        f = figures[name]
        print(f"{name:18} {f['per_second']:10.0f}/s   p50 {f['p50']:>8}   p99 {f['p99']:>8}")
    print(f"ratio {figures['ratio']:.2f}; start to first answer {figures['start_seconds_median']:.2f} s (median of 5); "
          f"memory {rest:.0f} MiB at rest, {loaded:.0f} MiB after; {figures['entries']} entries, "
          f"the ledger {'verifies' if figures['ledger_verifies'] else 'DOES NOT VERIFY'}")


main()
