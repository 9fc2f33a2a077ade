# SPDX-License-Identifier: Apache-2.0
"""`firebreak policy sql` in Spark, ClickHouse and DuckDB, each on one core: every part of the answer on every row of
generated history, many facts missing (NULL), must be the engine's; then rows for each second of CPU time. A wrong row
ends the program.

    VENV/bin/python warehouses.py POLICY_ROWS FIREBREAK PACK [ROWS]      prints JSON
"""
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SEED = 20261122
PARTS = {"decision": "text", "covered": "boolean", "discretion": "boolean", "rank": "text", "signers": "integer",
         "rule": "text", "clauses": "text"}
ROUNDS = 3


class DuckDB:
    types = {"text": "VARCHAR", "boolean": "BOOLEAN", "integer": "INTEGER"}
    differs = "({}) IS DISTINCT FROM {}"

    def __init__(self, columns, path):
        import duckdb
        self.name = f"DuckDB {duckdb.__version__}"
        self.pid = os.getpid()
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 1")
        named = ", ".join(f'"{name}" {self.types[kind]}' for name, kind in columns.items())
        self.connection.execute(f"CREATE TABLE history ({named})")
        self.connection.execute(f"COPY history FROM '{path}' (HEADER, DELIMITER '\t', NULL '\\N')")

    def one(self, text):
        return self.connection.execute(text).fetchone()

    def close(self):
        self.connection.close()


class ClickHouse:
    types = {"text": "Nullable(String)", "boolean": "Nullable(Bool)", "integer": "Nullable(Int32)"}
    differs = "({}) IS DISTINCT FROM {}"

    def __init__(self, columns, path):
        from chdb import session
        self.pid = os.getpid()
        self.session = session.Session()
        self.name = f"ClickHouse {self.one('SELECT version()')[0]}"
        self.session.query("SET max_threads = 1, max_query_size = 16777216")  # the text of the clauses is long
        named = ", ".join(f"`{name}` {self.types[kind]}" for name, kind in columns.items())
        self.session.query(f"CREATE TABLE history ({named}) ENGINE = MergeTree ORDER BY tuple()")
        self.session.query(f"INSERT INTO history SELECT * FROM file('{path}', TSVWithNames)")

    def one(self, text):
        return json.loads(self.session.query(text, "JSONCompact").bytes())["data"][0]

    def close(self):
        self.session.close()


class Spark:
    types = {"text": "STRING", "boolean": "BOOLEAN", "integer": "INT"}
    differs = "NOT (({}) <=> {})"

    def __init__(self, columns, path):
        from pyspark.sql import SparkSession
        self.spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.memory", "4g")
                      .config("spark.sql.shuffle.partitions", "1").config("spark.log.level", "ERROR")
                      .config("spark.ui.showConsoleProgress", "false")
                      .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate())
        self.name = f"Spark {self.spark.version}"
        self.pid = self.spark._jvm.java.lang.ProcessHandle.current().pid()
        named = ", ".join(f"`{name}` {self.types[kind]}" for name, kind in columns.items())
        rows = self.spark.read.csv(str(path), header=True, sep="\t", schema=named, nullValue="\\N", mode="FAILFAST")
        rows.cache().createOrReplaceTempView("history")

    def one(self, text):
        return self.spark.sql(text).collect()[0]

    def close(self):
        self.spark.stop()


def generated(policy_rows, pack, rows, folder):
    """The rows parted by tabs, which all three read with \\N as NULL."""
    path = folder / "rows.tsv"
    with subprocess.Popen([policy_rows, ROOT / "policies" / f"{pack}.policy", str(rows), str(SEED)], stdout=subprocess.PIPE,
                          text=True) as made, open(path, "w") as out:
        out.writelines("\t".join(row) + "\n" for row in csv.reader(made.stdout))
    if made.returncode != 0:
        sys.exit("The rows could not be generated.")
    return path


def expressions(firebreak, pack, dialect):
    return json.loads(subprocess.run([firebreak, "policy", "sql", pack, "--dialect", dialect, "--column", "all", "--json"],
                                     stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout)


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asked(warehouse, text):
    """The row that a query gives, and the CPU seconds that the warehouse took."""
    begun = cpu_seconds(warehouse.pid)
    row = warehouse.one(text)
    return row, cpu_seconds(warehouse.pid) - begun


def measure(kind, dialect, firebreak, pack, path, rows):
    written = expressions(firebreak, pack, dialect)
    columns = {column["name"]: column["type"] for column in written["columns"]}
    columns |= {f"expected_{part}": kind_of for part, kind_of in PARTS.items()}
    warehouse = kind(columns, path)
    loaded = warehouse.one("SELECT count(*) FROM history")[0]
    if int(loaded) != rows:
        sys.exit(f"{warehouse.name} holds {loaded} rows, not {rows}.")
    compared = {part: warehouse.differs.format(written["expressions"][part], f"expected_{part}") for part in PARTS}

    def count(conditions):
        return f"SELECT {', '.join(f'count(CASE WHEN {one} THEN 1 END)' for one in conditions)} FROM history"
    counted, seconds_for_all = asked(warehouse, count(compared.values()))
    wrong = dict(zip(PARTS, map(int, counted)))
    if any(wrong.values()):
        sys.exit(f"{warehouse.name} answers otherwise than the engine: wrong rows by part of the answer {wrong}.")
    undetermined = int(warehouse.one("SELECT count(*) FROM history WHERE expected_decision = 'undetermined'")[0])
    seconds = [asked(warehouse, count([compared["decision"]]))[1] for _ in range(ROUNDS)]
    figures = {"decision": rows / statistics.median(seconds), "all": rows / seconds_for_all}
    warehouse.close()
    return warehouse.name, figures, undetermined


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    policy_rows, firebreak, pack = sys.argv[1:4]
    rows = int(sys.argv[4]) if len(sys.argv) == 5 else 100_000
    kinds = {"duckdb": DuckDB, "clickhouse": ClickHouse}
    if shutil.which("java"):
        kinds["spark"] = Spark
    out = {"rows": rows, "warehouses": {}}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        path = generated(policy_rows, pack, rows, pathlib.Path(folder))
        for dialect, kind in kinds.items():
            name, figures, out["undetermined"] = measure(kind, dialect, firebreak, pack, path, rows)
            out["warehouses"][name] = figures
    print(json.dumps(out))


main()
