#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the pages as 50 people at once meet them, over a register of 100,000 referrals: each of 50 sessions asks
for the next page as soon as it has the last one (wrk, keep-alive). Beside each page, in the same run, the same bytes
served by nginx as a static file. Then the first page after a start, and what a first visit transfers in Chromium.

    tools/install-packages long && tools/build release && bench/pages_bench.py

The referrals are drafted through the API, and nine of ten of them withdrawn again. --data FOLDER keeps the data folder
there, or takes the one that is there. Nothing is asserted: figures are for bench/README.md.
"""
import argparse
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
os.environ.setdefault("FIREBREAK_BINARY", str(ROOT / "build/release/bin/firebreak"))
sys.path.insert(0, str(ROOT / "tests"))
from examples import suspect_draft  # noqa: E402
from firebreak_server import BINARY, DataFolder, free_port  # noqa: E402

# Pages that lists and queues stand on, by who opens them; one that is not there is left out.
PAGES = [("desk", "/desk"), ("desk", "/desk?page=40"), ("desk", "/desk?state=submitted&state=in_doubt"), ("desk", "/tasks"),
         ("officer", "/"), ("officer", "/referrals"), ("supervisor", "/supervisor"), ("chief", "/sign-off"),
         ("chief", "/urgent-reviews"), ("board", "/board")]
NGINX = """daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes auto;
events {{ worker_connections 1024; }}
http {{ access_log off; types {{ text/html html; }} default_type text/html; client_body_temp_path {folder}/a;
  proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; keepalive_requests 100000000; }} }}
"""
LUA = """
local cookies = {%s}
local next = 0
request = function()
  next = next %% #cookies + 1
  return wrk.format("GET", nil, {["Cookie"] = cookies[next], ["Accept"] = "text/html"})
end
"""


def get(port, path, token=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Cookie": f"firebreak-session={token}"} if token else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def post(port, path, body, token=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    head = {"Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token else {})}
    connection.request("POST", path, json.dumps(body), head)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status == 429:  # so many signing in from one address are slowed down
        time.sleep(1)
        return post(port, path, body, token)
    if answer.status >= 300:
        raise SystemExit(f"{path}: {answer.status} {text}")
    return json.loads(text) if text else {}


def sessions(port, name, once, count):
    """That many sessions of a person, who chooses a password at the first."""
    chosen = "three words together " + name
    first = post(port, "/v1/session", {"name": name, "password": once[name]})
    if first["must_change_password"]:
        post(port, "/v1/password", {"old": once[name], "new": chosen}, first["token"])
        once[name] = chosen
    return [post(port, "/v1/session", {"name": name, "password": once[name]})["token"] for _ in range(count)]


DRAFT = """
local number = 0
request = function()
  number = number + 1
  return wrk.format("POST", "/v1/referrals", {["Authorization"] = "Bearer %s", ["Content-Type"] = "application/json"}, [==[%s]==])
end
"""
WITHDRAW = """
local refs = {%s}
local next = 0
request = function()
  next = next + 1
  if next > #refs then wrk.thread:stop() next = 1 end
  return wrk.format("POST", "/v1/referrals/" .. refs[next] .. "/withdraw", {["Authorization"] = "Bearer %s"})
end
"""


def run_wrk(script, port, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        subprocess.run(["wrk", "-t1", "-c512", f"-d{seconds}s", "--timeout", "60s", "-s", file.name, f"http://127.0.0.1:{port}"],
                       capture_output=True, check=True)


def page_of(port, token, after):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", "/v1/referrals?state=draft&limit=1000" + (f"&after={after}" if after else ""),
                       headers={"Authorization": "Bearer " + token})
    return json.loads(connection.getresponse().read())


def drafts(port, token):
    refs, after = [], None
    while True:
        page = page_of(port, token, after)
        refs += [one["referral"] for one in page["referrals"]]
        after = page.get("next")
        if not after:
            return refs


def fill(folder, once, count):
    """Drafts at least that many through the API, 512 at a time, and withdraws nine of ten."""
    with serving(folder) as port:
        token = sessions(port, "officer", once, 1)[0]
        while page_of(port, token, None)["total"] < count:
            run_wrk(DRAFT % (token, json.dumps(suspect_draft())), port, 5)
        refs = drafts(port, token)
        kept = set(refs[::10])
        while gone := [ref for ref in refs if ref not in kept][:20_000]:
            run_wrk(WITHDRAW % (", ".join(f'"{ref}"' for ref in gone), token), port, 10)
            refs = drafts(port, token)


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def wrk(url, tokens, options):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(LUA % ", ".join(f'"firebreak-session={token}"' for token in tokens))
        file.flush()
        out = subprocess.run(["wrk", "-t2", f"-c{options.people}", f"-d{options.seconds}s", "--latency", "-s", file.name, url],
                             capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"not every page came:\n{out}")
    latency = {m[1]: milliseconds(m[2]) for m in re.finditer(r"^\s+(\d+)%\s+(\S+)", out, re.M)}
    return {"per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), "p50_ms": latency["50"], "p99_ms": latency["99"]}


@contextlib.contextmanager
def serving(folder):
    port = free_port()
    with open(folder.parent / "server.log", "ab") as log:
        process = subprocess.Popen([BINARY, "serve", "--data", folder, "--ui", ROOT / "build/ui", "--listen", f"127.0.0.1:{port}"],
                                   stdout=log, stderr=log, cwd=ROOT)
        try:
            for _ in range(6000):
                with contextlib.suppress(OSError):
                    if get(port, "/healthz")[0] == 200:
                        break
                time.sleep(0.01)
            yield port
        finally:
            process.terminate()
            process.wait(60)


@contextlib.contextmanager
def nginx(folder, page):
    (folder / "www").mkdir(parents=True)
    (folder / "www/page.html").write_bytes(page)
    port = free_port()
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port))
    os.chmod(folder, 0o755)
    process = subprocess.Popen(["/usr/sbin/nginx", "-c", folder / "conf", "-p", folder])
    try:
        time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/page.html"
    finally:
        process.terminate()
        process.wait(20)


def measure(folder, once, scratch, options):
    found = []
    with serving(folder) as port:
        tokens = {name: sessions(port, name, once, options.people) for name in dict.fromkeys(who for who, _ in PAGES)}
        for number, (who, path) in enumerate(PAGES):
            status, body = get(port, path, tokens[who][0])
            if status != 200:
                print(f"{path}: {status}, left out", file=sys.stderr)
                continue
            ours = wrk(f"http://127.0.0.1:{port}{path}", tokens[who], options)
            with tempfile.TemporaryDirectory(dir=scratch) as beside:
                os.chmod(scratch, 0o755)
                with nginx(pathlib.Path(beside), body) as url:
                    peer = wrk(url, tokens[who], options)
            print(f"{path}: {ours}", file=sys.stderr)
            found.append({"page": path, "who": who, "bytes": len(body), "ours": ours, "static": peer})
    # After a start nothing is in the program's memory: the first page of each kind.
    for one in found:
        with serving(folder) as port:
            token = sessions(port, one["who"], once, 1)[0]
            begun = time.perf_counter()
            get(port, one["page"], token)
            one["first_after_start_ms"] = (time.perf_counter() - begun) * 1000
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--referrals", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.data or pathlib.Path(scratch) / "force"
        passwords = folder.parent / "passwords.json"
        if not folder.exists():
            begun = time.monotonic()
            once = DataFolder(folder).passwords
            fill(folder, once, options.referrals)
            passwords.write_text(json.dumps(once))
            print(f"{options.referrals} referrals made in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        once = json.loads(passwords.read_text())
        try:
            found = measure(folder, once, scratch, options)
        finally:
            passwords.write_text(json.dumps(once))
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(f"conditions: {os.cpu_count()} cores shared with wrk, {options.people} sessions without a pause, {options.seconds} s")
    for one in found:
        ours, peer = one["ours"], one["static"]
        print(f"{one['page']:40} {one['bytes']:7} bytes  {ours['per_second']:8.0f}/s  p50 {ours['p50_ms']:6.2f} ms  "
              f"p99 {ours['p99_ms']:6.2f} ms  first after start {one['first_after_start_ms']:5.1f} ms  "
              f"nginx {peer['per_second']:8.0f}/s p99 {peer['p99_ms']:6.2f} ms  ratio {ours['per_second'] / peer['per_second']:.3f}")


main()
