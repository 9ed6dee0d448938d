/** What Python's `json.loads` makes of a text, in an object so that null can be told from nothing; undefined: no JSON. */
export interface PythonJson {
  readonly value: unknown;
}

/** Python takes `NaN`, `Infinity` and `-Infinity` for numbers; all else is JSON as JavaScript reads it. */
export function parsePythonJson(text: string): PythonJson | undefined {
  const plain = parsed(text);
  if (plain !== undefined || !/NaN|Infinity/.test(text)) return plain;
  // A number too large for a double is read as infinite. The blanks keep a word from running into a number.
  const spelled = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs, (found) => {
    if (found.startsWith('"')) return found;
    if (found === "NaN") return ` "${nanMark}" `;
    return found.startsWith("-") ? " -1e999 " : " 1e999 ";
  });
  return parsed(spelled, (_, value: unknown) => (value === nanMark ? Number.NaN : value));
}

/** No JSON text that was written by anybody holds it. */
const nanMark = "\u{10fffe}NaN\u{10fffe}";

function parsed(text: string, reviver?: (key: string, value: unknown) => unknown): PythonJson | undefined {
  try {
    return { value: JSON.parse(text, reviver) };
  } catch {
    // No JSON is what the caller asks about.
    return undefined;
  }
}
