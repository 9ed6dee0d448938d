/** JavaScript's, so that a logarithm is the same wherever it is taken. */
export declare function log(value: f64): f64;

export declare function exp(value: f64): f64;
