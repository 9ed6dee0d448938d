import path from "node:path";
import { main } from "assemblyscript/asc";

const kernel = "src/metrics/kernel";

/** `src/metrics/kernel/assembly`, which is AssemblyScript, as `kernel.wasm` beside the class that loads it. */
export async function buildKernel(root: string): Promise<string> {
  const file = path.join(root, kernel, "kernel.wasm");
  const { error, stderr } = await main([
    `${kernel}/assembly/index.ts`,
    ...["--baseDir", root, "--outFile", path.relative(root, file)],
    ...["--runtime", "stub", "--importMemory", "--noAssert", "-O3", "--converge"],
  ]);
  if (error !== null) throw new Error(`${kernel}/assembly does not compile: ${error.message}\n${stderr}`);
  return file;
}
