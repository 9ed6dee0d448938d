import { describe, expect, it } from "vitest";
import { Kernel } from "../../../src/metrics/kernel/kernel.ts";

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
    const all = 2 * page;
    const few = 8 * 32;
    expect(() => kernel.allot(Uint8Array, all)).toThrow(
      new RangeError(`a kernel of ${all} bytes has no room for ${all} behind ${few}`),
    );
    expect(kernel.at(kernel.allot(Uint8Array, all - few))).toBe(few);
    expect(() => kernel.allot(Uint8Array, 1)).toThrow(RangeError);
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
    const kernel = new Kernel(2 ** 32 - 8 * 32);
    const last = kernel.allot(Float64Array, (2 ** 32 - 8 * 32) / 8).subarray(-1);
    expect(kernel.at(last)).toBe(2 ** 32 - 8);
    expect(() => new Kernel(2 ** 32)).toThrow(
      new RangeError("a kernel of 4294967552 bytes: WebAssembly has room for 4294967296"),
    );
  });
});
