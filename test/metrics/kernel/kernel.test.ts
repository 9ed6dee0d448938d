import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { inKernel, Kernel, webAssembly } from "../../../src/metrics/kernel/kernel.ts";

const page = 2 ** 16;

describe("the memory of a kernel", () => {
  it("has room for what it was made for, where any number may begin", () => {
    const kernel = new Kernel(page);
    const bytes = kernel.allot(Uint8Array, 3);
    const doubles = kernel.allot(Float64Array, (page - 16) / 8);
    expect(kernel.at(bytes)).toBeLessThan(kernel.at(doubles));
    expect(kernel.at(doubles) % 8).toBe(0);
    bytes.fill(7);
    expect(doubles.every((one) => one === 0)).toBe(true);
  });

  it("refuses more than that, and goes on with what is left", () => {
    const kernel = new Kernel(page);
    expect(() => kernel.allot(Uint8Array, 2 * page)).toThrow(
      /^a kernel of 131072 bytes has no room for 131072 behind \d+$/,
    );
    const first = kernel.at(kernel.allot(Uint8Array, 1));
    expect(first).toBeLessThan(page);
    kernel.allot(Uint8Array, 2 * page - first - 8);
    expect(() => kernel.allot(Uint8Array, page)).toThrow(RangeError);
    expect(kernel.allot(Uint8Array, 0)).toHaveLength(0);
  });

  it("refuses numbers that were not allotted in it", () => {
    const kernel = new Kernel(page);
    const message = new RangeError("numbers outside of the kernel's memory");
    expect(() => kernel.at(new Float64Array(1))).toThrow(message);
    expect(() => kernel.at(new Kernel(page).allot(Float64Array, 1))).toThrow(message);
    expect(kernel.at(kernel.allot(Float64Array, 4).subarray(1))).toBeGreaterThan(0);
  });

  it("is of 4 GiB at most, which are not taken before they are written", () => {
    const bytes = 2 ** 32 - page;
    const kernel = new Kernel(bytes);
    const last = kernel.allot(Float64Array, bytes / 8).subarray(-1);
    expect(kernel.at(last)).toBeGreaterThan(bytes);
    expect(() => new Kernel(2 ** 32)).toThrow(
      /^a kernel of 42949\d{5} bytes: WebAssembly has room for 4294967296$/,
    );
  });

  it("calls nothing of JavaScript", () => {
    const { loops } = new Kernel(page);
    expect(Object.keys(loops)).toContain("rank");
    const code = readFileSync(path.resolve(import.meta.dirname, "../../../src/metrics/kernel/kernel.wasm"));
    const { Module } = webAssembly();
    const imports = Reflect.get(Module, "imports");
    expect(typeof imports === "function" && imports(new Module(code))).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
  });
});

describe("work for no longer than a call", () => {
  it("takes the memory of the work before it, but never that of work that goes on", () => {
    const place = (work: (kernel: Kernel) => void) =>
      inKernel(page, (kernel) => {
        const own = kernel.allot(Float64Array, 1);
        own[0] = 7;
        work(kernel);
        expect(own[0]).toBe(7);
        return own;
      });
    const first = place(() => undefined);
    expect(place(() => undefined).buffer).toBe(first.buffer);
    const outer = place(() => {
      const inner = place(() => undefined);
      expect(inner.buffer).not.toBe(first.buffer);
      inner[0] = 8;
    });
    expect(outer.buffer).toBe(first.buffer);
  });
});
