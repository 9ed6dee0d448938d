/** `Smith` -> `S***(5)`: enough to find the value in the data, too little to publish it in a job log. */
export function mask(value: string): string {
  const letters = [...value];
  return `${letters[0] ?? ""}***(${letters.length})`;
}
