import { readFile } from "node:fs/promises";
import { packageFile } from "./package-files.ts";

/** The version of package.json, which stands beside `dist` and `src`. */
export async function programVersion(): Promise<string> {
  const text = await readFile(packageFile("package.json"), "utf8");
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === "object" && parsed !== null && "version" in parsed) return String(parsed.version);
  return "unknown";
}
