import type { ValidationReport } from "../../results/validation-report.ts";
import { counted, durationText, grouped, sizeText } from "./figures.ts";
import { columnsSection } from "./html-columns.ts";
import { badge, folded, safe, table } from "./html-parts.ts";
import { rulesSection } from "./html-rules.ts";
import { pageStyle } from "./html-style.ts";
import { tableName } from "./wording.ts";

/** Files named in sight; more are folded away. */
const filesOpenAtMost = 5;

/** Nothing may be loaded or run, whatever has got into the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The report as one HTML page that needs nothing else: no script, no file from anywhere. Well-formed as XML too. Texts of
 * the data are escaped and show what the report shows: masked values.
 */
export function htmlPage(report: ValidationReport): string {
  const name = safe(tableName(report.dataset));
  return [
    "<!DOCTYPE html>",
    '<html lang="en" xmlns="http://www.w3.org/1999/xhtml">',
    '<head><meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy" content="${policy}"/>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<title>${report.verdict}: ${name}</title>`,
    `<style>${pageStyle}</style></head>`,
    "<body><main>",
    `<header><h1>${badge(report.verdict)} ${name}</h1>`,
    `<p class="soft">${sizeLine(report)}</p>`,
    factsList(report),
    jumps(report),
    "</header>",
    problem(report),
    notesSection(report),
    rulesSection(report),
    columnsSection(report),
    filesSection(report),
    "</main></body></html>",
    "",
  ].join("\n");
}

function sizeLine({ dataset }: ValidationReport): string {
  const { rows, columns, csv, format } = dataset;
  if (rows === null) return "The data could not be read.";
  const parts = [counted(rows, "row"), counted(columns.length, "column")];
  if (format !== null) parts.push({ csv: "CSV", parquet: "Parquet", arrow: "Arrow" }[format]);
  if (csv !== null) {
    parts.push(
      `delimiter ${csv.delimiter === "\t" ? "tab" : safe(JSON.stringify(csv.delimiter))}`,
      safe(csv.encoding),
    );
    if (csv.compression !== "none") parts.push(csv.compression);
  }
  return parts.join(" · ");
}

/** Where broken rules are many, the columns are far below. */
function jumps({ checks, dataset }: ValidationReport): string {
  const sections = [
    ...(checks.length > 0 ? ["rules"] : []),
    ...(dataset.columns.length > 0 ? ["columns"] : []),
    ...(dataset.files.length > 0 ? ["files"] : []),
  ];
  return `<nav>${sections.map((id) => `<a href="#${id}">${id}</a>`).join(" · ")}</nav>`;
}

function factsList(report: ValidationReport): string {
  const { dataset, inputs, tool, startedAt, finishedAt, failingRowsFile } = report;
  const duration = durationText(Date.parse(finishedAt) - Date.parse(startedAt));
  const others = inputs.filter((input) => input.role !== "data");
  const size = dataset.sizeBytes === null ? "" : `, ${sizeText(dataset.sizeBytes)}`;
  const facts: [string, string][] = [
    ["checked", `${startedAt.replace("T", " ").slice(0, 19)} UTC, in ${duration}`],
    [
      "data",
      dataset.files.length === 0
        ? safe(dataset.uri, 2000)
        : `${counted(dataset.files.length, "file")}${size}`,
    ],
    ...(dataset.sha256 === null ? [] : [["sha256", `<code>${dataset.sha256}</code>`] as [string, string]]),
    ...others.map(({ role, uri, sha256 }): [string, string] => [
      safe(role),
      `${safe(uri)}${sha256 === null ? "" : ` <code>${sha256}</code>`}`,
    ]),
    ...(failingRowsFile === null
      ? []
      : [
          ["failing rows", `${safe(failingRowsFile.path)} (${counted(failingRowsFile.rows, "row")})`] as [
            string,
            string,
          ],
        ]),
    ["made by", `${tool.name} ${safe(tool.version)}`],
  ];
  return `<dl class="facts">${facts.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join("")}</dl>`;
}

function problem({ error }: ValidationReport): string {
  if (error === null) return "";
  const hint = error.hint === null ? "" : `<p>${safe(error.hint, 2000)}</p>`;
  return `<div class="problem"><p>${safe(error.message, 5000)}</p>${hint}<p class="soft">${safe(error.code)}</p></div>`;
}

function notesSection({ notes }: ValidationReport): string {
  if (notes.length === 0) return "";
  const items = notes.slice(0, 500).map((note) => `<li>${safe(note, 2000)}</li>`);
  const rest = notes.length - items.length;
  if (rest > 0) items.push(`<li>and ${grouped(rest)} more, in the report</li>`);
  return `<section id="notes"><h2>Notes</h2><ul>${items.join("")}</ul></section>`;
}

const fileHeads = [
  ["file", false],
  ["size", true],
  ["rows", true],
  ["digest", false],
] as const;

function filesSection({ dataset }: ValidationReport): string {
  const { files } = dataset;
  if (files.length === 0) return "";
  const rows = files.map(({ uri, sizeBytes, sha256, etag, rows: count }) => {
    const digest = sha256 === null ? (etag ?? "-") : sha256;
    const label = sha256 === null && etag !== null ? "ETag " : "";
    return `<tr><td>${safe(uri, 1000)}</td><td class="number">${sizeText(sizeBytes)}</td><td class="number">${count === null ? "-" : grouped(count)}</td><td>${label}<code>${safe(digest)}</code></td></tr>`;
  });
  const title = counted(files.length, "file");
  const content = table(fileHeads, rows);
  const body = files.length > filesOpenAtMost ? folded(title, content) : content;
  return `<section id="files"><h2>Files</h2>${body}</section>`;
}
