import * as z from "zod";

/** What the deploy section of mlops.yaml may say besides the flags. */
export const deployFileSettings = z.strictObject({
  serve_command: z
    .array(z.union([z.string(), z.number()]).transform(String), {
      error: "expected the program and its arguments as a list, e.g. [python, serve.py]",
    })
    .min(1)
    .optional(),
});
