import { describe, expect, it } from "vitest";
import { check, judged, judgedText, parquet } from "../judgements.ts";

const people = () =>
  parquet(`SELECT unnest([1, 1, 2]) AS id, unnest([
    {'city': 'Bonn', 'geo': {'lat': 50.7e0}}, {'city': 'bonn', 'geo': {'lat': 950.7e0}}, NULL
  ]) AS "home.address"`);

describe("fields in structs", () => {
  it("have cards by their path, also below a column with a dot in its name", async () => {
    const result = await judged(await people(), {
      columns: [
        { name: "home.address.city", pattern: "^[A-Z]", nulls: { max_ratio: 0.34 }, type: "string" },
        { name: "home.address.geo.lat", max: 90, type: "double", nulls: "allow" },
        { name: "home.address", type: "struct", nulls: "allow" },
      ],
      unique: [["home.address.city", "id"]],
    });
    expect(check(result, "pattern(home.address.city)")).toMatchObject({ failingRows: 1, judgedRows: 2 });
    expect(check(result, "nulls(home.address.city)")).toMatchObject({ verdict: "pass", failingRows: 1 });
    expect(check(result, "max(home.address.geo.lat)")).toMatchObject({ verdict: "fail", observed: 950.7 });
    expect(check(result, "type(home.address)").verdict).toBe("pass");
    expect(check(result, "unique(home.address.city, id)").verdict).toBe("pass");
    expect(result.dataset.columns.map((one) => one.name)).toEqual(["id", "home.address"]);
  });

  it("that are not there are missing columns", async () => {
    const result = await judged(await people(), { columns: [{ name: "home.address.zip", min: 1 }] });
    expect(check(result, "required(home.address.zip)")).toMatchObject({
      verdict: "fail",
      observed: "missing",
    });
    expect(check(result, "min(home.address.zip)").verdict).toBe("skipped");
    for (const name of ["home.address.City", "home.address.geo.parquet", "home.address.geo.lat.x", "home"]) {
      const other = await judged(await people(), { columns: [{ name, min: 1 }] });
      expect(check(other, `required(${name})`).observed).toBe("missing");
    }
    const csv = await judgedText("a\n1\n", { columns: [{ name: "a.b", required: false, min: 1 }] });
    expect(check(csv, "min(a.b)").verdict).toBe("skipped");
  });
});

it("are reached by names with a dot in them", async () => {
  const file = await parquet(`SELECT {'b.c': {'d': 1}, 'b': {'e': 2}} AS a, [{'x.y': 3}] AS l`);
  const names = ["a.b.c.d", "a.b.e", "l[].x.y"];
  const result = await judged(file, { columns: names.map((name) => ({ name, sum: { min: 1 } })) });
  const sums = names.map((name) => check(result, `sum(${name})`).observed);
  expect(sums.map(Number)).toEqual([1, 2, 3]);
});

it("do not make their column an extra one", async () => {
  const contract = { extra_columns: "fail", columns: [{ name: "home.address.city", nulls: "allow" }] };
  expect(check(await judged(await people(), contract), "extra_columns").observed).toEqual(["id"]);
});
