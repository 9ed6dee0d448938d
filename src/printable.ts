/** Names and values come from files: a line end or an escape sequence in one must not write into the job log. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "·");
}
