import { MlopsError } from "../errors.ts";
import { printable } from "../printable.ts";

/** What an `s3://` address names: one object, all below a prefix, or every key that a pattern matches. */
export interface S3Place {
  readonly uri: string;
  readonly bucket: string;
  /** The key, the prefix (empty for the whole bucket), or the pattern. */
  readonly key: string;
  readonly kind: "object" | "prefix" | "glob";
}

/**
 * Reads `s3://bucket/key`, `s3://bucket/prefix/` or `s3://bucket/pattern*`. Keys are taken as they are written, not percent-decoded,
 * as the AWS tools take them. Throws `usage` for everything else, credentials in the address first of all (they are not repeated).
 */
export function parseS3Uri(uri: string): S3Place {
  const found = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(uri);
  const bucket = found?.[1] ?? "";
  const key = found?.[2] ?? "";
  if (bucket.includes("@"))
    throw invalid(
      "An s3:// address holds credentials before an @.",
      "Take them out of the address: they belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a profile.",
    );
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(bucket))
    throw invalid(
      `${printable(uri)}: ${bucket === "" ? "the bucket is missing" : `${JSON.stringify(bucket)} is no name of a bucket`}.`,
      "An address looks like s3://bucket/folder/file.parquet, s3://bucket/folder/ or s3://bucket/folder/*.parquet.",
    );
  return { uri, bucket, key, kind: kindOf(key) };
}

function kindOf(key: string): S3Place["kind"] {
  if (/[*?{[]/.test(key)) return "glob";
  return key === "" || key.endsWith("/") ? "prefix" : "object";
}

function invalid(message: string, hint: string): MlopsError {
  return new MlopsError({ kind: "usage", code: "S3_URI_INVALID", message, hint });
}

/** Names that Spark, Hive and their kin keep for themselves: `_SUCCESS`, `_delta_log`, `.crc`; `_year=2026` is a partition. */
function isHiddenName(name: string): boolean {
  return name.startsWith(".") || (name.startsWith("_") && !name.includes("="));
}

/** True where a folder or the file itself below the prefix is hidden. `path` is what follows the prefix. */
export function isHiddenPath(path: string): boolean {
  return path.split("/").some(isHiddenName);
}

const dataEnding = /\.(csv|tsv|psv|txt|parquet|pq|arrow|arrows|feather|ipc)(\.(gz|gzip|zst|zstd))?$/i;

/** True for a name that ends like a data file; a prefix holds other things too (READMEs, checksums). */
export function isDataName(name: string): boolean {
  return dataEnding.test(name);
}

export interface KeyPattern {
  /** What every matching key starts with: what has to be listed. */
  readonly prefix: string;
  matches(key: string): boolean;
}

/**
 * A pattern over keys: `*` and `?` within one name, `**` over any depth, `[a-c]`, `[!a]` and `{one,other}`.
 * As in a shell no wildcard at the start of a name takes a hidden one.
 */
export function keyPattern(pattern: string): KeyPattern {
  const alternatives = expandBraces(pattern);
  const expressions = alternatives.map((one) => new RegExp(`^${expressionOf(one)}$`, "su"));
  return {
    prefix: commonStart(alternatives.map((one) => one.replace(/[*?[].*$/s, ""))),
    matches: (key) => expressions.some((expression) => expression.test(key)),
  };
}

/** `a{b,c}d` as `abd` and `acd`, nested ones too; a brace without its partner is an ordinary character. */
function expandBraces(pattern: string): string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) return [pattern];
  const before = pattern.slice(0, found.index);
  const after = pattern.slice(found.index + found[0].length);
  return (found[1] ?? "").split(",").flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}

const notHidden = "(?!\\.|_(?![^/]*=))";

function expressionOf(pattern: string): string {
  const names = pattern.split("/");
  return names
    .map((name, index) => {
      const isLast = index === names.length - 1;
      if (name !== "**") return `${expressionOfName(name)}${isLast ? "" : "/"}`;
      const folders = `(?:${notHidden}[^/]*/)*`;
      return isLast ? `${folders}${notHidden}[^/]+` : folders;
    })
    .join("");
}

function expressionOfName(name: string): string {
  const start = /^[*?[]/.test(name) ? notHidden : "";
  const parts = name.match(/\*+|\?|\[[!^]?\]?[^\]]*\]|[^*?[]+|\[/gsu) ?? [];
  return start + parts.map(expressionOfPart).join("");
}

function expressionOfPart(part: string): string {
  if (part.startsWith("*")) return "[^/]*";
  if (part === "?") return "[^/]";
  if (part.startsWith("[") && part.length > 2) {
    const isNegated = part[1] === "!" || part[1] === "^";
    const members = part.slice(isNegated ? 2 : 1, -1).replaceAll(/[\\\]^&[]/g, "\\$&");
    return isNegated ? `(?!/)[^${members}]` : `[${members}]`;
  }
  return RegExp.escape(part);
}

function commonStart(texts: readonly string[]): string {
  const [first = "", ...others] = texts;
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

const longestName = 200;

/**
 * The names under which the object of `key` is put into a local folder tree: its own, so that `dt=2026-01-01/` stays readable as a
 * partition. What no file system takes (`..`, an empty name, one of more than 255 bytes) is replaced; nothing leaves the folder.
 */
export function localNames(key: string): readonly string[] {
  return key.split("/").map((name) => {
    if (name === "" || name === "." || name === "..") return `%${name}`;
    if (Buffer.byteLength(name) <= 255) return name.replaceAll("\0", "%00");
    // The ending says what the file is.
    return `${name.slice(0, longestName / 4)}…${name.slice(-longestName / 8)}`;
  });
}
