import { parseAddress } from "../../src/http/address.ts";
import { type HttpClient, openHttpClient } from "../../src/http/client.ts";
import type { HttpClientOptions } from "../../src/http/request.ts";
import { defaultRetry } from "../../src/http/retry.ts";

/** A client that retries twice without waiting; closed with `await using`. */
export async function testClient(
  url: string,
  options: Partial<HttpClientOptions> = {},
): Promise<{ readonly client: HttpClient } & AsyncDisposable> {
  const client = await openHttpClient({
    address: parseAddress(url, "the test"),
    server: { title: "The test server", authHint: "Set TEST_TOKEN.", addressHint: "Check the address." },
    env: {},
    signal: new AbortController().signal,
    retry: { ...defaultRetry, maxRetries: 2, backoffFactor: 0 },
    timeoutMs: 10_000,
    ...options,
  });
  return { client, [Symbol.asyncDispose]: () => client.close() };
}
