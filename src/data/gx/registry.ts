import type { ExpectationRule } from "./expectation.ts";
import { allRules } from "./expectations/all.ts";

/** Every expectation that is supported, by its name. Assembled from the files of `expectations/`. */
export const expectationRules: Readonly<Record<string, ExpectationRule>> = allRules;
