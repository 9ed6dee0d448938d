import type { Redactor } from "../redaction.ts";

export interface RedactedStream {
  push(text: string): void;
  /** Writes what is held back. To be called once, at the end. */
  end(): void;
}

/** Long enough for the second half of a split write, too short for a reader to notice. */
const defaultDelayMs = 400;

/**
 * Redacts a text that comes in pieces, so that a secret split over two of them is still found: an end that could
 * be the beginning of a secret waits for the next piece, at most `maximumDelayMs`. Everything else passes at once.
 */
export function redactedStream(request: {
  readonly redactor: Pick<Redactor, "redact" | "heldBack">;
  readonly write: (text: string) => void;
  readonly maximumDelayMs?: number;
}): RedactedStream {
  const { redactor, write, maximumDelayMs = defaultDelayMs } = request;
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== "") write(redactor.redact(waiting));
    waiting = "";
  };
  return {
    push(text) {
      clearTimeout(timer);
      const all = waiting + text;
      const cut = safeCut(redactor, all);
      waiting = all.slice(cut);
      if (cut > 0) write(redactor.redact(all.slice(0, cut)));
      // Does not keep the process alive: `end` writes it in any case.
      if (waiting !== "") timer = setTimeout(flush, maximumDelayMs).unref();
    },
    end: flush,
  };
}

/** Where `text` can be cut without cutting through a secret, whole or begun. */
function safeCut(redactor: Pick<Redactor, "redact" | "heldBack">, text: string): number {
  const held = redactor.heldBack(text);
  if (held === 0) return text.length;
  let cut = text.length - held;
  // A whole secret may reach into the held end ("abcabc" ends with its own beginning): go back before it.
  const whole = redactor.redact(text);
  while (cut > 0 && redactor.redact(text.slice(0, cut)) + redactor.redact(text.slice(cut)) !== whole) cut--;
  return cut;
}
