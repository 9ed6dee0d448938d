/** Width of a letter of DejaVu Sans in em, or a little more; most other fonts are narrower. The first that fits counts. */
const widths: readonly (readonly [letters: RegExp, em: number])[] = [
  [/[\p{Mn}\p{Cf}]/u, 0],
  [/[ijlIJ.,:;|!'’\s·()[\]{}/\\ftr-]/u, 0.42],
  [/[mwMW%@…—&+<=>~≤≥±−]/u, 1],
  [/[a-z0-9_?*"$#]/u, 0.65],
  [/[\p{Script=Latin}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}]/u, 0.8],
];
const widest = 1.1;
/** Bold letters are wider. */
const boldShare = 1.12;

/**
 * How wide a text is, in pixels: what a chart leaves room for. Without a browser nothing measures fonts; Vega's own guess of 0.8 em
 * a letter is too much for most texts and too little for the widest.
 */
export function textWidth(text: string, font: { readonly size: number; readonly isBold: boolean }): number {
  let em = 0;
  for (const letter of text) em += widths.find(([letters]) => letters.test(letter))?.[1] ?? widest;
  return Math.ceil(em * font.size * (font.isBold ? boldShare : 1));
}
