import { printable } from "../printable.ts";
import { xmlText } from "../xml-text.ts";

/**
 * A text as it may stand in an element or a quoted attribute of HTML and XML: one line, cut, escaped, without control characters
 * and what else XML cannot hold.
 */
export function markup(text: string, length = 1000): string {
  const cut = text.length > length ? `${text.slice(0, length - 1)}…` : text;
  return xmlText(printable(cut.toWellFormed()));
}

/** A name or value of the data, which may be written from right to left: what stands around it keeps its order. */
export function dataName(text: string, length = 200): string {
  return `<bdi>${markup(text, length)}</bdi>`;
}

/** A cell of a table. `html` is HTML. */
export interface Cell {
  readonly html: string;
  readonly isNumber?: boolean;
  /** Two figures that stay on one line. */
  readonly isRange?: boolean;
  readonly span?: number;
}

/** A table with its caption for those who hear it; `heads`: title and whether its column holds numbers. */
export function table(
  caption: string,
  heads: readonly (readonly [title: string, isNumber: boolean])[],
  rows: readonly (readonly Cell[])[],
): string {
  const head = heads.map(([title, isNumber]) => `<th scope="col"${classOf(isNumber)}>${markup(title)}</th>`);
  const body = rows.map((cells) => `<tr>${cells.map(cellHtml).join("")}</tr>`);
  return `<div class="scroll"><table><caption>${markup(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

function cellHtml({ html, isNumber = false, isRange = false, span }: Cell, place: number): string {
  const tag = place === 0 ? 'th scope="row"' : "td";
  return `<${tag}${isRange ? ' class="range"' : classOf(isNumber)}${span === undefined ? "" : ` colspan="${span}"`}>${html}</${tag.slice(0, 2)}>`;
}

function classOf(isNumber: boolean): string {
  return isNumber ? ' class="number"' : "";
}

/** What folds away. `content` is HTML. */
export function folded(summary: string, content: string): string {
  return `<details><summary>${markup(summary)}</summary>${content}</details>`;
}

/** A list of facts; the values are HTML, those that are undefined are left out. */
export function facts(entries: readonly (readonly [term: string, html: string | undefined])[]): string {
  const items = entries.flatMap(([term, html]) =>
    html === undefined ? [] : [`<dt>${markup(term)}</dt><dd>${html}</dd>`],
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}

/** A section with its heading; nothing where it has no content (HTML). */
export function section(id: string, title: string, content: readonly string[]): string {
  const text = content.filter((part) => part !== "").join("\n");
  return text === "" ? "" : `<section id="${id}"><h2>${markup(title)}</h2>\n${text}\n</section>`;
}
