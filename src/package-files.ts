import { fileURLToPath } from "node:url";

/**
 * The absolute path of a file of the package, such as `python/score.py`. Lives directly in `src`, since the built
 * program's files stand directly in `dist`: seen from both, the package's root is one folder up.
 */
export function packageFile(relativePath: string): string {
  return fileURLToPath(new URL(`../${relativePath}`, import.meta.url));
}
