const statusOfCode = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  NOT_FOUND: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;

export type RefusalCode = keyof typeof statusOfCode;

/**
 * An answer of the store's REST API that is not a success, in MLflow's error shape. Not an `MlopsError`:
 * it never leaves the server; what the user of a command sees is made by the client that gets the answer.
 */
export class StoreRefusal extends Error {
  override readonly name = "StoreRefusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return statusOfCode[this.code];
  }

  get body(): { readonly error_code: RefusalCode; readonly message: string } {
    return { error_code: this.code, message: this.message };
  }
}

/** 400 INVALID_PARAMETER_VALUE, the most common one. */
export function invalid(message: string): StoreRefusal {
  return new StoreRefusal("INVALID_PARAMETER_VALUE", message);
}

export function missing(message: string): StoreRefusal {
  return new StoreRefusal("RESOURCE_DOES_NOT_EXIST", message);
}
