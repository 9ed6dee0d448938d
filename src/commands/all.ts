import type { CommandDefinition } from "../command.ts";
import { deployCommand } from "./deploy.ts";
import { evaluateCommand } from "./evaluate.ts";
import { gateCommand } from "./gate.ts";
import { promoteCommand } from "./promote.ts";
import { registerCommand } from "./register.ts";
import { trainCommand } from "./train.ts";
import { validateCommand } from "./validate.ts";

/** Every command, in the order of a pipeline, which is the order of `mlops --help`. */
export const commands: readonly CommandDefinition[] = [
  validateCommand,
  trainCommand,
  evaluateCommand,
  gateCommand,
  registerCommand,
  deployCommand,
  promoteCommand,
];
