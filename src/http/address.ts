import { MlopsError, messageOf } from "../errors.ts";

export interface Address {
  /** Without credentials, query, fragment and last `/`: safe to print. */
  readonly url: string;
  readonly origin: string;
  /** `Basic …` from `https://user:password@host`, if there was such a part. */
  readonly authorization: string | undefined;
  readonly user: string | undefined;
  /** The password of the URL, for the redactor. */
  readonly secret: string | undefined;
}

/**
 * Takes an http(s) base URL apart. `where` names the setting in messages. Throws `usage` for anything that is not
 * an http(s) URL; the text itself is not printed where it may hold credentials.
 */
export function parseAddress(text: string, where: string): Address {
  let parsed: URL;
  try {
    parsed = new URL(text.trim());
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "URL_INVALID",
      message: `${where} is ${printable(text)}, which is not a URL: ${messageOf(error)}.`,
      hint: "It looks like https://mlflow.example.com or https://example.com/prefix.",
    });
  }
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") {
    throw new MlopsError({
      kind: "usage",
      code: "URL_INVALID",
      message: `${where} begins with ${parsed.protocol}, expected http: or https:.`,
    });
  }
  const user = decoded(parsed.username);
  const password = decoded(parsed.password);
  const hasCredentials = user !== "" || password !== "";
  return {
    url: `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`,
    origin: parsed.origin,
    authorization: hasCredentials ? basicAuthorization(user, password) : undefined,
    user: user === "" ? undefined : user,
    secret: password === "" ? undefined : password,
  };
}

/** The value of an `Authorization` header (RFC 7617). */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
}

function printable(text: string): string {
  return JSON.stringify(text.replace(/\/\/[^/@]*@/, "//…@"));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone `%`: the text is meant as it stands.
    return text;
  }
}
