/** What a redacted secret is replaced by. */
export const redactedMark = "[REDACTED]";

/** Environment names whose values are secrets. `CI_JOB_TOKEN`, `AWS_SECRET_ACCESS_KEY`, `SLACK_WEBHOOK_URL`, … */
const secretName =
  /(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_KEY|PRIVATE_KEY|WEBHOOK|CREDENTIAL|COOKIE|SIGNING_KEY)/i;
/** Names that match `secretName` but hold a path, a switch or a public value. */
const notSecretName = /(_FILE|_PATH|_TOKEN_TTL|_TOKEN_TYPE|_KEY_ID|TOKENIZERS_PARALLELISM)$/i;
/** Shorter values ("1", "true", "dev") would blank out half of a log. */
const minimumSecretLength = 6;

/** True where a variable's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !notSecretName.test(name);
}

/**
 * Replaces secrets, also in encoded forms, in everything that is printed.
 * Encoded forms: base64 at each of the three byte offsets, base64url, percent-encoding, JSON escapes, hex.
 */
export class Redactor {
  #needles: string[] = [];
  #pattern: RegExp | undefined;

  /** Takes the secrets of an environment: values of variables whose name says so, and `user:password@` of URLs. */
  static fromEnvironment(env: Readonly<Record<string, string | undefined>>): Redactor {
    const redactor = new Redactor();
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined) continue;
      if (isSecretName(name)) redactor.add(value);
      const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s:]*:([^/?#@\s]+)@/i.exec(value)?.[1];
      if (password !== undefined) redactor.add(decodeLeniently(password));
    }
    const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = env;
    if (user !== undefined && password !== undefined) redactor.add(`${user}:${password}`);
    return redactor;
  }

  add(secret: string): void {
    const trimmed = secret.trim();
    if (trimmed.length < minimumSecretLength) return;
    const lines = trimmed.split(/\r?\n/).filter((line) => line.length >= minimumSecretLength);
    const all = [trimmed, ...lines].flatMap(formsOf);
    // Longest first: a secret that contains another must not leave its tail behind.
    this.#needles = [...new Set([...this.#needles, ...all])].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(this.#needles.map((needle) => RegExp.escape(needle)).join("|"), "g");
  }

  redact(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, redactedMark);
  }

  /** How many characters at the end of `text` could be the beginning of a secret (for streams). */
  heldBack(text: string): number {
    let longest = 0;
    for (const needle of this.#needles) {
      const most = Math.min(needle.length - 1, text.length);
      for (let length = most; length > longest; length--) {
        if (needle.startsWith(text.slice(text.length - length))) longest = length;
      }
    }
    return longest;
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    json,
    encodeURIComponent(secret),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
  ];
  for (let offset = 0; offset < 3; offset++) {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // Characters that depend on neighbouring bytes are left out at both ends.
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const core = padded.slice(start, end);
    forms.push(core, core.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms.filter((form) => form.length >= minimumSecretLength);
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded: the text itself is the secret.
    return text;
  }
}
