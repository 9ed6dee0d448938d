/**
 * Nothing of JavaScript is called from here, not even for a logarithm: V8 may end a program in which two threads have such calls compiled
 * at the same time (nodejs/node 24, a check in WasmImportWrapperCache).
 */
export * from "./blocks";
export * from "./choices";
export * from "./curves";
export * from "./isotonic";
export * from "./log-odds";
export * from "./logistic";
export * from "./losses";
export * from "./ranking";
export * from "./reliability";
export * from "./sort-types";
export { addBlocks } from "./sums";
export * from "./thin-curve";

/** Where memory begins that is not taken by tables of constants. */
export function freeFrom(): usize {
  return __heap_base;
}
