import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { availableS3Servers, bucket, type S3Server, startS3Server } from "../support/s3-server.ts";
import { fetcher, someBytes, uriOf } from "./fetching.ts";

const mebibyte = 1 << 20;

/** A byte is changed on the way; the object must be read twice then. That the second reading passes shows that the check is right, too. */
describe.each(availableS3Servers())("bytes from %s are held against", (kind) => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  beforeAll(async () => {
    server = await startS3Server(kind, directory);
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const readDamagedOnce = async (key: string, bytes: Buffer) => {
    let isDamaged = false;
    let reads = 0;
    await using proxy = await startFaultProxy(server.url, ({ method, headers }) => {
      const isLastPart = method === "GET" && headers.range?.endsWith(`-${bytes.length - 1}`) === true;
      if (isLastPart) reads += 1;
      if (!isLastPart || isDamaged) return undefined;
      isDamaged = true;
      return { damageByte: 99 };
    });
    const [found] = await fetcher({ ...server.env, AWS_ENDPOINT_URL_S3: proxy.url }).fetch(uriOf(key));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    return reads;
  };

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "%s of the whole object",
    async (algorithm) => {
      const bytes = someBytes(12 * mebibyte + 1);
      await server.put(`${algorithm}.bin`, bytes, { ChecksumAlgorithm: algorithm });
      expect(await readDamagedOnce(`${algorithm}.bin`, bytes)).toBe(2);
    },
  );

  it.each([
    ["the MD5s of an upload's parts", 5, undefined],
    ["the CRC-32s of an upload's parts, as long as ours", 8, "CRC32"],
    ["the CRC-32s of an upload's parts, of another length", 5, "CRC32"],
    ["the SHA-256s of an upload's parts", 6, "SHA256"],
  ] as const)("%s", async (_title, partMebibytes, algorithm) => {
    const bytes = someBytes(13 * mebibyte + 7);
    const key = `parts-${partMebibytes}-${algorithm}.bin`;
    await uploadParts(key, bytes, { partBytes: partMebibytes * mebibyte, algorithm });
    expect(await readDamagedOnce(key, bytes)).toBe(2);
  });

  async function uploadParts(
    key: string,
    bytes: Buffer,
    {
      partBytes,
      algorithm,
    }: { readonly partBytes: number; readonly algorithm: ChecksumAlgorithm | undefined },
  ): Promise<void> {
    const where = { Bucket: bucket, Key: key };
    const checked = algorithm === undefined ? {} : { ChecksumAlgorithm: algorithm };
    const { UploadId } = await server.client.send(new CreateMultipartUploadCommand({ ...where, ...checked }));
    const parts = [];
    for (let start = 0, number = 1; start < bytes.length; start += partBytes, number++) {
      const part = { ...where, ...checked, UploadId, PartNumber: number };
      const answer = await server.client.send(
        new UploadPartCommand({ ...part, Body: bytes.subarray(start, start + partBytes) }),
      );
      const { ETag, ChecksumCRC32, ChecksumSHA256 } = answer;
      parts.push({
        PartNumber: number,
        ETag,
        ...(algorithm === undefined ? {} : { ChecksumCRC32, ChecksumSHA256 }),
      });
    }
    await server.client.send(
      new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts: parts } }),
    );
  }
});
