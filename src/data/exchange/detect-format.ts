import { MlopsError } from "../../errors.ts";
import { isPlain, listAt, type Plain, textAt } from "./draft.ts";

/** The formats that rules are read from. */
export type ImportFormat = "gx" | "odcs" | "pandera" | "soda" | "sodacl" | "frictionless";

export const formatNames: Readonly<Record<ImportFormat, string>> = {
  gx: "Great Expectations suite",
  odcs: "ODCS data contract",
  pandera: "pandera schema",
  soda: "Soda contract",
  sodacl: "SodaCL checks",
  frictionless: "Frictionless Table Schema",
};

const signs: Readonly<Record<ImportFormat, (document: Plain) => boolean>> = {
  gx: (document) => Array.isArray(document["expectations"]),
  odcs: (document) =>
    document["kind"] === "DataContract" ||
    (/^v[23]\./.test(textAt(document, "apiVersion") ?? "") && Array.isArray(document["schema"])),
  pandera: (document) =>
    document["schema_type"] === "dataframe" ||
    (isPlain(document["columns"]) &&
      Object.values(document["columns"]).every((one) => one === null || isPlain(one))),
  soda: (document) =>
    typeof document["dataset"] === "string" && ("columns" in document || "checks" in document),
  sodacl: (document) => Object.keys(document).some((key) => /^checks for /.test(key)),
  frictionless: (document) =>
    listAt(document, "fields").some(isPlain) ||
    listAt(document, "resources").some((one) => isPlain(one) && "schema" in one),
};

/** Which format a document is in, by what stands in it. Throws `usage` where that is none or more than one. */
export function detectFormat(document: Plain, source: string): ImportFormat {
  const found = formats.filter((format) => signs[format](document));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new MlopsError({
    kind: "usage",
    code: found.length === 0 ? "IMPORT_UNKNOWN" : "IMPORT_AMBIGUOUS",
    message:
      found.length === 0
        ? `${source} is in none of the formats that can be imported: ${unknownReason(document)}`
        : `${source} could be ${found.map((format) => withArticle(formatNames[format])).join(" or ")}.`,
    hint:
      found.length === 0
        ? `Known are: ${Object.values(formatNames).join(", ")}.`
        : "Take the keys of the other format out of the file.",
  });
}

const formats = ["gx", "odcs", "pandera", "soda", "sodacl", "frictionless"] as const;

export function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

function unknownReason(document: Plain): string {
  if ("dataContractSpecification" in document)
    return "it is a Data Contract Specification; export it as ODCS with datacontract-cli first.";
  if (Array.isArray(document["columns"])) return "it is a contract of mlops already.";
  const keys = Object.keys(document).slice(0, 5);
  return keys.length === 0 ? "it is empty." : `its first keys are ${keys.join(", ")}.`;
}
