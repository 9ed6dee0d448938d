import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { allSchemas } from "../scripts/schemas.ts";

const folder = path.resolve(import.meta.dirname, "..", "schemas");

it("ships the JSON Schemas that the code of today generates (npm run schemas writes them)", async () => {
  const generated = await allSchemas();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(generated).sort());
  for (const [name, schema] of Object.entries(generated)) {
    expect(JSON.parse(readFileSync(path.join(folder, name), "utf8")), name).toEqual(
      JSON.parse(JSON.stringify(schema)),
    );
  }
});
