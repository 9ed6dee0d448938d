/** Why a value cannot be judged: no broken rule, the whole measure has no answer. */
export interface ValueTestError {
  readonly error: string;
}

/** Whether a text passes. */
export type CompiledValueTest = (text: string) => boolean | ValueTestError;
