# SPDX-License-Identifier: Apache-2.0
"""The CMake package: installed from the release build into a temporary folder, found from outside, and the example
program built against it and run. What is installed is what is needed, and no more."""
import json
import os
import pathlib
import re
import shlex
import subprocess

import pytest

from firebreak_server import BINARY, ROOT, firebreak

# ./test builds what users run before it runs this; elsewhere, the build that is tested.
RELEASE = ROOT / "build/release"
BUILD = RELEASE if (RELEASE / "cmake_install.cmake").exists() else pathlib.Path(BINARY).parent.parent
EXAMPLE = ROOT / "examples/embed"
FACTS = {"action": "share", "recipient": "immigration_enforcement", "role": ["victim"], "channel": "email"}


def run(*command, check=True, **more):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=600, **more)
    assert not check or done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix") / "in stalled"
    run("cmake", "--install", BUILD, "--prefix", folder)
    return folder


@pytest.fixture(scope="module")
def embed(prefix, tmp_path_factory):
    build = tmp_path_factory.mktemp("embed")
    run("cmake", "-S", EXAMPLE, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", build)
    return build / "embed"


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def includes(header):
    return set(re.findall(r'^#include "([^"]+)"', header.read_text(), re.M))


def test_the_headers_are_those_that_the_public_ones_need(prefix):
    (folder,) = prefix.glob("include/firebreak")
    needed, todo = set(), {"policy/policy.h", "policy/answerer.h", "policy/batch.h"}
    while todo:
        name = todo.pop()
        needed.add(name)
        todo |= includes(folder / name) - needed
    assert files(folder) == needed


def test_every_installed_header_compiles_alone(prefix):
    folder = prefix / "include/firebreak"
    for header in sorted(files(folder)):
        run("g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{folder}", "-x", "c++", "-",
            input=f'#include "{header}"\n')


def test_the_policies_and_nothing_of_this_machine_are_installed(prefix):
    shipped = {path.name for path in (ROOT / "policies").iterdir() if path.suffix in {".policy", ".vocabulary", ".offences"}}
    assert files(prefix / "share/firebreak/policies") == shipped
    for path in prefix.rglob("*"):
        if path.suffix in {".cmake", ".pc", ".h"}:
            assert str(ROOT) not in path.read_text() and str(prefix) not in path.read_text(), path
    (library,) = prefix.rglob("libfirebreak_policy.a")
    assert library.stat().st_size > 0


def test_the_example_answers_as_the_program_does(embed):
    for policy in ("psni-service-instruction", "npcc-2018", "full-firewall"):
        done = run(embed, policy, json.dumps(FACTS))
        answered, counts = done.stdout.split("\n\n")
        given = [option for name, value in FACTS.items()
                 for option in ("--set", f"{name}={','.join(value) if isinstance(value, list) else value}")]
        assert json.loads(answered) == json.loads(firebreak("policy", "decide", policy, *given, "--json").stdout)
        assert re.search(r"^\d+ x refuse$", counts, re.M)
        assert sum(int(line.split()[0]) for line in counts.splitlines()) == 6 * 7


def test_the_example_says_what_is_wrong(embed):
    for arguments in (["psni-service-instruction", "{"], ["psni-service-instruction", '{"rol": []}'],
                      ["no-such", "{}"], ["psni-service-instruction", '{"leave": "not_asked"}'], []):
        done = run(embed, *arguments, check=False)
        assert done.returncode == 2 and done.stderr.strip() and not done.stdout, arguments


def test_other_versions_are_not_taken(prefix, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(other LANGUAGES CXX)\n"
                                             "find_package(FirebreakPolicy ${WANTED} REQUIRED)\n")
    for wanted, works in (("0.1", True), ("0.2", False), ("1.0", False)):
        done = run("cmake", "-S", tmp_path, "-B", tmp_path / wanted, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
                   f"-DWANTED={wanted}", check=False)
        assert (done.returncode == 0) == works, done.stderr


def test_pkg_config_gives_the_same(prefix, embed, tmp_path):
    (where,) = {path.parent for path in prefix.rglob("firebreak-policy.pc")}
    environment = {**os.environ, "PKG_CONFIG_PATH": str(where)}
    flags = run("pkg-config", "--cflags", "--libs", "firebreak-policy", env=environment).stdout
    policies = run("pkg-config", "--variable=policiesdir", "firebreak-policy", env=environment).stdout.strip()
    program = tmp_path / "embed"
    run("g++", "-std=c++20", f'-DPOLICIES="{policies}"', EXAMPLE / "main.cc", "-o", program, *shlex.split(flags))
    asked = ("full-firewall", json.dumps(FACTS))
    assert run(program, *asked).stdout == run(embed, *asked).stdout
