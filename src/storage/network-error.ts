/** No byte for so long: the connection is given up. Longer than the pauses of a store under load, shorter than a job's patience. */
export const silenceLimitMs = 30_000;

/** An error with a code, as the system's own have one. */
export function networkError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
