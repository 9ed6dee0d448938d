// The hand-written DuckDB script: usage `node duckdb.mjs STATEMENTS.json`. Prints the rows of each statement.
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
for (const statement of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const result = await connection.run(statement);
  process.stdout.write(`${JSON.stringify(await result.getRowObjectsJson())}\n`);
}
