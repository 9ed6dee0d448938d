import { sortRows, useRoom } from "./sort";

export function sortF32U8(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  room: usize,
): bool {
  useRoom(room);
  return sortRows<f32, u32, u8>(scores, payloads, scratchScores, scratchPayloads, rows);
}

export function sortF32U16(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  room: usize,
): bool {
  useRoom(room);
  return sortRows<f32, u32, u16>(scores, payloads, scratchScores, scratchPayloads, rows);
}

export function sortF32U32(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  room: usize,
): bool {
  useRoom(room);
  return sortRows<f32, u32, u32>(scores, payloads, scratchScores, scratchPayloads, rows);
}

export function sortF64U8(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  room: usize,
): bool {
  useRoom(room);
  return sortRows<f64, u64, u8>(scores, payloads, scratchScores, scratchPayloads, rows);
}

export function sortF64U16(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  room: usize,
): bool {
  useRoom(room);
  return sortRows<f64, u64, u16>(scores, payloads, scratchScores, scratchPayloads, rows);
}

export function sortF64U32(
  scores: usize,
  payloads: usize,
  scratchScores: usize,
  scratchPayloads: usize,
  rows: usize,
  room: usize,
): bool {
  useRoom(room);
  return sortRows<f64, u64, u32>(scores, payloads, scratchScores, scratchPayloads, rows);
}
