import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

/** design.md: who may know whom. Imports are read from the source text, static and dynamic ones apart. */
const root = path.resolve(import.meta.dirname, "..", "src");

interface Import {
  readonly from: string;
  /** A file of ours relative to `src`, or the name of a package. */
  readonly to: string;
  readonly isOurs: boolean;
  readonly isDynamic: boolean;
  readonly isTypeOnly: boolean;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)";/gm)) {
    const names = /\{([^}]*)\}/.exec(match[0])?.[1];
    const onlyTypes =
      names !== undefined &&
      names.trim() !== "" &&
      names.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
    found.push(
      resolved(file, match[2] ?? "", { isDynamic: false, isTypeOnly: match[1] !== undefined || onlyTypes }),
    );
  }
  for (const match of text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)) {
    found.push(resolved(file, match[1] ?? "", { isDynamic: true, isTypeOnly: false }));
  }
  return found;
}

function resolved(from: string, specifier: string, how: Pick<Import, "isDynamic" | "isTypeOnly">): Import {
  if (!specifier.startsWith(".")) {
    const parts = specifier.split("/");
    return {
      from,
      to: specifier.startsWith("@") ? parts.slice(0, 2).join("/") : specifier,
      isOurs: false,
      ...how,
    };
  }
  return { from, to: path.normalize(path.join(path.dirname(from), specifier)), isOurs: true, ...how };
}

const roomOf = (file: string) => (file.includes("/") ? (file.split("/")[0] ?? file) : file);
const show = (one: Import) => `${one.from} -> ${one.to}`;
/** What each room may know beside the ground that all may stand on; the table of docs/architecture.md. */
const mayKnow: Readonly<Record<string, readonly string[]>> = {
  baseline: ["evaluation", "gate", "results", "tracking"],
  compare: ["evaluation", "gate", "metrics", "results", "tracking"],
  data: ["process", "results"],
  deploy: ["results", "tracking"],
  evaluation: ["data", "metrics", "process", "results", "scoring", "tracking"],
  gate: ["metrics"],
  gitlab: ["context.ts"],
  http: [],
  metrics: [],
  notify: ["http", "results"],
  process: [],
  report: ["metrics", "results"],
  results: [],
  scoring: ["data", "process", "tracking"],
  storage: [],
  store: [],
  tracking: ["http", "results", "store"],
  training: ["gitlab", "process", "results", "tracking"],
};
const ground = [
  "errors.ts",
  "files.ts",
  "printable.ts",
  "package-files.ts",
  "redaction.ts",
  "text-width.ts",
  "xml-text.ts",
];
const areas = Object.keys(mayKnow);
const front = ["commands", "config", "main.ts", "program.ts"];

/**
 * Files that know each other by a way of imports, also of types and late ones: strongly connected components, by Tarjan's
 * walk (SIAM J. Comput. 1972): a file that reaches none of those it is being visited from closes a component.
 */
function circles(): string[][] {
  const known = new Map(files.map((file): [string, string[]] => [file, []]));
  for (const { from, to, isOurs } of imports) if (isOurs) known.get(from)?.push(to);
  const order = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    open.push(file);
    let earliest = own;
    for (const other of known.get(file) ?? []) {
      if (!order.has(other)) earliest = Math.min(earliest, visit(other));
      else if (open.includes(other)) earliest = Math.min(earliest, order.get(other) ?? own);
    }
    if (earliest === own) {
      const component = open.splice(open.indexOf(file));
      if (component.length > 1 || known.get(file)?.includes(file) === true) found.push(component);
    }
    return earliest;
  };
  for (const file of files) if (!order.has(file)) visit(file);
  return found;
}

describe("the map of design.md", () => {
  it("has an import to read in every room", () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it("lets no area know commands, settings or the program", () => {
    const wrong = imports.filter(
      (one) => areas.includes(roomOf(one.from)) && one.isOurs && front.includes(roomOf(one.to)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it("lets each area know only what the map says", () => {
    const rooms = new Set(files.map(roomOf).filter((room) => !room.endsWith(".ts")));
    expect([...rooms].sort()).toEqual([...areas, "commands", "config"].sort());
    const wrong = imports.filter(({ from, to, isOurs }) => {
      const [room, other] = [roomOf(from), roomOf(to)];
      const known = mayKnow[room];
      return known !== undefined && isOurs && other !== room && ![...known, ...ground].includes(other);
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it("lets no command know another command", () => {
    const allowed = ["shared-flags.ts", "session.ts", "progress.ts", "remote-data.ts", "database.ts"].map(
      (name) => `commands/${name}`,
    );
    // `commands/validate/` is a part of `commands/validate.ts`.
    const commandOf = (file: string) => (file.split("/")[1] ?? "").replace(/\.ts$/, "");
    const wrong = imports.filter(
      (one) =>
        roomOf(one.from) === "commands" &&
        one.from !== "commands/all.ts" &&
        roomOf(one.to) === "commands" &&
        commandOf(one.from) !== commandOf(one.to) &&
        !allowed.includes(one.to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it("has no circles of files", () => {
    expect(circles()).toEqual([]);
  });

  it("keeps pure rooms free of input and output", () => {
    const isPure = (file: string) =>
      ["metrics", "gate"].includes(roomOf(file)) ||
      ["notify/message.ts", "http/retry.ts", "flag-value.ts"].includes(file);
    const outside = [
      "node:fs",
      "node:fs/promises",
      "node:child_process",
      "node:http",
      "node:net",
      "undici",
      "execa",
      "@duckdb/node-api",
    ];
    // Reads its own code.
    const allowed = ["metrics/kernel/kernel.ts"];
    const wrong = imports.filter(
      (one) => isPure(one.from) && !allowed.includes(one.from) && !one.isTypeOnly && outside.includes(one.to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it("imports zod as a namespace only: else the bundle gets its texts in fifty languages", () => {
    const wrong = files.filter((file) =>
      /^import (?!type |\* as z ).*"zod";/m.test(readFileSync(path.join(root, file), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ["commander", ["program.ts"]],
    ["undici", ["http/"]],
    ["@duckdb/node-api", ["data/engine/duckdb.ts", "data/engine/held-rows.ts"]],
    ["@duckdb/node-bindings", ["data/engine/held-rows.ts"]],
    ["apache-arrow", ["scoring/arrow.ts", "data/sources/arrow-"]],
    ["@aws-sdk/client-s3", ["storage/s3-client.ts"]],
    ["execa", ["process/"]],
    ["vega", ["report/render-svg.ts"]],
    ["vega-lite", ["report/render-svg.ts"]],
    ["@resvg/resvg-wasm", ["report/render-png.ts"]],
    ["yaml", ["config/parse.ts", "data/", "gate/", "metrics/", "store/", "scoring/", "commands/"]],
  ])("has %s imported in its own place only", (name, places) => {
    const wrong = imports.filter(
      (one) => one.to === name && !one.isTypeOnly && !places.some((place) => one.from.startsWith(place)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it("reaches nothing heavy by static imports from the start of the program", () => {
    const seen = new Set<string>();
    const heavy: string[] = [];
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const one of imports.filter(
        (candidate) => candidate.from === file && !candidate.isDynamic && !candidate.isTypeOnly,
      )) {
        if (one.isOurs) visit(one.to);
        else if (!one.to.startsWith("node:") && one.to !== "commander") heavy.push(show(one));
      }
    };
    for (const start of ["main.ts", "context.ts", "commands/all.ts"]) visit(start);
    expect(seen.size).toBeGreaterThan(5);
    expect(heavy).toEqual([]);
  });

  it("touches process.* in context.ts only, and where the relay process starts", () => {
    const edges = ["context.ts", "deploy/relay-main.ts"];
    const wrong = files.filter((file) => {
      const text = readFileSync(path.join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return !edges.includes(file) && /(?<![\w.$])process\.(?!pid\b|platform\b|kill\b|execPath\b)/.test(text);
    });
    expect(wrong).toEqual([]);
  });

  it.each(["src", "test", "scripts", "bench"])("has no file over 250 lines in %s", (folder) => {
    const place = path.resolve(root, "..", folder);
    const names = readdirSync(place, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(ts|mjs)$/.test(name),
    );
    expect(names.length).toBeGreaterThan(0);
    const long = names.filter(
      (name) => readFileSync(path.join(place, name), "utf8").split("\n").length > 251,
    );
    expect(long).toEqual([]);
  });
});
