/** How much a result in Great Expectations' form says, least first. */
export const resultFormats = ["BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE"] as const;
export type ResultFormat = (typeof resultFormats)[number];
