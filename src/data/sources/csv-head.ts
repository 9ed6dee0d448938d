import { type FieldForms, likelyForms } from "./csv-forms.ts";
import { type CsvHeader, headerEnd, readHeader } from "./csv-header.ts";
import { type CsvInput, textOf } from "./csv-input.ts";
import { refusal, refuseDuplicates } from "./refusals.ts";

const longestHeaderBytes = 4 << 20;

/** The first bytes of a text, enough to hold its header line. Throws `not-evaluable` for a file without text. */
export async function readHeadBytes(input: CsvInput, signal: AbortSignal | undefined): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  let searched = 0;
  for await (const chunk of textOf(input, { signal })) {
    pieces.push(Buffer.from(chunk));
    size += chunk.length;
    // Looking again from the start is cheap only while it is rare.
    if (size < searched * 2) continue;
    searched = size;
    const end = headerEnd(Buffer.concat(pieces));
    // One byte more tells CR LF from a bare CR.
    if (size >= longestHeaderBytes || (end !== undefined && end + 1 < size)) break;
  }
  if (size === 0)
    throw refusal("DATA_FILE_EMPTY", `${input.uri} holds no text.`, "Check the step that writes this file.");
  return Buffer.concat(pieces);
}

/** The header of a UTF-8 CSV, and the forms that its first fields have. Throws `not-evaluable` for what cannot be one, and for a name that stands twice. */
export async function readCsvHead(
  input: CsvInput,
  how: { readonly delimiter: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<{ readonly header: CsvHeader; readonly forms: FieldForms }> {
  const head = await readHeadBytes(input, how.signal);
  const header = readHeader(input.uri, head, how.delimiter);
  refuseDuplicates(input.uri, header.names);
  return { header, forms: likelyForms(head, header) };
}
