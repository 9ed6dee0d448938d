export function copyRows<Score, Payload>(
  toScores: usize,
  toPayloads: usize,
  scores: usize,
  payloads: usize,
  rows: usize,
): void {
  memory.copy(toScores, scores, rows * sizeof<Score>());
  memory.copy(toPayloads, payloads, rows * sizeof<Payload>());
}

/** By insertion, highest scores first. */
export function sortShortRun<Score, Payload>(scores: usize, payloads: usize, rows: usize): void {
  for (let row: usize = 1; row < rows; row += 1) {
    const score = load<Score>(scores + row * sizeof<Score>());
    const payload = load<Payload>(payloads + row * sizeof<Payload>());
    let place = row;
    while (place > 0) {
      const before = load<Score>(scores + (place - 1) * sizeof<Score>());
      if (before >= score) break;
      store<Score>(scores + place * sizeof<Score>(), before);
      store<Payload>(
        payloads + place * sizeof<Payload>(),
        load<Payload>(payloads + (place - 1) * sizeof<Payload>()),
      );
      place -= 1;
    }
    store<Score>(scores + place * sizeof<Score>(), score);
    store<Payload>(payloads + place * sizeof<Payload>(), payload);
  }
}
