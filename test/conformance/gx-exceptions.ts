/** Cases of Great Expectations that we do not meet, by name, each with the reason. */
export const gxExceptions: Readonly<Record<string, string>> = {};
