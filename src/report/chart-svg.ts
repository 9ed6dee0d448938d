import type { Chart } from "./charts/chart.ts";
import { markup } from "./markup.ts";
import { renderSvg } from "./render-svg.ts";

/**
 * A chart as SVG that says what it is to those who do not see it (title and description). `idPrefix` keeps the ids inside apart from
 * those of other charts of the same page.
 */
export async function chartSvg({ spec, title, note, name }: Chart, idPrefix = ""): Promise<string> {
  const svg = await renderSvg(spec);
  const own = svg.replaceAll(/\b(id="|url\(#|href="#)/g, `$1${markup(idPrefix)}`);
  const [titleId, noteId] = [`${idPrefix}${name}-title`, `${idPrefix}${name}-note`].map((id) => markup(id));
  return own.replace(
    /<svg ([^>]*)>/,
    (_, attributes: string) =>
      `<svg ${attributes} role="img" aria-labelledby="${titleId} ${noteId}"><title id="${titleId}">${markup(title)}</title><desc id="${noteId}">${markup(note)}</desc>`,
  );
}
