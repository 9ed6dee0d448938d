import { MlopsError } from "../../errors.ts";
import type { OpenRequest } from "./source-parts.ts";
import type { TableSource } from "./table-source.ts";

export async function openArrowSource(request: OpenRequest): Promise<TableSource> {
  throw new MlopsError({
    kind: "usage",
    code: "NOT_YET",
    message: `${request.files[0]?.uri}: Arrow files cannot be read so far.`,
    hint: "Convert it to Parquet.",
  });
}
