import { Document } from "yaml";
import type { ExchangeNote, Plain } from "./draft.ts";
import { toGx } from "./to-gx.ts";
import { toOdcs } from "./to-odcs.ts";
import { toPandera } from "./to-pandera.ts";
import { withoutElements } from "./without-elements.ts";

export type ExportFormat = "gx" | "odcs" | "pandera";

export interface ExportedContract {
  /** JSON for gx, YAML for the others; ends with a newline. The same contract gives the same text. */
  readonly text: string;
  /** Rules that have no counterpart there, or a weaker one. */
  readonly notes: readonly ExchangeNote[];
}

/** A contract, written or parsed, in another tool's format. `name` is that of the suite, or of the table. */
export function exportContract(contract: Plain, format: ExportFormat, name: string): ExportedContract {
  const rows = withoutElements(contract);
  const { text, notes } = exportRows(rows.contract, format, name);
  return { text, notes: [...rows.notes, ...notes] };
}

function exportRows(contract: Plain, format: ExportFormat, name: string): ExportedContract {
  switch (format) {
    case "gx": {
      const { document, notes } = toGx(contract, name);
      return { text: `${JSON.stringify(document, null, 2)}\n`, notes };
    }
    case "odcs": {
      const { document, notes } = toOdcs(contract, name);
      return { text: yamlText(document), notes };
    }
    case "pandera": {
      const { document, notes } = toPandera(contract);
      return { text: yamlText(document), notes };
    }
  }
}

/** For readers of YAML 1.1, which most programs in Python are: there `no` is false and `2026-01-31` a date unless quoted. */
function yamlText(document: Plain): string {
  return new Document(document, { version: "1.1", aliasDuplicateObjects: false }).toString({
    lineWidth: 110,
  });
}
