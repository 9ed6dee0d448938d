import type { CommandDefinition } from "../command.ts";
import { compareCommand } from "./compare.ts";
import { deployCommand } from "./deploy.ts";
import { evaluateCommand } from "./evaluate.ts";
import { gateCommand } from "./gate.ts";
import { notifyCommand } from "./notify.ts";
import { promoteCommand } from "./promote.ts";
import { registerCommand } from "./register.ts";
import { storeExecCommand } from "./store-exec.ts";
import { storeExportCommand } from "./store-export.ts";
import { storeServeCommand } from "./store-serve.ts";
import { trainCommand } from "./train.ts";
import { validateCommand } from "./validate.ts";

/** Every command, in the order of a pipeline, which is the order of `mlops --help`. */
export const commands: readonly CommandDefinition[] = [
  validateCommand,
  trainCommand,
  evaluateCommand,
  compareCommand,
  gateCommand,
  registerCommand,
  deployCommand,
  promoteCommand,
  notifyCommand,
  storeServeCommand,
  storeExecCommand,
  storeExportCommand,
];
