import { readFileSync } from "node:fs";
import { MlopsError } from "../../errors.ts";
import type { Loops } from "./loops.ts";

type Numbers = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array;

interface NumbersType<Values extends Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, at: number, length: number): Values;
}

const pageBytes = 2 ** 16;
/** A place in it is of 32 bits. */
const mostPages = 2 ** 16;
const stateDoubles = 32;
/** And more, of the tables that logarithms are made of. */
const constantBytes = 2 ** 14;
/** Any type of numbers may begin there. */
const alignment = 8;

/** What this program uses of it; the types of Node leave it out. */
interface WebAssemblyOfNode {
  readonly Module: new (code: Uint8Array) => object;
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
  }) => {
    readonly buffer: ArrayBuffer;
  };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

let compiled: object | undefined;

/** Throws `usage` where Node was started without it. */
export function webAssembly(): WebAssemblyOfNode {
  const wasm = Reflect.get(globalThis, "WebAssembly") as unknown as WebAssemblyOfNode | undefined;
  if (wasm !== undefined) return wasm;
  throw new MlopsError({
    kind: "usage",
    code: "NO_WEBASSEMBLY",
    message: "This Node runs without WebAssembly (--jitless), in which rows are measured.",
    hint: "Start Node without --jitless; it may stand in NODE_OPTIONS.",
  });
}

/**
 * What is done for every row, in WebAssembly (`assembly/`): JavaScript is interpreted for the first million rows, with an object for every
 * number in between, which takes longer than all the work. One for each thread. The loops see its own memory only: columns are allotted
 * in it once, and used again.
 */
export class Kernel {
  readonly loops: Loops;
  readonly bytes: number;
  readonly #memory: ArrayBuffer;
  /** Of what is handed over with a call. */
  readonly #state: Float64Array;
  #next: number;

  /**
   * `bytes`: of all that will be allotted; it is not taken from the system before it is written, but gigabytes of addresses are kept free
   * for each kernel. Throws a RangeError for more than 4 GiB, or more than the machine gives.
   */
  constructor(bytes: number) {
    this.bytes = bytes;
    const wasm = webAssembly();
    compiled ??= new wasm.Module(readFileSync(new URL("./kernel.wasm", import.meta.url)));
    const memory = memoryOf(bytes + 8 * stateDoubles + constantBytes);
    this.#memory = memory.buffer;
    const { exports } = new wasm.Instance(compiled, { env: { memory } });
    this.loops = exports as Loops;
    this.#next = this.loops.freeFrom();
    this.#state = this.allot(Float64Array, stateDoubles);
  }

  /** Room for so many numbers, any at first, which stays theirs. Throws a RangeError where there is too little. */
  allot<Values extends Numbers>(Type: NumbersType<Values>, length: number): Values {
    const at = Math.ceil(this.#next / alignment) * alignment;
    const end = at + length * Type.BYTES_PER_ELEMENT;
    const { byteLength } = this.#memory;
    if (end > byteLength)
      throw new RangeError(`a kernel of ${byteLength} bytes has no room for ${end - at} behind ${at}`);
    this.#next = end;
    return new Type(this.#memory, at, length);
  }

  /** Nobody may use any more what was allotted: the next work of this thread takes the memory. */
  close(): void {
    this.#next = this.#state.byteOffset + this.#state.byteLength;
    if (atRest === undefined || atRest.bytes < this.bytes) atRest = this;
  }

  /** Where numbers begin. Throws a RangeError for those that were not allotted here. */
  at(values: Numbers): number {
    if (values.buffer !== this.#memory) throw new RangeError("numbers outside of the kernel's memory");
    return values.byteOffset;
  }

  /** Runs a loop with a copy of a few doubles, which are then as it left them. */
  with<Answer>(state: Float64Array, loop: (at: number) => Answer): Answer {
    const copy = this.#state;
    for (let place = 0; place < state.length; place += 1) copy[place] = state[place] ?? 0;
    const answer = loop(copy.byteOffset);
    for (let place = 0; place < state.length; place += 1) state[place] = copy[place] ?? 0;
    return answer;
  }
}

function memoryOf(bytes: number): { readonly buffer: ArrayBuffer } {
  const { Memory } = webAssembly();
  const pages = Math.ceil(bytes / pageBytes);
  if (pages > mostPages)
    throw new RangeError(`a kernel of ${bytes} bytes: WebAssembly has room for ${mostPages * pageBytes}`);
  try {
    return new Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new RangeError(`the machine has no ${bytes} bytes for a kernel`, { cause });
  }
}

/** Of those that are not used, the largest of this thread. */
let atRest: Kernel | undefined;

/**
 * A kernel with so much memory or more, to be closed. It is one that was used before, where there is one: each reserves much address space,
 * and what it wrote to is the system's again only when the garbage is collected.
 */
export function takeKernel(bytes: number): Kernel {
  if (atRest === undefined || atRest.bytes < bytes) return new Kernel(bytes);
  const own = atRest;
  atRest = undefined;
  return own;
}

/** Does work that needs a kernel for no longer than a call. */
export function inKernel<Answer>(bytes: number, work: (kernel: Kernel) => Answer): Answer {
  const kernel = takeKernel(bytes);
  try {
    return work(kernel);
  } finally {
    kernel.close();
  }
}
