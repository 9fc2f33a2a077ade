#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Builds Firebreak and runs its suites; ./test calls this once the packages are there.

Each suite is a function that takes the options and returns (passed, failed, skipped). Suites of one lane run one
after the other, lanes beside each other. Seeds are fixed, so a failure repeats: the gate tries each property on 40
generated cases, --long on 200. Output of a suite is shown when it fails; build/test-logs/SUITE.log keeps all of it.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEV = ROOT / "build/dev"
RELEASE = ROOT / "build/release"
LOGS = ROOT / "build/test-logs"
SEED = "20261122"
CORES = os.cpu_count() or 2

ENVIRONMENT = {
    **os.environ,
    "RC_PARAMS": f"seed={SEED} max_success=40",
    # Of each allocation's trace a few frames: the whole takes a third of the time of what allocates much.
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:abort_on_error=0:malloc_context_size=5",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1",
    "FIREBREAK_BINARY": str(DEV / "bin/firebreak"),
    "FIREBREAK_UI": str(ROOT / "build/ui"),
    "PYTHONDONTWRITEBYTECODE": "1",
}


# What --long sets besides.
LONG = {"FIREBREAK_LONG": "1", "RC_PARAMS": f"seed={SEED} max_success=200"}


class Options:
    def __init__(self, arguments):
        self.long = "--long" in arguments
        self.list = "--list" in arguments
        self.names = [a for a in arguments if not a.startswith("--")]
        unknown = [a for a in arguments if a.startswith("--") and a not in ("--long", "--list")]
        if unknown:
            sys.exit(f"./test: unknown option {unknown[0]}; see ./test --help")


def run(name, command, timeout=3600, extra=None):
    """Runs a command with its output in the suite's log; returns (exit code, output)."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    environment = {**ENVIRONMENT, **(extra or {})}
    with open(log, "w") as out:
        try:
            code = subprocess.run([str(c) for c in command], cwd=ROOT, env=environment, stdout=out, timeout=timeout,
                                  stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).returncode
        except subprocess.TimeoutExpired:
            out.write(f"\nstopped after {timeout} s\n")
            code = 124
    text = log.read_text(errors="replace")
    if code != 0:
        print("\n".join(text.split("\n")[-80:]))
    return code, text


def one(name, command, **more):
    """A check that passes or fails as a whole."""
    code, _ = run(name, command, **more)
    return (1, 0, 0) if code == 0 else (0, 1, 0)


def sources(*patterns):
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True, text=True)
    found = out.stdout.split() if out.returncode == 0 else []
    # A tree without git (an exported archive) is listed from the disk.
    return found or [str(p.relative_to(ROOT)) for folder in ("src", "bench") for p in (ROOT / folder).rglob("*")
                     if p.suffix in {x.lstrip("*") for x in patterns}]


def house(_):
    results = [one("house", ["tools/check-house"]),
               one("format", ["clang-format-19", "--dry-run", "-Werror", *sources("*.cc", "*.h")])]
    if (ROOT / "tools/lint-templates").exists():
        results.append(one("templates", ["tools/lint-templates"]))
    return add(results)


def tidy(options):
    """clang-tidy on every source file by itself; headers are seen through the files that include them."""
    if subprocess.run(["cmake", "--preset", "tidy"], cwd=ROOT, stdout=subprocess.DEVNULL).returncode != 0:
        return 0, 1, 0
    files = [s for s in sources("*.cc") if s.startswith("src/") and not s.endswith(("_fuzz.cc", "_bench.cc"))]
    if not options.long:
        files = [s for s in files if not s.endswith("_test.cc")]

    def check(source):
        return source, subprocess.run(["clang-tidy-19", "-p", str(ROOT / "build/tidy"), "--quiet", source], cwd=ROOT,
                                      capture_output=True, text=True, stdin=subprocess.DEVNULL)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for source, result in pool.map(check, files):
            if result.returncode != 0:
                failed += 1
                print(f"clang-tidy: {source}\n{result.stdout[:4000]}")
    return len(files) - failed, failed, 0


def unit(options, build=DEV, prefix=""):
    """Every unit test program of a build."""
    results = []
    for program in sorted((build / "bin").glob("*_test")):
        name = prefix + program.name
        report = LOGS / f"{name}.json"
        report.unlink(missing_ok=True)
        command = [program, f"--gtest_output=json:{report}"]
        chosen = [n for n in options.names if n not in ALL_SUITES and n not in name]
        if chosen and not any(n in name for n in options.names):
            command.append("--gtest_filter=" + ":".join(f"*{n}*" for n in chosen))
        code, _ = run(name, command, timeout=3600, extra=LONG if options.long else None)
        if not report.exists():
            results.append((0, 1, 0))
            continue
        tests = [t for s in json.loads(report.read_text())["testsuites"] for t in s["testsuite"]]
        failed = sum(1 for t in tests if t.get("failures"))
        skipped = sum(1 for t in tests if t.get("result") == "SKIPPED")
        ran = sum(1 for t in tests if t.get("result") in ("COMPLETED", "SKIPPED"))
        if code != 0 and failed == 0:
            failed = 1  # a sanitizer stopped it after or between tests
        results.append((ran - failed - skipped, failed, skipped))
    return add(results)


def pytest(options, suite, folders, extra):
    """The Python tests of some folders of tests/."""
    report = LOGS / f"{suite}.xml"
    report.unlink(missing_ok=True)
    command = ["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-ra", "--durations=20",
               f"--junitxml={report}", *folders]
    chosen = [n for n in options.names if n not in ALL_SUITES]
    if chosen:
        command += ["-k", " or ".join(re.sub(r"\W+", "_", n) for n in chosen)]
    code, _ = run(suite, command, timeout=5000, extra={**extra, **(LONG if options.long else {})})
    if code == 5 and chosen:
        return 0, 0, 0  # pytest's "no tests collected": the name chosen is elsewhere
    if not report.exists():
        return 0, 1, 0
    counts = xml.etree.ElementTree.parse(report).getroot().find("testsuite").attrib
    failed = int(counts["failures"]) + int(counts["errors"])
    skipped = int(counts["skipped"])
    if code != 0 and failed == 0:
        failed = 1  # pytest itself was stopped, or found no test
    return int(counts["tests"]) - failed - skipped, failed, skipped


def test_folders():
    return {p.parent for p in (ROOT / "tests").rglob("test_*.py")}


def tools(options):
    """`firebreak policy ...` and the package as users have them, in the release build: some ask for a lot of computing."""
    return pytest(options, "tools", sorted(f for f in test_folders() if f.name in RELEASED),
                  {"FIREBREAK_BINARY": str(RELEASE / "bin/firebreak")})


def whole(options):
    """Real servers, the README's walk-through, faults, the API against its document, under the sanitizers."""
    return pytest(options, "whole", sorted(f for f in test_folders() if f.name not in RELEASED), {})


def browser(_):
    files = sorted((ROOT / "tests/browser").glob("*.test.mjs"))
    if not files:
        return 0, 0, 0
    code, text = run("browser", ["node", "--test", f"--test-concurrency={max(2, CORES - 1)}", *files], timeout=1500)
    counts = {key: int(m.group(1)) if (m := re.search(rf"^\S* ?{key} (\d+)", text, re.M)) else 0
              for key in ("pass", "fail", "skipped")}
    if code != 0 and counts["fail"] == 0:
        counts["fail"] = 1
    return counts["pass"], counts["fail"], counts["skipped"]


def threads(options):
    """The units under the thread sanitizer."""
    if subprocess.run([ROOT / "tools/build", "tsan"], cwd=ROOT).returncode != 0:
        return 0, 1, 0
    return unit(options, ROOT / "build/tsan", "tsan-")


def fuzz(options):
    """Each fuzz target for FIREBREAK_FUZZ_SECONDS, from a fixed seed and the inputs in testing/seeds.

    The gate fuzzes the policy engine for 20 seconds each, built without optimizing; --long and `./test fuzz`
    everything for 60, optimized. NAME_fuzz.dict beside NAME_fuzz.cc holds the words that the target's inputs are
    made of. Nice, because in the gate it runs beside the other suites.
    """
    every = options.long or "fuzz" in options.names
    preset = "fuzz" if every else "fuzz-gate"
    targets = sorted(ROOT / "build" / preset / "bin" / source.stem
                     for source in (ROOT / "src").glob("**/*_fuzz.cc" if every else "policy/**/*_fuzz.cc"))
    build = subprocess.run(["nice", ROOT / "tools/build", preset, *(target.name for target in targets)], cwd=ROOT)
    if build.returncode != 0:
        return 0, 1, 0
    seconds = os.environ.get("FIREBREAK_FUZZ_SECONDS", "60" if every else "20")

    def check(target):
        more = [f"-dict={path}" for path in ROOT.glob(f"src/**/{target.name}.dict")]
        more += ROOT.glob(f"src/*/testing/seeds/{target.name}")
        with tempfile.TemporaryDirectory() as corpus:
            command = ["nice", target, corpus, *more, f"-seed={SEED}", f"-max_total_time={seconds}", "-timeout=10",
                       "-rss_limit_mb=2048", f"-artifact_prefix={LOGS}/{target.name}-"]
            return one(target.name, command, timeout=int(seconds) + 120)
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        return add(pool.map(check, targets))


def fresh(_):
    """./run and ./test on a bare Debian 12, made by debootstrap; needs root."""
    return one("fresh", ["tests/fresh/check"], timeout=5400)


SUITES = {"house": house, "unit": unit, "tools": tools, "whole": whole, "browser": browser, "fuzz": fuzz}
LONG_SUITES = {"tidy": tidy, "threads": threads, "fresh": fresh}
ALL_SUITES = {**SUITES, **LONG_SUITES}
RELEASED = {"policy", "editors", "package"}  # folders of tests/ for the suite `tools`
# Servers take ports and time, so what needs them runs alone in its lane.
LANES = [["whole", "browser", "threads", "fresh"], ["house", "unit", "tidy"], ["tools"], ["fuzz"]]


def add(results):
    return tuple(map(sum, zip(*results))) or (0, 0, 0)


def build():
    for preset in ("release", "dev"):
        print(f"build: {preset}", flush=True)
        if subprocess.run([ROOT / "tools/build", preset], cwd=ROOT, stdin=subprocess.DEVNULL).returncode != 0:
            print("0 passed, 1 failed")
            sys.exit(1)


def main():
    options = Options(sys.argv[1:])
    suites = {**SUITES, **(LONG_SUITES if options.long else {})}
    if options.list:
        print("\n".join([*SUITES, *(f"{name} (--long)" for name in LONG_SUITES)]))
        return 0
    named = {n: ALL_SUITES[n] for n in options.names if n in ALL_SUITES}
    if named:
        suites = named
    elif options.names:
        suites = {n: SUITES[n] for n in ("unit", "tools", "whole")}
    build()
    def timed(name, suite):
        start = time.monotonic()
        print(f"{name}: …", flush=True)
        passed, failed, skipped = suite(options)
        print(f"{name}: {passed} passed, {failed} failed, {skipped} skipped ({time.monotonic() - start:.0f} s)", flush=True)
        return passed, failed, skipped

    def lane(names):
        return [timed(name, suites[name]) for name in names if name in suites]

    with concurrent.futures.ThreadPoolExecutor() as pool:
        totals = [one for done in pool.map(lane, LANES) for one in done]
    passed, failed, skipped = add(totals)
    if passed + failed == 0:
        print("No test matches; ./test --list shows the suites.")
        failed = 1
    if skipped:
        print(f"{skipped} skipped; build/test-logs says why")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
