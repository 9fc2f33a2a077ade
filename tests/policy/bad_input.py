# SPDX-License-Identifier: Apache-2.0
"""A small policy over a small vocabulary, in a folder of its own, for the tests of bad input."""
import pytest

from firebreak_server import ROOT, firebreak

# The unit tests' own vocabulary: what a small one looks like.
WORDS = (ROOT / "src/policy/sample.h").read_text().split('R"(')[1].split(')"')[0]
HEADER = """policy p version 1
  title "For tests"
  uses vocabulary small 1
  default refuse "Nothing allows this." under C1
clause C1 "One."
  basis known
clause C2 "Two."
  source "There"
  basis reported
"""
RULE = 'rule r when role includes victim refuse "No." under C1\n'
SOUND = HEADER + RULE
IN_SMALL = "in the vocabulary small 1."
COMMANDS = {
    "decide": [], "prove": [], "cover": [], "sql": ["--dialect", "duckdb"], "render": [], "explain": [], "ask": [],
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "small-1.vocabulary").write_text(WORDS)
    return tmp_path


def write(folder, text, name="x.policy"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def run(*arguments, **more):
    """Whatever the answer, the program ends by itself and says no more than a screen or two."""
    done = firebreak("policy", *arguments, check=False, **{"timeout": 120, **more})
    assert done.returncode in range(0, 8), done.stdout + done.stderr
    assert "Sanitizer" not in done.stderr and "terminate" not in done.stderr
    assert len(done.stdout) < 200_000
    return done
