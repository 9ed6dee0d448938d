import type { ColumnProfile, ValidationCheck, ValidationReport } from "../../results/validation-report.ts";
import { checkMessage } from "./check-facts.ts";
import { counted, grouped, shareText } from "./figures.ts";
import { folded, safe, shareBar, table } from "./html-parts.ts";
import { frequencyPlot, histogramPlot } from "./html-plot.ts";
import { ruleAnchor } from "./html-rules.ts";
import { worstFirst } from "./wording.ts";

type Column = ValidationReport["dataset"]["columns"][number];

/** Wide tables are folded into groups of so many columns: a browser lays out only those that are open. */
const groupSize = 200;
/** Rules of a column in sight; more are counted. */
const rulesShown = 8;

const heads = [
  ["column", false],
  ["missing", false],
  ["distinct", true],
  ["from, to", false],
  ["values", false],
  ["rules", false],
] as const;

interface ColumnRow {
  readonly html: string;
  readonly isBroken: boolean;
}

/** The section of the columns, in the order of the file: type, missing and distinct values, distribution, rules. */
export function columnsSection({ dataset, checks }: ValidationReport): string {
  const { columns, rows } = dataset;
  if (columns.length === 0) return "";
  const ofColumn = Map.groupBy(checks.entries(), ([, check]) => check.column);
  // A page of ten thousand columns has to stay one that opens.
  const valuesShown = columns.length > 1000 ? 3 : 10;
  const made = columns.map((column) =>
    columnRow(column, { rows: rows ?? 0, rules: ofColumn.get(column.name) ?? [], valuesShown }),
  );
  const title = `<section id="columns"><h2>${counted(columns.length, "column")}</h2>${wideNote(columns)}`;
  if (made.length <= groupSize)
    return `${title}\n${table(
      heads,
      made.map((row) => row.html),
    )}\n</section>`;
  const groups: string[] = [];
  for (let start = 0; start < made.length; start += groupSize)
    groups.push(group(made.slice(start, start + groupSize), columns, start));
  return `${title}\n${groups.join("\n")}\n</section>`;
}

/** Says why the figures of a very wide table end. */
function wideNote(columns: readonly Column[]): string {
  const left = columns.filter(({ profile }) => profile !== null && profile.distinct === null).length;
  if (left === 0) return "";
  return `<p class="soft">Distinct values and distributions of ${counted(left, "column")} of this wide table were not measured.</p>`;
}

function group(made: readonly ColumnRow[], columns: readonly Column[], start: number): string {
  const end = start + made.length;
  const broken = made.filter((row) => row.isBroken).length;
  const names = `${safe(columns[start]?.name ?? "", 60)} … ${safe(columns[end - 1]?.name ?? "", 60)}`;
  const word = broken === 0 ? "" : ` · <span class="fail">${grouped(broken)} with broken rules</span>`;
  const summary = `columns ${grouped(start + 1)} to ${grouped(end)}: ${names}${word}`;
  return folded(
    summary,
    table(
      heads,
      made.map((row) => row.html),
    ),
    start === 0,
  );
}

interface RowParts {
  readonly rows: number;
  readonly rules: readonly (readonly [number, ValidationCheck])[];
  readonly valuesShown: number;
}

function columnRow({ name, type, profile }: Column, { rows, rules, valuesShown }: RowParts): ColumnRow {
  const isBroken = rules.some(([, { verdict }]) => verdict === "fail" || verdict === "error");
  const cells =
    profile === null
      ? Array.from({ length: 4 }, () => "<td>-</td>")
      : profileCells(profile, rows, valuesShown);
  const html = [
    `<tr><td>${safe(name)}<small>${safe(type, 100)}</small></td>`,
    ...cells,
    `<td>${chips(rules)}</td></tr>`,
  ].join("");
  return { html, isBroken };
}

function profileCells(profile: ColumnProfile, rows: number, valuesShown: number): string[] {
  const { nulls, distinct, min, max, histogram } = profile;
  const share = rows === 0 ? 0 : nulls / rows;
  const range = min === null || max === null ? "-" : `${figure(min)}<small>${figure(max)}</small>`;
  return [
    `<td>${nulls === 0 ? "none" : `${shareText(share)}${shareBar(share, false)}`}</td>`,
    `<td class="number">${distinct === null ? "-" : grouped(distinct)}</td>`,
    `<td>${range}</td>`,
    `<td>${histogram === null ? frequentValues(profile, rows - nulls, valuesShown) : histogramPlot(histogram)}</td>`,
  ];
}

function figure(value: string | number): string {
  return safe(typeof value === "number" ? String(Number(value.toPrecision(6))) : value, 60);
}

function frequentValues({ frequent, distinct }: ColumnProfile, present: number, shown: number): string {
  if (distinct === present && distinct > 1) return "all different";
  if (frequent.length === 0) return "-";
  const items = frequent.slice(0, shown).map(({ value, count }) => {
    const share = present === 0 ? "" : ` (${shareText(count / present)})`;
    return `<li>${safe(value, 60)}: ${grouped(count)}${share}</li>`;
  });
  const first = frequent[0];
  const most = first === undefined ? "" : safe(first.value, 40);
  return `${frequencyPlot(frequent)}${folded(`most often ${most}`, `<ol>${items.join("")}</ol>`)}`;
}

/** The rules as links to their rows, worst first; where they are many, those that passed are counted. */
function chips(rules: RowParts["rules"]): string {
  const places = new Map(rules.map(([index, check]) => [check, index]));
  const sorted = worstFirst(rules.map(([, check]) => check));
  const shown = sorted.filter((check, index) => index < rulesShown || check.verdict !== "pass").slice(0, 50);
  const links = shown.map((check) => {
    const title = check.verdict === "pass" ? "" : ` title="${safe(checkMessage(check), 200)}"`;
    return `<a class="chip ${check.verdict}" href="#${ruleAnchor(places.get(check) ?? 0)}"${title}>${safe(check.name, 60)}</a>`;
  });
  const rest = sorted.length - shown.length;
  return `${links.join("")}${rest === 0 ? "" : `<small>and ${counted(rest, "more rule")}</small>`}`;
}
