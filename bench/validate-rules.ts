/** The rules of the bench, once for us and once as an expert would write them for DuckDB by hand. */

const countries = ["DE", "FR", "US", "GB", "IT", "ES", "NL", "PL", "SE", "AT", "CH", "BE"];
const statuses = ["new", "paid", "shipped", "returned", "cancelled"];
const email = String.raw`^[^@\s]+@[^@\s]+\.[a-z]{2,}$`;

/** The contract, as JSON (which is YAML). `rows` is what the table must have at least. */
export function contractOf(rows: number): string {
  const never = { nulls: "never" };
  return JSON.stringify({
    version: 1,
    rows: { min: rows },
    columns: [
      { name: "id", type: "integer", ...never, min: 1, unique: true },
      { name: "customer_id", type: "integer", ...never, min: 1, max: 2_000_000 },
      { name: "amount", type: "double", ...never, min: 0, max: 100_000 },
      { name: "quantity", type: "integer", ...never, min: 1, max: 20 },
      { name: "discount", type: "double", nulls: { max_ratio: 0.05 }, min: 0, max: 0.9 },
      { name: "country", type: "string", ...never, values: countries },
      { name: "status", type: "string", ...never, values: statuses },
      {
        name: "email",
        type: "string",
        ...never,
        ...{ pattern: email, length: { max: 100 } },
      },
      { name: "created_at", type: "timestamp", ...never, min: "2020-01-01T00:00:00Z" },
      { name: "updated_at", type: "timestamp", nulls: { max_ratio: 0.2 } },
      { name: "score", type: "double", ...never, min: 0, max: 1 },
      { name: "is_active", type: "boolean", ...never },
    ],
    checks: [{ name: "updated after created", assert: "updated_at >= created_at" }],
  });
}

/** How the hand-written query finds whether `id` is unique. */
export type Uniqueness = "count distinct" | "4 partitions" | "none";

/** The statements of the hand-written DuckDB script over the table expression `table`. All but uniqueness in one query. */
export function handWritten(table: string, uniqueness: Uniqueness): string[] {
  const bad = (column: string, predicate: string) =>
    `count_if(${predicate}) AS ${column}_bad_${predicate.length}`;
  const nulls = (column: string) => `count(*) - count(${column}) AS ${column}_nulls`;
  const range = (column: string, min: number, max: number) => [
    `count_if(${column} < ${min}) AS ${column}_low, count_if(${column} > ${max}) AS ${column}_high`,
    `min(${column}) AS ${column}_min, max(${column}) AS ${column}_max`,
  ];
  const finite = (column: string) =>
    `count_if(isnan(${column})) AS ${column}_nan, count_if(isinf(${column})) AS ${column}_inf`;
  const oneOf = (column: string, values: readonly string[]) =>
    bad(column, `${column} NOT IN (${values.map((value) => `'${value}'`).join(", ")})`);
  const aggregates = [
    "count(*) AS rows",
    nulls("id"),
    "count_if(id < 1) AS id_low, min(id) AS id_min",
    ...(uniqueness === "count distinct" ? ["count(DISTINCT id) AS id_distinct"] : []),
    ...[nulls("customer_id"), ...range("customer_id", 1, 2_000_000)],
    ...[nulls("amount"), finite("amount"), ...range("amount", 0, 100_000)],
    ...[nulls("quantity"), ...range("quantity", 1, 20)],
    ...[nulls("discount"), finite("discount"), ...range("discount", 0, 0.9)],
    ...[nulls("country"), oneOf("country", countries)],
    ...[nulls("status"), oneOf("status", statuses)],
    nulls("email"),
    bad("email", `NOT regexp_matches(email, '${email}')`),
    bad("email", "length(email) > 100"),
    ...[nulls("created_at"), "count_if(created_at < TIMESTAMP '2020-01-01') AS created_at_low"],
    "min(created_at) AS created_at_min",
    nulls("updated_at"),
    bad("updated_at", "updated_at < created_at"),
    ...[nulls("score"), finite("score"), ...range("score", 0, 1)],
    nulls("is_active"),
  ];
  const scan = `SELECT ${aggregates.join(", ")} FROM ${table}`;
  if (uniqueness !== "4 partitions") return [scan];
  const parts = [0, 1, 2, 3].map(
    (part) =>
      `SELECT count(*) AS duplicates FROM (SELECT id FROM ${table} WHERE id % 4 = ${part} GROUP BY id HAVING count(*) > 1)`,
  );
  return [scan, ...parts];
}

/** The CSV with the types that an expert writes down, so that nothing is guessed and nothing is read twice. */
export function typedCsv(file: string): string {
  const types = {
    ...{ id: "BIGINT", customer_id: "BIGINT", amount: "DOUBLE", quantity: "INTEGER", discount: "DOUBLE" },
    ...{ country: "VARCHAR", status: "VARCHAR", email: "VARCHAR", created_at: "TIMESTAMP" },
    ...{ updated_at: "TIMESTAMP", score: "DOUBLE", is_active: "BOOLEAN" },
  };
  const columns = Object.entries(types).map(([name, type]) => `${name}: '${type}'`);
  return `read_csv('${file.replaceAll("'", "''")}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${columns.join(", ")}})`;
}

/** Ten rules on five columns of the order table. `defaults` speaks for all other columns. */
export function tenRules(defaults: object): string {
  return JSON.stringify({
    version: 1,
    rows: { min: 1 },
    defaults,
    columns: [
      { name: "id", type: "integer", nulls: "never", unique: true },
      { name: "customer_id", nulls: "never", min: 1, max: 2_000_000 },
      { name: "amount", min: 0, max: 100_000 },
      { name: "country", values: countries },
      { name: "created_at", min: "2020-01-01T00:00:00Z" },
      // A tenth is missing, above what is allowed by default.
      { name: "updated_at", nulls: "allow" },
    ],
  });
}
