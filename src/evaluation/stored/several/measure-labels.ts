import { storedMetrics } from "../../../metrics/binary/stored/measure-stored.ts";
import { bucketRowBytes } from "../../../metrics/binary/stored/read-buckets.ts";
import type { StoredColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import {
  describeLabels,
  type LabelMeasured,
  type MultilabelMetrics,
} from "../../../metrics/multilabel/describe-labels.ts";
import { LabelCounts } from "../../../metrics/multilabel/label-counts.ts";
import { decide, type LabelRows } from "../../../metrics/multilabel/label-rows.ts";
import { measureRows } from "../../../metrics/multilabel/measure-rows.ts";
import { arePooled } from "../../../metrics/multilabel/pooled-ranking.ts";
import { poolStored } from "../../../metrics/multilabel/stored/pool-stored.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { readStretches, type SeveralRows } from "./read-stretches.ts";
import { likeOf } from "./several-columns.ts";
import type { StoredSeveral } from "./store-several.ts";

type Work = Pick<StoredEvaluation, "request" | "helper" | "rowBytes">;

/** Measures the labels of a stored table: the rows as a whole, and then the scores of one label after the other. */
export async function measureLabels(
  work: Work,
  table: StoredSeveral,
): Promise<{ readonly threshold: number | null; readonly measured: MultilabelMetrics }> {
  const { watch, signal } = work.request;
  const { columns, groups, rows } = table;
  let done = 0;
  const passes = rows * (columns.scores.length + 1);
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => (100 * done) / passes);
  const threshold = thresholdOf(work, table);
  const isWeighted = table.weights !== undefined;
  const counts = columns.predictions.map(() => new LabelCounts(groups.groups, isWeighted));
  const stretched = {
    ...{ size: columns.names.length, groups: groups.groups, isWeighted },
    stretches: () => labelRows(table, threshold, signal),
  };
  const found = await measureRows(stretched, {
    signal,
    onRows(own) {
      for (const [label, count] of counts.entries()) {
        const [truths, given] = [own.truths[label], own.decisions?.[label]];
        if (truths !== undefined && given !== undefined) count.add(truths, given, own);
      }
      done = Math.min(rows, done + own.rows);
    },
  });
  const labels: LabelMeasured[] = [];
  for (const [label, name] of columns.names.entries()) {
    const onRows = (own: number) => {
      done = rows * (1 + label) + own;
    };
    const ranking = await rankLabel(work, table, { label, threshold, onRows });
    labels.push({
      name,
      ranking,
      deciding: counts[label]?.metrics ?? (threshold === null ? undefined : ranking),
    });
  }
  const pooled = await poolLabels(work, table);
  const isDecided = columns.predictions.length > 0 || threshold !== null;
  const measured = describeLabels({
    labels,
    pooled,
    rows: found,
    isDecided,
    isRanked: columns.scores.length > 0,
  });
  return { threshold, measured };
}

/** As of a table in memory: where there are predictions, scores are not divided. */
function thresholdOf({ request }: Work, { columns }: StoredSeveral): number | null {
  if (columns.scores.length === 0 || columns.predictions.length > 0) return null;
  const areShares = columns.scores.every(({ sink }) => sink.range.smallest >= 0 && sink.range.largest <= 1);
  return request.threshold ?? (areShares ? 0.5 : null);
}

async function* labelRows(
  table: StoredSeveral,
  threshold: number | null,
  signal: AbortSignal,
): AsyncIterable<LabelRows> {
  for await (const { rows, truths, predictions, scores, weights, codes } of readStretches(table, signal)) {
    const given = bytesOf(predictions);
    const decided = threshold === null ? undefined : scores.map((own) => decide(own, threshold));
    yield {
      ...{ rows, truths: bytesOf(truths), codes, weights },
      decisions: given.length > 0 ? given : decided,
      scores: scores.length === 0 ? undefined : scores,
    };
  }
}

/** 0 and 1 are stored as bytes. */
function bytesOf(columns: SeveralRows["truths"]): Uint8Array[] {
  return columns.flatMap((own) => (own instanceof Uint8Array ? [own] : []));
}

async function rankLabel(
  { request, helper, rowBytes }: Work,
  table: StoredSeveral,
  of: { readonly label: number; readonly threshold: number | null; readonly onRows: (done: number) => void },
): Promise<LabelMeasured["ranking"]> {
  const { columns, stored, spans, weights, groups, room, rows } = table;
  const { label, threshold, onRows } = of;
  const own = columns.scores[label];
  const scores = stored[columns.truths.length + columns.predictions.length + label];
  const span = spans[label];
  if (own === undefined || scores === undefined || span === undefined) return undefined;
  const { fields, payloadBytes } = groups;
  const counted = rows - table.zeroWeights;
  const form = {
    ...{ rows, counted, like: likeOf(own), payloadBytes, fields, groups: groups.groups },
    ...span,
  };
  const mostRows = Math.floor(rowBytes / bucketRowBytes(form, weights !== undefined));
  const input = {
    stored: { scores, payloads: payloadsOf(table, label), weights },
    room,
    form,
    threshold,
    options: {},
  };
  return await storedMetrics(input, { mostRows, helper, signal: request.signal, onRows });
}

/** All scores in one order; undefined without any. */
async function poolLabels({ request, helper, rowBytes }: Work, table: StoredSeveral) {
  const { columns, stored, spans, weights, groups, room, rows } = table;
  if (columns.scores.length === 0) return undefined;
  if (!arePooled(rows, columns.scores.length)) return "too many";
  const first = columns.truths.length + columns.predictions.length;
  const labels = columns.scores.flatMap((own, label) => {
    const [scores, span] = [stored[first + label], spans[label]];
    const payloads = payloadsOf(table, label);
    return scores === undefined || span === undefined
      ? []
      : [{ scores, payloads, like: likeOf(own), ...span }];
  });
  const { payloadBytes } = groups;
  const input = { rows, labels, groups: groups.groups, payloadBytes, weights, room };
  return await poolStored(input, { rowBytes, helper, signal: request.signal });
}

/** Whether a row has the label, and its groups, as bits, from the two files that hold them. */
function payloadsOf({ stored, groups }: StoredSeveral, label: number): StoredColumn {
  let truths = new Uint8Array();
  const truthColumn = stored[label];
  return {
    async read(start, into) {
      if (truths.length < into.length) truths = new Uint8Array(into.length);
      const own = truths.subarray(0, into.length);
      await truthColumn?.read(start, own);
      if (groups.fields.length === 0) {
        into.set(own);
        return;
      }
      await groups.payloads.read(start, into);
      for (let row = 0; row < own.length; row += 1) into[row] = (into[row] ?? 0) | (own[row] ?? 0);
    },
  };
}
