/** Work that goes on behind the caller: it is waited for later, or ended by `close`. Its error is kept until somebody asks. */
export class Background<T> {
  readonly result: Promise<T>;
  readonly #controller = new AbortController();

  constructor(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined) {
    const own = this.#controller.signal;
    this.result = work(signal === undefined ? own : AbortSignal.any([own, signal]));
    // Who does not wait for the result must not be ended by its error.
    this.result.catch(() => undefined);
  }

  close(): void {
    this.#controller.abort(new DOMException("The reading was ended.", "AbortError"));
  }
}
