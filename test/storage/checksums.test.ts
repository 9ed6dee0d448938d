import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { checksumsOf, StoreDigest } from "../../src/storage/checksums.ts";
import { combineCrc32, crc32c, crc64nvme } from "../../src/storage/crc.ts";

describe("cyclic redundancy checks", () => {
  /** "check" values of the catalogue of parametrised CRC algorithms (reveng.sourceforge.io/crc-catalogue): CRC-32/ISCSI, CRC-64/NVME. */
  it("give the published values for 123456789", () => {
    const [c, nvme] = [crc32c(), crc64nvme()];
    for (const crc of [c, nvme]) crc.update(Buffer.from("123456789"));
    expect(c.digest().toString("hex")).toBe("e3069283");
    expect(nvme.digest().toString("hex")).toBe("ae8b14860a799888");
  });

  it("give the same in pieces of any length and at any place of a buffer", () => {
    const bytes = randomBytes(1000);
    for (const make of [crc32c, crc64nvme]) {
      const whole = make();
      whole.update(bytes);
      const pieces = make();
      for (const [from, to] of [
        [0, 1],
        [1, 10],
        [10, 10],
        [10, 523],
        [523, 1000],
      ])
        pieces.update(bytes.subarray(from, to));
      expect(pieces.digest()).toEqual(whole.digest());
    }
  });

  it("combine as if the pieces had been one", () => {
    const bytes = randomBytes(100_000);
    for (const cut of [0, 1, 7, 65_536, 99_999, 100_000]) {
      const [first, second] = [bytes.subarray(0, cut), bytes.subarray(cut)];
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(bytes));
    }
  });
});

describe("what the bytes are held against", () => {
  const etag = '"9bb58f26192e4ba00f01e2e7b136bbd8"';
  const crc = { ChecksumCRC32: "y/Q5Jg==" };

  it("a checksum of the whole object before one of parts before the ETag", () => {
    expect(checksumsOf({ ETag: etag, ...crc })).toEqual({
      algorithm: "crc32",
      value: "cbf43926",
      parts: undefined,
    });
    expect(checksumsOf({ ChecksumCRC32: "y/Q5Jg==-3", ChecksumCRC64NVME: "rosUhgp5mIg=" })).toEqual({
      algorithm: "crc64nvme",
      value: "ae8b14860a799888",
      parts: undefined,
    });
    expect(checksumsOf({ ETag: etag, ChecksumSHA256: "AAAA-3" })).toMatchObject({
      algorithm: "sha256",
      parts: 3,
    });
    expect(checksumsOf({ ETag: etag })).toMatchObject({ algorithm: "md5", parts: undefined });
    expect(checksumsOf({ ETag: `${etag.slice(0, -1)}-12"` })).toMatchObject({ algorithm: "md5", parts: 12 });
  });

  it("the ETag where a multipart upload's checksum does not say what it is of", () => {
    const parts = `${etag.slice(0, -1)}-3"`;
    expect(checksumsOf({ ETag: parts, ...crc })).toMatchObject({ algorithm: "md5", parts: 3 });
    expect(checksumsOf({ ETag: parts, ...crc, ChecksumType: "FULL_OBJECT" })).toMatchObject({
      algorithm: "crc32",
      parts: undefined,
    });
  });

  it("nothing where an ETag is no MD5", () => {
    expect(checksumsOf({ ETag: etag, ServerSideEncryption: "aws:kms" })).toBeUndefined();
    expect(checksumsOf({ ETag: etag, SSECustomerAlgorithm: "AES256" })).toBeUndefined();
    expect(checksumsOf({ ETag: '"0x8DCAFE"' })).toBeUndefined();
    expect(checksumsOf({ ETag: etag, ServerSideEncryption: "AES256" })).toMatchObject({ algorithm: "md5" });
    expect(checksumsOf({})).toBeUndefined();
  });

  it("a digest of the digests of an upload's parts", () => {
    const bytes = randomBytes(1_000_000);
    const md5 = (content: Buffer) => createHash("md5").update(content).digest();
    const digest = (partBytes: number | undefined) => {
      const whole = new StoreDigest("md5", partBytes);
      for (const [from, to] of [
        [0, 7],
        [7, 650_000],
        [650_000, 1_000_000],
      ] as const)
        whole.update(bytes.subarray(from, to));
      return whole.digest();
    };
    const parts = [bytes.subarray(0, 600_000), bytes.subarray(600_000)].map(md5);
    expect(digest(600_000)).toBe(md5(Buffer.concat(parts)).toString("hex"));
    expect(digest(undefined)).toBe(md5(bytes).toString("hex"));
    // A last part that is full is no reason for another, empty one.
    expect(digest(1_000_000)).toBe(md5(md5(bytes)).toString("hex"));
  });
});
