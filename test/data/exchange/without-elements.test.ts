import { expect, it } from "vitest";
import { exportContract } from "../../../src/data/exchange/export-contract.ts";

it.each(["gx", "odcs", "pandera"] as const)("notes rules on elements, which %s has not", (format) => {
  const rest = { extra_columns: "fail", columns: [{ name: "id", type: "integer" }], rows: { min: 2 } };
  const contract = {
    ...rest,
    columns: [...rest.columns, { name: "items[].price", min: 0 }, { name: "tags[]", required: false }],
    unique: [["id", "items[].sku"]],
    freshness: { column: "items[].at", max_age: "1h" },
  };
  const { text, notes } = exportContract(contract, format, "t");
  const paths = ["columns.items[].price", "columns.tags[]", "unique[0]", "freshness"];
  expect(notes.slice(0, 4)).toEqual(
    paths.map((path) => ({ path, reason: "elements of a list have no counterpart there" })),
  );
  const plain = exportContract({ ...rest, columns: [...rest.columns, { name: "items" }] }, format, "t");
  expect(text).toBe(plain.text);
  expect(notes.slice(4)).toEqual(plain.notes);
});
