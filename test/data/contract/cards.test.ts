import { describe, expect, it } from "vitest";
import { check, judged, judgedText, parquet } from "../judgements.ts";

const names = (result: Awaited<ReturnType<typeof judgedText>>) => result.checks.map((one) => one.name);

describe("a card for many columns", () => {
  const text = "f_a,f_b,f_,fx,g\n1,2,3,4,5\n-1,-2,3,4,5\n";

  it("holds for every column of its form, and for no other", async () => {
    const contract = {
      columns: [
        { match: "f_?", min: 0 },
        { match: "[g]*", min: 9, required: false },
      ],
    };
    const result = await judgedText(text, contract);
    expect(names(result).filter((name) => name.startsWith("min("))).toEqual(["min(f_a)", "min(f_b)"]);
    expect(check(result, "min(f_a)")).toMatchObject({ verdict: "fail", failingRows: 1 });
  });

  it("takes every other character of its form for itself", async () => {
    const contract = { columns: [{ match: "a-b.[c]$(*", min: 0 }] };
    const result = await judgedText("a-b.[c]$(1,a-bx[c]$(2\n1,1\n", contract);
    expect(names(result).filter((name) => name.startsWith("min("))).toEqual(["min(a-b.[c]$(1)"]);
  });

  it("gives way, rule by rule, to the card of the column, and to later cards", async () => {
    const contract = {
      columns: [
        { match: "*", min: { value: 0, severity: "warn" }, max: 9 },
        { match: "f_*", max: 2 },
        { name: "f_a", min: -1 },
      ],
    };
    const result = await judgedText(text, contract);
    expect(check(result, "min(f_a)")).toMatchObject({ verdict: "pass", limit: -1, severity: "fail" });
    expect(check(result, "max(f_a)")).toMatchObject({ limit: 2 });
    expect(check(result, "min(f_b)")).toMatchObject({ verdict: "warn", limit: 0 });
    expect(check(result, "max(g)").limit).toBe(9);
    expect(names(result)).toContain("required(f_a)");
    expect(names(result)).not.toContain("required(f_b)");
  });

  it("gives the rules of its columns names of their own", async () => {
    const contract = { columns: [{ match: "f_*", min: { value: 0, name: "not negative" } }] };
    const result = await judgedText(text, contract);
    expect(check(result, "not negative (f_b)").verdict).toBe("fail");
  });

  it("cannot be judged where no column has its form, unless it need not be there", async () => {
    const missing = await judgedText(text, { columns: [{ match: "h_*", min: 0 }] });
    expect(check(missing, "match(h_*)")).toMatchObject({ verdict: "error" });
    expect(missing.verdict).toBe("error");
    const optional = await judgedText(text, { columns: [{ match: "h_*", min: 0, required: false }] });
    expect(optional.verdict).toBe("pass");
  });

  it("knows its columns: none of them is extra", async () => {
    const contract = { extra_columns: "warn", columns: [{ match: "f*" }] };
    expect(check(await judgedText(text, contract), "extra_columns").observed).toEqual(["g"]);
  });

  it("means the type of columns whose text has none", async () => {
    const result = await judgedText("a,b\n007,x\n", { columns: [{ match: "a", pattern: "^0" }] });
    expect(result.dataset.columns[0]).toMatchObject({ name: "a", type: "string" });
    expect(check(result, "pattern(a)").verdict).toBe("pass");
  });
});

describe("defaults", () => {
  it("hold for every column, also one without a card, unless its card says otherwise", async () => {
    const contract = {
      defaults: { nulls: "never", severity: "warn" },
      columns: [{ name: "a", nulls: { max_ratio: 0.5, severity: "fail" } }],
    };
    const result = await judgedText("a,b\n1,1\n,\n", contract);
    expect(check(result, "nulls(a)")).toMatchObject({ verdict: "pass", limit: 0.5 });
    expect(check(result, "nulls(b)")).toMatchObject({ verdict: "warn", limit: 0, isDefault: false });
  });

  it("give their severity to written rules only: an empty table still fails", async () => {
    const contract = { defaults: { severity: "info" }, rows: { max: 0 }, unique: [["a"]] };
    const result = await judgedText("a\n1\n1\n", contract);
    expect(check(result, "rows.max")).toMatchObject({ verdict: "warn", severity: "info" });
    expect(check(result, "unique(a)")).toMatchObject({ verdict: "warn", severity: "info" });
    const empty = await judgedText("a,b\n", { defaults: { severity: "info" } });
    expect(check(empty, "rows.min")).toMatchObject({ verdict: "fail", severity: "fail" });
  });
});

describe("when", () => {
  const text = "channel,x,n\nweb,a@b,1\nweb,ab,2\nshop,,3\nshop,no,4\n,zz,5\n";

  it("on a card lets all its rules judge only the rows that it keeps", async () => {
    const contract = {
      columns: [{ name: "x", when: "channel = 'web'", pattern: "@", unique: true, distinct: 2 }],
    };
    const result = await judgedText(text, contract);
    expect(check(result, "pattern(x)")).toMatchObject({ verdict: "fail", failingRows: 1, judgedRows: 2 });
    expect(check(result, "nulls(x)")).toMatchObject({ observed: 0, judgedRows: 2 });
    expect(check(result, "distinct(x)")).toMatchObject({ verdict: "pass", observed: 2 });
  });

  it("on a rule adds to that of its card", async () => {
    const pattern = { value: "@", when: "n < 2", allow: 0 };
    const contract = { columns: [{ name: "x", when: "channel = 'web'", pattern, nulls: "never" }] };
    const result = await judgedText(text, contract);
    expect(check(result, "pattern(x)")).toMatchObject({ verdict: "pass", judgedRows: 1 });
    expect(check(result, "nulls(x)")).toMatchObject({ verdict: "pass", judgedRows: 2 });
  });

  it("that keeps no row lets rules on rows pass, and figures not", async () => {
    const contract = { columns: [{ name: "n", when: "n > 99", max: 0, mean: { min: 0 } }] };
    const result = await judgedText(text, contract);
    expect(check(result, "max(n)")).toMatchObject({ verdict: "pass", judgedRows: 0, observed: null });
    expect(check(result, "mean(n)").verdict).toBe("fail");
  });

  it("that cannot be evaluated makes its rules errors, and harms no other", async () => {
    const contract = { columns: [{ name: "n", max: { value: 9, when: "nothing > 1" } }, { name: "x" }] };
    const result = await judgedText(text, { ...contract, defaults: { nulls: { max_ratio: 0.9 } } });
    expect(check(result, "max(n)")).toMatchObject({ verdict: "error" });
    expect(check(result, "max(n)").reason).toContain("nothing");
    expect(check(result, "nulls(x)").verdict).toBe("pass");
  });
});

it("judges no missing values where all may be missing", async () => {
  const columns = [{ name: "x" }, { name: "y", nulls: "never" }];
  const result = await judgedText("x,y,z\n,1,\n,2,\n", { columns, defaults: { nulls: "allow" } });
  const names = result.checks.filter((one) => one.kind === "nulls").map((one) => one.name);
  expect(names).toEqual(["nulls(y)"]);
});

it("says what a column holds beside the rule that it has to be there", async () => {
  const columns = [
    { name: "x", description: "seconds" },
    { name: "y", description: "metres", required: { value: false, description: "new" } },
    { name: "z", description: "grams", required: { value: true, description: "asked for" } },
  ];
  const result = await judgedText("x\n1\n", { columns });
  expect(check(result, "required(x)")).toMatchObject({ verdict: "pass", description: "seconds" });
  expect(check(result, "required(z)")).toMatchObject({ verdict: "fail", description: "asked for" });
});

describe("types with parts", () => {
  it("are told apart as list, struct, map and binary", async () => {
    const file = await parquet("SELECT [1] AS l, {a: 1} AS s, MAP {'a': 1} AS m, 'x'::BLOB AS b, 1 AS i");
    const types = { l: "list", s: "struct", m: "map", b: "binary", i: "list" };
    const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
    const result = await judged(file, { columns });
    expect(Object.keys(types).map((name) => check(result, `type(${name})`).verdict)).toEqual([
      ...["pass", "pass", "pass", "pass", "fail"],
    ]);
    expect(check(result, "type(i)").observed).toBe("integer (INTEGER)");
    expect(check(await judged(file, { columns: [{ name: "l", type: "string" }] }), "type(l)")).toMatchObject({
      ...{ verdict: "fail", observed: "list (INTEGER[])" },
    });
  });
});
