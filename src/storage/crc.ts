/** Cyclic redundancy checks that Node's zlib does not have, and the combining of CRC-32 values. All are of the reflected kind. */

/** Running state of a check over bytes in order. `digest` gives the big-endian bytes, as S3 writes them. */
export interface Crc {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

const crc32Polynomial = 0xedb88320;
const crc32cPolynomial = 0x82f63b78;
/** CRC-64/NVME (NVM Express Base Specification 2.0, 5.2.1.3.4), reflected: high and low half. */
const crc64Polynomial = [0x9a6c9329, 0xac4bc9b5] as const;
const slices = 8;

interface Tables {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Table k tells what a byte does that k zero bytes follow: eight bytes are then one step ("slicing by 8"). */
function makeTables([highPolynomial, lowPolynomial]: readonly [number, number]): Tables {
  const high = new Uint32Array(slices * 256);
  const low = new Uint32Array(slices * 256);
  for (let byte = 0; byte < 256; byte++) {
    let [h, l] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry === 1) [h, l] = [h ^ highPolynomial, l ^ lowPolynomial];
    }
    high[byte] = h;
    low[byte] = l;
  }
  for (let index = 256; index < slices * 256; index++) {
    const [h, l] = [high[index - 256] ?? 0, low[index - 256] ?? 0];
    high[index] = (h >>> 8) ^ (high[l & 255] ?? 0);
    low[index] = ((l >>> 8) | (h << 24)) ^ (low[l & 255] ?? 0);
  }
  return { high, low };
}

let crc32cTables: Uint32Array | undefined;
let crc64Tables: Tables | undefined;

/** CRC-32C (Castagnoli, RFC 3720 B.4): "123456789" gives e3069283. */
export function crc32c(): Crc {
  crc32cTables ??= makeTables([0, crc32cPolynomial]).low;
  const table = crc32cTables;
  let crc = 0xffffffff;
  return {
    update: (bytes) => {
      crc = step32(table, crc, bytes);
    },
    digest: () => bytesOf32((crc ^ 0xffffffff) >>> 0),
  };
}

function step32(t: Uint32Array, start: number, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % slices);
  let crc = start;
  let at = 0;
  // The index is always within the table; `| 0` turns the impossible undefined into a number without a branch.
  for (; at < whole; at += slices) {
    const a = crc ^ view.getUint32(at, true);
    const b = view.getUint32(at + 4, true);
    crc =
      Number(t[1792 + (a & 255)]) ^
      Number(t[1536 + ((a >>> 8) & 255)]) ^
      Number(t[1280 + ((a >>> 16) & 255)]) ^
      Number(t[1024 + (a >>> 24)]) ^
      Number(t[768 + (b & 255)]) ^
      Number(t[512 + ((b >>> 8) & 255)]) ^
      Number(t[256 + ((b >>> 16) & 255)]) ^
      Number(t[b >>> 24]);
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ Number(t[(crc ^ view.getUint8(at)) & 255]);
  return crc;
}

/** CRC-64/NVME, what S3 gives to uploads by default: "123456789" gives ae8b14860a799888. */
export function crc64nvme(): Crc {
  crc64Tables ??= makeTables(crc64Polynomial);
  const tables = crc64Tables;
  let state: readonly [number, number] = [0xffffffff, 0xffffffff];
  return {
    update: (bytes) => {
      state = step64(tables, state, bytes);
    },
    digest: () => Buffer.concat(state.map((half) => bytesOf32(~half >>> 0))),
  };
}

function step64(
  { high, low }: Tables,
  start: readonly [number, number],
  bytes: Uint8Array,
): readonly [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % slices);
  let [h, l] = start;
  let at = 0;
  for (; at < whole; at += slices) {
    const a = l ^ view.getUint32(at, true);
    const b = h ^ view.getUint32(at + 4, true);
    h = lookUp(high, a, b);
    l = lookUp(low, a, b);
  }
  for (; at < bytes.length; at++) {
    const index = (l ^ view.getUint8(at)) & 255;
    l = ((l >>> 8) | (h << 24)) ^ Number(low[index]);
    h = (h >>> 8) ^ Number(high[index]);
  }
  return [h, l];
}

/** Eight bytes at once; indices are within the table by construction. */
function lookUp(t: Uint32Array, a: number, b: number): number {
  return (
    Number(t[1792 + (a & 255)]) ^
    Number(t[1536 + ((a >>> 8) & 255)]) ^
    Number(t[1280 + ((a >>> 16) & 255)]) ^
    Number(t[1024 + (a >>> 24)]) ^
    Number(t[768 + (b & 255)]) ^
    Number(t[512 + ((b >>> 8) & 255)]) ^
    Number(t[256 + ((b >>> 16) & 255)]) ^
    Number(t[b >>> 24])
  );
}

/** Four bytes, the highest first, as S3 writes a 32-bit check. */
export function bytesOf32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/**
 * The CRC-32 of two pieces put together, from their own values and the length of the second in bytes: the first one's value is
 * multiplied by x^(8 n) modulo the polynomial.
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  let power = 0x80000000;
  // x^8: each squaring doubles the exponent. Reflected, the highest bit stands for x^0.
  let square = 0x00800000;
  for (let left = secondBytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  return (multiply(power, first) ^ second) >>> 0;
}

function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 1 ? (factor >>> 1) ^ crc32Polynomial : factor >>> 1;
  }
  return product >>> 0;
}
