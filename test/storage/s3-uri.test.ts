import { describe, expect, it } from "vitest";
import { isDataName, isHiddenPath, keyPattern, localNames, parseS3Uri } from "../../src/storage/s3-uri.ts";

describe("an s3:// address", () => {
  it.each([
    ["s3://data-bucket/a/b.csv", "object", "a/b.csv"],
    ["s3://data-bucket/a/", "prefix", "a/"],
    ["s3://data-bucket/", "prefix", ""],
    ["s3://data-bucket", "prefix", ""],
    ["s3://data-bucket/a/*.csv", "glob", "a/*.csv"],
    ["s3://data-bucket/a b%20c?.csv", "glob", "a b%20c?.csv"],
    ["s3://data-bucket//a.csv", "object", "/a.csv"],
  ])("reads %s as %s", (uri, kind, key) => {
    expect(parseS3Uri(uri)).toEqual({ uri, bucket: "data-bucket", key, kind });
  });

  it.each(["s3:///a.csv", "s3://x", "s3:/data-bucket/a", "s3://a_!/b", "https://data-bucket/a"])(
    "refuses %s",
    (uri) => {
      expect(() => parseS3Uri(uri)).toThrow(
        expect.objectContaining({ kind: "usage", code: "S3_URI_INVALID" }),
      );
    },
  );

  it("does not repeat credentials that stand in an address", () => {
    let text = "";
    try {
      parseS3Uri("s3://AKIA:very-secret@data-bucket/a.csv");
    } catch (error) {
      text = String(error);
    }
    expect(text).toContain("holds credentials");
    expect(text).not.toMatch(/very-secret|AKIA:/);
  });
});

describe("a pattern over keys", () => {
  it.each([
    ["a/*.csv", ["a/x.csv", "a/.x.y.csv"], ["a/b/x.csv", "b/x.csv", "a/.x.csv", "a/_x.csv", "a/x.csv.gz"]],
    ["a/_*.csv", ["a/_x.csv"], ["a/x.csv"]],
    ["a/**/x.csv", ["a/x.csv", "a/b/x.csv", "a/b/c/x.csv"], ["a/_delta_log/x.csv", "x.csv"]],
    ["a/**", ["a/x.csv", "a/b/x.csv"], ["b/x.csv", "a/_SUCCESS", "a/.tmp/x.csv"]],
    ["*/x.csv", ["dt=1/x.csv", "_dt=1/x.csv"], ["_dt/x.csv", "x.csv"]],
    ["x?.csv", ["x1.csv", "xü.csv"], ["x.csv", "x12.csv", "x/.csv"]],
    ["x[0-9a].csv", ["x1.csv", "xa.csv"], ["xb.csv"]],
    ["x[!0-9].csv", ["xb.csv"], ["x1.csv", "x/.csv"]],
    ["{a,b/{c,d}}/x.csv", ["a/x.csv", "b/c/x.csv", "b/d/x.csv"], ["b/x.csv"]],
    ["a.b+(c)|d*", ["a.b+(c)|d1"], ["aXb+(c)|d1"]],
    ["a[", ["a["], ["a"]],
  ])("%s", (pattern, matching, others) => {
    const { matches } = keyPattern(pattern);
    // A hidden name that the wildcard begins is not taken; one within a name is.
    expect(matching.filter((key) => !matches(key) && !isHiddenPath(key))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });

  it("lists what all its alternatives begin with", () => {
    expect(keyPattern("table/dt=2026-*/x.csv").prefix).toBe("table/dt=2026-");
    expect(keyPattern("t/{ab,ac}/x.csv").prefix).toBe("t/a");
    expect(keyPattern("*.csv").prefix).toBe("");
  });
});

describe("names below a prefix", () => {
  it("knows hidden ones, and that a partition may begin with an underscore", () => {
    expect(["_SUCCESS", "a/_delta_log/0.json", ".crc", "a/.b/c.csv"].map(isHiddenPath)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["a/b.csv", "_dt=1/b.csv"].map(isHiddenPath)).toEqual([false, false]);
  });

  it("knows data by its ending", () => {
    expect(["a.csv", "a.CSV.GZ", "a.parquet", "a.arrow", "a.tsv.zst"].every(isDataName)).toBe(true);
    expect(["README.md", "a.json", "csv", "a.csv.md5", "a.parquet.crc"].some(isDataName)).toBe(false);
  });

  it("become names that stay within their folder", () => {
    expect(localNames("a/../b//./c\0d.csv")).toEqual(["a", "%..", "b", "%", "%.", "c%00d.csv"]);
    const [long = ""] = localNames(`${"ü".repeat(300)}.parquet`);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
    expect(long).toMatch(/\.parquet$/);
  });
});
