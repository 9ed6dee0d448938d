import type { Readable } from "node:stream";
import type { Address } from "./address.ts";
import type { HttpAnswer, ServerName } from "./answer.ts";
import type { TlsSettings } from "./connection.ts";
import type { RetryMode, RetrySettings } from "./retry.ts";

export interface HttpClientOptions {
  readonly address: Address;
  readonly server: ServerName;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly retry: RetrySettings;
  /** From sending to the last byte of a small answer; for transfers the longest silence. */
  readonly timeoutMs: number;
  readonly tls?: TlsSettings;
  /** The whole header value: `Bearer …`. Wins over credentials in the address. */
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly followRedirects?: boolean;
  /** An answer that looks like a passing failure but is a permanent one. */
  readonly isPermanent?: (answer: HttpAnswer) => boolean;
  readonly log?: (level: "debug" | "info" | "warn", line: string) => void;
}

export interface Upload {
  /** Sent as Content-Length: some servers store an empty file from a chunked body. */
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Opened anew for every attempt. */
  open(): Readable;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Behind the base URL, percent-encoded, beginning with `/`; or empty. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly upload?: Upload;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry: RetryMode;
  readonly timeoutMs?: number;
  /** For closing calls (the last status of a run): sent once, with this limit, also when the command is being ended. */
  readonly afterAbortMs?: number;
}
