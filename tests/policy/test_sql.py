# SPDX-License-Identifier: Apache-2.0
"""`firebreak policy sql` in real databases: on every generated row, facts missing or not, each part of the
answer is the engine's. 20,000 rows for each pack, 1,000,000 with FIREBREAK_LONG=1."""
import json
import os
import subprocess
import sys

import pytest

from databases import DuckDB, Postgres
from firebreak_server import ROOT, firebreak, program_of_tests

PACKS = sorted(path.stem for path in (ROOT / "policies").glob("*.policy"))
ROWS = 1_000_000 if os.environ.get("FIREBREAK_LONG") else 20_000
SEED = 20261122
DIALECTS = ["duckdb", "postgres", "spark", "clickhouse"]
PARTS = {"decision": "text", "covered": "boolean", "discretion": "boolean", "rank": "text", "signers": "integer",
         "rule": "text", "clauses": "text"}


def sql(pack, dialect, column="all"):
    return json.loads(firebreak("policy", "sql", pack, "--dialect", dialect, "--column", column, "--json").stdout)


@pytest.fixture(scope="module", params=PACKS)
def rows(request, tmp_path_factory):
    """Rows of facts for a pack, with the engine's answers; a million are some 200 MB, so they go with the pack's tests."""
    path = tmp_path_factory.mktemp("rows") / f"{request.param}.csv"
    program = program_of_tests("policy_rows")
    with open(path, "w") as out:
        subprocess.run([program, ROOT / "policies" / f"{request.param}.policy", str(ROWS), str(SEED)], stdout=out, check=True,
                       timeout=7200)
    yield request.param, path
    path.unlink()


@pytest.fixture(scope="module")
def databases():
    with DuckDB() as duckdb, Postgres() as postgres:
        yield {"duckdb": duckdb, "postgres": postgres}


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_equal_to_the_engine_on_every_row(rows, databases, dialect):
    pack, path = rows
    running = databases[dialect]
    written = sql(pack, dialect)
    columns = [f'"{c["name"]}" {c["type"]}' for c in written["columns"]]
    columns += [f"expected_{name} {kind}" for name, kind in PARTS.items()]
    assert set(written["expressions"]) == set(PARTS)
    expressions = {name: written["expressions"][name] for name in PARTS}
    listed = firebreak("policy", "sql", pack, "--dialect", dialect, "--column", "all").stdout
    statements = [
        f"CREATE TEMPORARY TABLE history ({', '.join(columns)})",
        running.load("history", path),
        "SELECT expected_decision, count(*) FROM history GROUP BY 1",
        *(f"SELECT count(*) FROM history WHERE ({text}) IS DISTINCT FROM expected_{name}" for name, text in expressions.items()),
        f"SELECT {', '.join(PARTS)} FROM (SELECT {listed} FROM history) AS answers LIMIT 1",
    ]
    _, _, (counts, _), *compared, (first, _) = running.run(statements)
    counted = {decision: int(count) for decision, count in counts}
    assert sum(counted.values()) == ROWS
    # Not a test of refusals alone.
    assert {"refuse", "undetermined", "invalid"} < set(counted) and min(counted.values()) > 0
    assert set(counted) & {"permit", "sign_off"}
    differing = {name: int(found[0][0]) for name, (found, _) in zip(expressions, compared)}
    assert differing == dict.fromkeys(PARTS, 0)
    assert len(first[0]) == len(PARTS)
    for name, (_, seconds) in zip(expressions, compared):
        print(f"{pack} {dialect} {name}: {len(expressions[name]):,} bytes, {ROWS / seconds:,.0f} rows a second", file=sys.stderr)


def test_one_wrong_answer_is_found(tmp_path):
    """The comparison above sees a single row that differs."""
    with DuckDB() as running:
        expression = sql("npcc-2018", "duckdb", "decision")
        columns = ", ".join(f'NULL::{c["type"]} AS "{c["name"]}"' for c in expression["columns"])
        text = expression["expressions"]["decision"]
        (rows, _), = running.run([f"SELECT count(*) FROM (SELECT {columns}) WHERE ({text}) IS DISTINCT FROM 'permit'"])
    assert rows == [["1"]]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("pack", PACKS)
def test_text_is_one_expression(pack, dialect):
    text = firebreak("policy", "sql", pack, "--dialect", dialect).stdout
    comment, expression = text.split("*/\n", 1)
    assert pack in comment and "sha256:" in comment
    assert expression.rstrip() == sql(pack, dialect, "decision")["expressions"]["decision"].rstrip()
    assert ";" not in expression and "--" not in expression and "SELECT" not in expression
    for opening, closing in ("()", "[]", "{}"):
        assert expression.count(opening) == expression.count(closing)
    assert expression.count("CASE ") == expression.count(" END")
    quote = '"' if dialect in ("duckdb", "postgres") else "`"
    for column in sql(pack, dialect, "decision")["columns"]:
        if column["type"] == "text":  # a yes or no may matter to the rule alone
            assert f"{quote}{column['name']}{quote} IS NULL" in expression


def test_output_is_written(tmp_path):
    file = tmp_path / "policy.sql"
    done = firebreak("policy", "sql", "npcc-2018", "--dialect", "spark", "--output", file)
    assert done.stdout == ""
    assert file.read_text() == firebreak("policy", "sql", "npcc-2018", "--dialect", "spark").stdout


@pytest.mark.parametrize("arguments", [["npcc-2018"], ["npcc-2018", "--dialect", "oracle"],
                                       ["npcc-2018", "--dialect", "spark", "--column", "colour"], ["--dialect", "spark"]])
def test_wrong_use(arguments):
    done = firebreak("policy", "sql", *arguments, check=False)
    assert done.returncode != 0
    assert done.stderr and not done.stdout


def small_policy(folder, attributes):
    (folder / "w-1.vocabulary").write_text(f"vocabulary w version 1\n{attributes}\n")
    (folder / "p.policy").write_text(
        'policy p version 1\n  uses vocabulary w 1\n  default refuse "no" under C1\nclause C1 "One." basis known\n')
    return folder / "p.policy"


def test_columns_that_clash_are_named(tmp_path):
    policy = small_policy(tmp_path, 'attribute a any of question "?"\n  b_c "x"\nattribute a_b any of question "?"\n  c "x"')
    done = firebreak("policy", "sql", policy, "--dialect", "duckdb", check=False)
    assert done.returncode == 2
    assert "`a_b_c`: `a` includes `b_c` and `a_b` includes `c`" in done.stderr


def test_a_name_that_postgresql_would_cut_is_refused(tmp_path):
    policy = small_policy(tmp_path, f'attribute a any of question "?"\n  {"b" * 62} "x"')
    done = firebreak("policy", "sql", policy, "--dialect", "postgres", check=False)
    assert done.returncode == 2
    assert "longer than PostgreSQL's 63 letters" in done.stderr
    assert firebreak("policy", "sql", policy, "--dialect", "spark").stdout.endswith("1)\n")
