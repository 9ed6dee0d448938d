import * as z from "zod";
import { figureNotes, figureRange, mapping } from "./forms.ts";

/** Which share of the rows: `0.5`, `0.99`. */
const at = z.string().regex(/^(0(\.\d+)?|1(\.0+)?|\.\d+)$/, "is no share: expected a number from 0 to 1");

const shares = z.record(at, figureRange, "expected settings such as {0.5: {min: 20, max: 40}}");

/** `{0.5: 30, 0.99: {max: 90}}`, or with notes on all of them `{value: {…}, severity: warn}`. */
export const quantileShares = z.union([
  shares.refine((given) => Object.keys(given).length > 0, "names no share of the rows"),
  mapping({ value: shares, ...figureNotes }, "{value: {0.5: {min: 20}}, severity: warn}"),
]);
