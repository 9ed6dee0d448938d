import type { ValidationCheck, ValidationReport } from "../../results/validation-report.ts";
import { grouped } from "./figures.ts";
import { badge, folded, safe, shareBar, table } from "./html-parts.ts";
import {
  countsText,
  examplesText,
  failingShare,
  failingText,
  limitText,
  observedText,
  worstFirst,
} from "./wording.ts";

/** More passed rules than this are folded away. */
const openAtMost = 200;

const heads = [
  ["verdict", false],
  ["rule", false],
  ["observed", false],
  ["limit", false],
  ["failing", false],
] as const;

/** The anchor of a rule by its place in the report. */
export function ruleAnchor(index: number): string {
  return `r${index}`;
}

/** The section of the rules: worst first, all that did not pass in sight. */
export function rulesSection(report: ValidationReport): string {
  const { checks } = report;
  if (checks.length === 0) return "";
  const places = new Map(checks.map((check, index) => [check, index]));
  const sorted = worstFirst(checks);
  const row = (check: ValidationCheck) => ruleRow(check, places.get(check) ?? 0);
  const passed = sorted.filter((check) => check.verdict === "pass");
  const others = sorted.filter((check) => check.verdict !== "pass");
  const isFolded = passed.length > openAtMost;
  const shown = isFolded ? others : sorted;
  return [
    `<section id="rules"><h2>Rules: ${countsText(report)}</h2>`,
    shown.length === 0 ? "" : table(heads, shown.map(row)),
    isFolded ? folded(`${grouped(passed.length)} rules passed`, table(heads, passed.map(row))) : "",
    "</section>",
  ].join("\n");
}

function ruleRow(check: ValidationCheck, index: number): string {
  const origin = check.suite === null ? "" : `<small>suite ${safe(check.suite)}</small>`;
  const description =
    check.description === null ? "" : `<small>${safe(check.description.replaceAll("\n", " "), 1000)}</small>`;
  const severity =
    check.severity === "info" && check.verdict === "warn" ? "<small>for information</small>" : "";
  return [
    `<tr id="${ruleAnchor(index)}"><td>${badge(check.verdict)}${severity}</td>`,
    `<td>${safe(check.name)}${origin}${description}</td>`,
    ...(check.reason === null ? figures(check) : [`<td colspan="3">${safe(check.reason, 2000)}</td>`]),
    "</tr>",
  ].join("");
}

function figures(check: ValidationCheck): string[] {
  const share = failingShare(check);
  const isBroken = check.verdict === "fail" || check.verdict === "warn";
  const failing = failingText(check);
  const bar = failing === "" || share === undefined ? "" : shareBar(share, isBroken);
  const examples = examplesText(check);
  return [
    `<td>${safe(observedText(check))}</td>`,
    `<td>${safe(limitText(check))}</td>`,
    `<td>${failing}${bar}${examples === "" ? "" : `<small>${safe(examples, 700)}</small>`}</td>`,
  ];
}
