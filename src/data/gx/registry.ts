import type { ExpectationRule } from "./expectation.ts";

/** Every expectation that is supported, by its name. Assembled from the files of `expectations/`. */
export const expectationRules: Readonly<Record<string, ExpectationRule>> = {};
