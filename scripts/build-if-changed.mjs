// Vitest calls this before the first test: threads, and commands that run as processes of their own, are those of `dist`.
export { build as default } from "./setup.mjs";
