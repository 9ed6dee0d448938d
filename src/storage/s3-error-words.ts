import type { ErrorKind } from "../errors.ts";
import { printable } from "../printable.ts";
import { credentialsInWords, type S3Settings } from "./s3-settings.ts";

/** What a request was about, for messages: `s3://bucket/key`, and the address that it went to. */
export interface Subject {
  readonly uri: string;
  readonly bucket: string;
  readonly settings: S3Settings;
}

/** What the SDK attaches to what it throws, read without trust in its shape. */
export interface ServerFacts {
  /** The store's code (`NoSuchKey`) or the SDK's name for it. */
  readonly name: string;
  readonly status: number | undefined;
  readonly region: string | undefined;
  readonly serverTime: string | undefined;
  readonly systemCode: string | undefined;
  readonly message: string;
}

const certificateCode =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH)/;
const refusedNames =
  /^(AccessDenied|AllAccessDisabled|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|AccountProblem|NotSignedUp|Forbidden|Unauthorized|KMS\.|UnauthorizedAccess|InvalidSecurity)/;
const expiredNames = /^(ExpiredToken|TokenRefreshRequired|RequestExpired)/;

type Words = [ErrorKind, string, { readonly message: string; readonly hint: string }];

function placeOf({ settings }: Subject): string {
  const { endpoint } = settings;
  return endpoint === undefined ? "Amazon S3" : `${endpoint.url} (${endpoint.setBy})`;
}

/** What the store said, for the message: its code, and its sentence where it has one. */
function said({ name, status, message }: ServerFacts): string {
  const sentence = message === "" || message === "UnknownError" || message === name ? "" : `: ${message}`;
  const number = status === undefined ? "" : `${status} `;
  return printable(`${number}${name}${sentence}`.slice(0, 300)).replace(/\.$/, "");
}

export function elsewhere(subject: Subject, facts: ServerFacts): Words {
  const message = `The bucket ${subject.bucket} is in the region ${facts.region ?? "?"}, and ${placeOf(subject)} does not answer for it there either (${said(facts)}).`;
  return [
    "usage",
    "S3_REGION",
    { message, hint: `Set AWS_REGION to ${facts.region ?? "the bucket's region"}.` },
  ];
}

export function skewed(subject: Subject, facts: ServerFacts): Words {
  const message = `${placeOf(subject)} refused ${printable(subject.uri)}: this machine's clock differs too much from the store's (${facts.serverTime ?? "unknown time"}) (${said(facts)}).`;
  return ["not-permitted", "S3_CLOCK_SKEW", { message, hint: "Set this machine's clock (NTP)." }];
}

export function unavailable(subject: Subject, facts: ServerFacts): Words {
  const message = `${printable(subject.uri)} cannot be read: ${placeOf(subject)} ${whatHappened(facts)}.`;
  const hint =
    "Check the address (AWS_ENDPOINT_URL_S3), the network and the proxy settings; the job can be started again.";
  return ["unavailable", facts.status === undefined ? "S3_UNREACHABLE" : "S3_UNAVAILABLE", { message, hint }];
}

function whatHappened(facts: ServerFacts): string {
  switch (facts.systemCode) {
    case "ECONNREFUSED":
      return "refuses connections (ECONNREFUSED)";
    case "ENOTFOUND":
      return "cannot be found: its host name is not known (ENOTFOUND)";
    case "EAI_AGAIN":
      return "cannot be found: the name service did not answer (EAI_AGAIN)";
    case "ECONNRESET":
    case "EPIPE":
    case "S3_CUT":
      return "closed the connection in the middle of an answer";
    case "S3_SILENT":
      return "was silent for 30 s in the middle of an answer";
    default:
      return facts.name === "TimeoutError"
        ? `did not answer in time (${facts.message})`
        : `said ${said(facts)}`;
  }
}

export function finalWords(subject: Subject, facts: ServerFacts): Words {
  const { name, status, systemCode } = facts;
  const uri = printable(subject.uri);
  if (systemCode !== undefined && certificateCode.test(systemCode)) {
    const message = `${placeOf(subject)} was refused: its certificate is not trusted (${facts.message}; ${systemCode}).`;
    return [
      "usage",
      "TLS_NOT_TRUSTED",
      { message, hint: "Name your authority's PEM file in AWS_CA_BUNDLE." },
    ];
  }
  if (/Credentials?(Provider|s)?Error|CredentialsProvider/i.test(name) || name === "ProviderError") {
    return ["not-permitted", "S3_NO_CREDENTIALS", noCredentials(subject, facts)];
  }
  if (name === "S3_NOT_S3") {
    const message = `${placeOf(subject)} is no S3 endpoint: ${facts.message}.`;
    return [
      "usage",
      "S3_NOT_S3",
      { message, hint: "Check the address and its port; the console of MinIO, say, has another one." },
    ];
  }
  if (expiredNames.test(name)) {
    const message = `${placeOf(subject)} refused ${uri}: the credentials have expired. Used: ${credentialsInWords(subject.settings)} (${said(facts)}).`;
    return [
      "not-permitted",
      "S3_CREDENTIALS_EXPIRED",
      {
        message,
        hint: "Get new ones (AWS_SESSION_TOKEN belongs to them); a job's token outlives its limit only if the role allows it.",
      },
    ];
  }
  if (name === "InvalidObjectState") {
    const message = `${uri} is archived (Glacier) and cannot be read now (${said(facts)}).`;
    return [
      "not-evaluable",
      "S3_OBJECT_ARCHIVED",
      { message, hint: "Restore it first: aws s3api restore-object." },
    ];
  }
  if (
    status === 404 ||
    status === 405 ||
    name === "NoSuchKey" ||
    name === "NoSuchBucket" ||
    name === "NotFound"
  )
    return [
      "not-evaluable",
      name === "NoSuchBucket" ? "S3_BUCKET_MISSING" : "S3_OBJECT_MISSING",
      missing(subject, facts),
    ];
  if (status === 401 || status === 403 || refusedNames.test(name))
    return ["not-permitted", "S3_NOT_PERMITTED", refused(subject, facts)];
  const message = `${placeOf(subject)} did not give ${uri}: ${said(facts)}.`;
  const hint = "Is this an S3 endpoint? Its address is in AWS_ENDPOINT_URL_S3, its region in AWS_REGION.";
  return ["not-evaluable", "S3_REQUEST_REFUSED", { message, hint }];
}

function noCredentials(subject: Subject, facts: ServerFacts) {
  return {
    message: `There are no credentials for ${printable(subject.uri)} (${printable(facts.message).slice(0, 200).replace(/\.$/, "")}). Tried: ${credentialsInWords(subject.settings)}.`,
    hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (GitLab: id_tokens).",
  };
}

function missing(subject: Subject, facts: ServerFacts) {
  if (facts.name === "NoSuchBucket")
    return {
      message: `${printable(subject.uri)}: ${placeOf(subject)} has no bucket ${subject.bucket}.`,
      hint: "Check the name of the bucket, and that the endpoint (AWS_ENDPOINT_URL_S3) is the one that has it.",
    };
  return {
    message: `${printable(subject.uri)} does not exist at ${placeOf(subject)} (${said(facts)}).`,
    hint: "Check the key; a folder ends with a slash.",
  };
}

function refused(subject: Subject, facts: ServerFacts) {
  const isSecretWrong = /^(InvalidAccessKeyId|SignatureDoesNotMatch)/.test(facts.name);
  return {
    message: `${placeOf(subject)} refused ${printable(subject.uri)}: ${said(facts)}. Used: ${credentialsInWords(subject.settings)}.`,
    hint: isSecretWrong
      ? "Check that key and secret belong together and to this endpoint (AWS_ENDPOINT_URL_S3)."
      : "The credentials need s3:GetObject on the object and s3:ListBucket on the bucket (without the latter a missing key is answered like this, too).",
  };
}
