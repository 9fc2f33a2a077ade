# SPDX-License-Identifier: Apache-2.0
"""Four ways to answer give the same answers: the diagram, the slow evaluator and Z3 (all three in the program
policy_peers), and the policy's SQL in DuckDB and PostgreSQL, on generated policies of the shapes in
src/policy/testing/shapes.h with facts missing. 100,000 pairs of a policy and facts with FIREBREAK_LONG=1."""
import concurrent.futures
import csv
import json
import os
import subprocess
import sys

from databases import DuckDB, Postgres
from firebreak_server import program_of_tests

PEERS = program_of_tests("policy_peers")
LONG = bool(os.environ.get("FIREBREAK_LONG"))
POLICIES, PAIRS = (128, 50) if LONG else (3, 40)  # of each shape; of each policy
COLUMNS = ["decision", "covered", "discretion", "rank", "signers", "rule", "clauses"]
SHARES = ["with_missing", "undetermined", "permitted", "conflicts", "invalid"]


def peers(*arguments, timeout=7200):
    return subprocess.run([PEERS, *map(str, arguments)], capture_output=True, text=True, timeout=timeout)


def compared(folder):
    """The counts of each shape, once the three ways in the program agree."""
    def one(shape):
        done = peers("compare", shape, POLICIES, PAIRS, folder)
        assert done.returncode == 0, done.stderr[-20000:]
        return shape, json.loads(done.stdout)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, peers("shapes").stdout.split()))


def expected_of(folder, shape):
    """What each question must be answered, by the policy's number."""
    out = {}
    with open(folder / f"{shape}.expected") as file:
        for policy, question, *answer in csv.reader(file):
            out.setdefault(int(policy), []).append([question, *(None if part == r"\N" else part for part in answer)])
    return out


def differing(folder, shapes, database, dialect):
    """The first answer of a database that is not the engine's, in full; nothing when there is none."""
    asked = []
    statements = []
    for shape in shapes:
        asked += [(shape, policy, wanted) for policy, wanted in expected_of(folder, shape).items()]
        statements += (folder / f"{shape}.{dialect}").read_text().splitlines()
    assert statements
    for (shape, policy, wanted), (rows, _) in zip(asked, database.run(statements), strict=True):
        for row, want in zip(rows, wanted, strict=True):
            if row != want:
                question = peers("show", shape, policy, want[0]).stdout
                return f"{question}{dialect} answers {dict(zip(COLUMNS, row[1:]))}, not {dict(zip(COLUMNS, want[1:]))}"
    return None


def test_four_ways_agree(tmp_path):
    shapes = compared(tmp_path)
    assert len(shapes) >= 10
    with DuckDB() as duckdb, Postgres() as postgres:
        for dialect, database in (("duckdb", duckdb), ("postgres", postgres)):
            found = differing(tmp_path, shapes, database, dialect)
            assert found is None, found
    total = {key: sum(counts[key] for counts in shapes.values()) for key in ("policies", "too_large", "pairs", *SHARES)}
    for shape, counts in [*shapes.items(), ("all", total)]:
        shares = ", ".join(f"{counts[key] / counts['pairs']:.0%} {key}" for key in SHARES)
        print(f"{shape}: {counts['policies']:,} policies, {counts['pairs']:,} pairs agree, {shares}, "
              f"{counts['too_large']} policies too large for SQL", file=sys.stderr)
    # No answer is so rare that it was not compared.
    assert all(total[key] > total["pairs"] / 100 for key in SHARES)
    assert total["too_large"] <= total["policies"] / 50
    assert not LONG or (total["policies"] >= 2000 and total["pairs"] >= 100_000)


def test_a_wrong_answer_is_shown_in_full(tmp_path):
    """The comparison with SQL sees one wrong value, and shows what asks the same again."""
    assert peers("compare", "flat-table", 1, 5, tmp_path).returncode == 0
    file = tmp_path / "flat-table.expected"
    lines = file.read_text().splitlines()
    lines[3] = lines[3].replace(",true," if ",true," in lines[3] else ",undetermined,", ",other,", 1)
    file.write_text("\n".join(lines) + "\n")
    with DuckDB() as duckdb:
        shown = differing(tmp_path, ["flat-table"], duckdb, "duckdb")
    assert "--- p.policy\npolicy p version 1" in shown and "vocabulary shaped version 1" in shown
    assert "firebreak policy decide p.policy --facts facts.json" in shown and "'other'" in shown


def test_wrong_use():
    for arguments in ([], ["compare", "flat-table"], ["show", "no-such-shape", 0, 0]):
        assert peers(*arguments).returncode == 2
