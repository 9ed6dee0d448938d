import { Document, isScalar, visit } from "yaml";
import type { ExchangeNote, Plain } from "./draft.ts";

/** A contract as the text of a file: title and notes are comments at its top. Same input, same text. */
export function contractText(
  contract: Plain,
  { title, notes }: { readonly title: string; readonly notes: readonly ExchangeNote[] },
): string {
  const document = new Document(contract);
  visit(document, {
    Seq: (_, list) => {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  document.commentBefore = [` ${title}`, ...notesLines(notes)].join("\n");
  return document.toString({ lineWidth: 110, flowCollectionPadding: false });
}

function notesLines(notes: readonly ExchangeNote[]): string[] {
  if (notes.length === 0) return [" Every rule was carried over."];
  return [
    " Not carried over, or weaker than it was:",
    ...notes.map(({ path, reason }) => `   ${path}: ${reason.replaceAll(/\s+/g, " ")}`),
  ];
}
