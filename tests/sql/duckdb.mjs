// SPDX-License-Identifier: Apache-2.0
// node duckdb.mjs < JOB: runs statements in one DuckDB in memory, on one core, and prints the rows and
// the seconds of each as JSON. JOB is a JSON list of SQL texts.
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const database = await DuckDBInstance.create(":memory:", { threads: "1" });
const connection = await database.connect();
const out = [];
for (const statement of JSON.parse(readFileSync(0, "utf8"))) {
  const start = performance.now();
  const reader = await connection.runAndReadAll(statement);
  out.push({ rows: reader.getRowsJson(), seconds: (performance.now() - start) / 1000 });
}
console.log(JSON.stringify(out));
