import * as z from "zod";
import { contractForm } from "./contract-form.ts";
import { contractProblems } from "./contract-problems.ts";

/** The contract as it stands in the `validate` section of `mlops.yaml`, or in a file of its own. */
export const contractSchema = contractForm.superRefine((contract, context) => {
  for (const { path, message } of contractProblems(contract))
    context.addIssue({ code: "custom", path: [...path], message });
});

/** A contract in a file of its own may say which version of this format it is written in. */
export const contractFileSchema = contractSchema.safeExtend({
  version: z.literal(1).optional().describe("version of this format"),
});
