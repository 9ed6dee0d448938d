import { once } from "node:events";
import net from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { DirectReader } from "../../src/storage/direct-read.ts";
import { type ByteSink, PartSink } from "../../src/storage/part-sink.ts";

/** A server that answers every request with these bytes, in pieces of `pieceBytes`. */
async function serverOf(answer: string, pieceBytes = answer.length): Promise<number> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => {
      for (let at = 0; at < answer.length; at += pieceBytes) socket.write(answer.slice(at, at + pieceBytes));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

const head = (length: number) =>
  `HTTP/1.1 206 Partial Content\r\nETag: "one"\r\nContent-Length: ${length}\r\n\r\n`;

async function read(port: number, sink: ByteSink, etag = "one") {
  const reader = new DirectReader();
  onTestFinished(() => reader.close());
  const request = { hostname: "127.0.0.1", port, path: "/bucket/key", headers: { host: "127.0.0.1" } };
  return await reader.read({ request, sink, etag, signal: new AbortController().signal });
}

function sinkInto(file: Buffer, write?: () => number): PartSink {
  return new PartSink({
    ...{ start: 0, length: file.length, buffer: Buffer.alloc(4), partBytes: 8 },
    write: write ?? ((piece, at) => piece.copy(file, at)),
    onBytes: () => undefined,
    onPart: () => undefined,
  });
}

describe("reading directly", () => {
  it("fills the sink, whatever the pieces are that an answer comes in", async () => {
    for (const pieceBytes of [1, 7, 1000]) {
      const file = Buffer.alloc(20);
      const port = await serverOf(`${head(20)}abcdefghijklmnopqrst`, pieceBytes);
      expect(await read(port, sinkInto(file))).toMatchObject({ statusCode: 206 });
      expect(file.toString()).toBe("abcdefghijklmnopqrst");
    }
  });

  it("takes no byte of another object than the one that is meant, and none of another length", async () => {
    for (const [length, etag] of [
      [20, "two"],
      [19, "one"],
    ] as const) {
      const file = Buffer.alloc(20);
      const sink = sinkInto(file);
      const port = await serverOf(`${head(length)}${"x".repeat(length)}`);
      expect(await read(port, sink, etag)).toBeUndefined();
      expect(sink.left).toBe(20);
      expect(file).toEqual(Buffer.alloc(20));
    }
  });

  it("fails with what the disk says", async () => {
    const full = () => {
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    };
    const port = await serverOf(`${head(20)}abcdefghijklmnopqrst`);
    await expect(read(port, sinkInto(Buffer.alloc(20), full))).rejects.toMatchObject({ code: "ENOSPC" });
  });
});
