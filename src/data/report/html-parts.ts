import { xmlText } from "../../xml-text.ts";
import { clean } from "./figures.ts";

/** A text of the data or the contract as it may stand in the page: one line, cut, escaped. */
export function safe(text: string, length = 300): string {
  return xmlText(clean(text, length));
}

/** The word of a verdict, coloured. `word`: one of the verdicts of a check or a run. */
export function badge(word: string): string {
  return `<span class="verdict ${word}">${word}</span>`;
}

/** A share 0..1 as a small bar. */
export function shareBar(share: number, isBad: boolean): string {
  // A share that is there stays visible.
  const percent = share > 0 ? Math.max(1, Math.min(100, share * 100)) : 0;
  return `<span class="bar${isBad ? " bad" : ""}"><i style="width:${percent.toFixed(1)}%"></i></span>`;
}

/** What folds away. `summary` and `content` are HTML. */
export function folded(summary: string, content: string, isOpen = false): string {
  return `<details${isOpen ? ' open="open"' : ""}><summary>${summary}</summary>${content}</details>`;
}

/** A table with a head; `heads`: title and whether its column holds numbers. */
export function table(heads: readonly (readonly [string, boolean])[], rows: readonly string[]): string {
  const cells = heads.map(([title, isNumber]) => `<th${isNumber ? ' class="number"' : ""}>${title}</th>`);
  return `<div class="scroll"><table><thead><tr>${cells.join("")}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
}
