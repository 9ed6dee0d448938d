/** Made when the first text needs it: what it knows of all languages takes longer to load than a small table to judge. */
let segmenter: Intl.Segmenter | undefined;

function graphemesOf(text: string): string[] {
  // Of plain characters each is a letter of its own.
  if (plain.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Code points that take two cells: East Asian Wide and Fullwidth blocks (Unicode UAX #11), and what is drawn as an emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{17000}-\u{18CFF}\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\uFE0F/u;
const unseen = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const plain = /^[\x20-\x7e]*$/;

/** Cells that `text` takes on a terminal with fixed widths: 2 for CJK and emoji, 0 for marks that stand on another letter. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += cellsOf(grapheme);
  return width;
}

function cellsOf(grapheme: string): number {
  if (unseen.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}

/** `text` filled up with blanks to `width` cells. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** At most `width` cells of `text`; what is left out is shown as `…`. A letter is never cut in two. */
export function cutEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width < 1 ? "" : `${head(text, width - 1)}…`;
}

/** As `cutEnd`, with the middle left out: both ends of a name tell it from others. */
export function cutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return "";
  const start = head(text, Math.ceil((width - 1) / 2));
  return `${start}…${tail(text, width - 1 - displayWidth(start))}`;
}

function head(text: string, width: number): string {
  let kept = "";
  let cells = 0;
  for (const grapheme of graphemesOf(text)) {
    cells += cellsOf(grapheme);
    if (cells > width) break;
    kept += grapheme;
  }
  return kept;
}

function tail(text: string, width: number): string {
  const graphemes = graphemesOf(text);
  let start = graphemes.length;
  let cells = 0;
  while (start > 0) {
    cells += cellsOf(graphemes[start - 1] ?? "");
    if (cells > width) break;
    start -= 1;
  }
  return graphemes.slice(start).join("");
}

/** `text` in lines of at most `width` cells, broken at blanks where there are any. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (displayWidth(line) > width) {
      const part = head(line, Math.max(2, width));
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}
