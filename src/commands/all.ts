import type { CommandDefinition } from "../command.ts";
import { deployCommand } from "./deploy.ts";
import { notifyCommand } from "./notify.ts";

/** Every command, in the order of a pipeline, which is the order of `mlops --help`. */
export const commands: readonly CommandDefinition[] = [deployCommand, notifyCommand];
