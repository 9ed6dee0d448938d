import { describe, expect, it } from "vitest";
import { comparison, evaluated, noise, of } from "./compare-paired-case.ts";

const rows = 120;
const id = of(rows, (row) => `r${row}`);
const zeroOne = (seed: number, chance: number) => of(rows, (row) => (noise(seed)(row) < chance ? 1 : 0));

describe("mlops compare of the same rows of other tasks", () => {
  it("pairs weighted rows, by what each moves a metric by", async () => {
    const label = zeroOne(1, 0.4);
    const table = (seed: number) => ({
      ...{ id, label, weight: of(rows, (row) => 1 + (row % 3)) },
      score: of(rows, (row) => 0.3 * Number(label[row]) + 0.6 * noise(seed)(row)),
    });
    const { paired, reason, changeOf } = await comparison(
      await evaluated([table(2), table(3)], ["--weight", "weight"]),
    );
    expect(reason).toBeNull();
    expect(paired).toEqual(
      expect.arrayContaining(["roc_auc", "log_loss", "brier", "accuracy", "recall", "f1", "ks"]),
    );
    expect([changeOf("roc_auc")?.method, changeOf("accuracy")?.method]).toEqual(["delta", "delta"]);
    expect(changeOf("average_precision")?.method).toBe("bootstrap");
  });

  it("weights that are all the same give what there is without them, to the first order", async () => {
    const label = zeroOne(1, 0.4);
    const table = (seed: number, weight: object) => ({
      ...{ id, label, ...weight },
      score: of(rows, (row) => 0.3 * Number(label[row]) + 0.6 * noise(seed)(row)),
    });
    const plain = await comparison(await evaluated([table(2, {}), table(3, {})], []));
    const two = { weight: of(rows, () => 2) };
    const same = await comparison(await evaluated([table(2, two), table(3, two)], ["--weight", "weight"]));
    for (const metric of ["log_loss", "brier", "roc_auc", "f1", "average_precision"]) {
      const [a, b] = [plain.changeOf(metric), same.changeOf(metric)];
      const width = (a?.high ?? 0) - (a?.low ?? 0);
      // DeLong's variances divide by the rows of a class less one, and his interval is the normal one.
      const off = metric === "roc_auc" ? 0.03 : 1e-9;
      expect(Math.abs((b?.high ?? 0) - (b?.low ?? 0) - width), metric).toBeLessThan(off * width);
    }
  });

  it("pairs the queries of a ranking", async () => {
    const query = of(rows, (row) => `q${Math.floor(row / 6)}`);
    const label = of(rows, (row) => Math.floor(3 * noise(4)(row)));
    const table = (seed: number) => ({ id, label, query, score: of(rows, noise(seed)) });
    const args = ["--task", "ranking", "--query", "query"];
    const { paired, changeOf } = await comparison(await evaluated([table(5), table(6)], args));
    expect(paired).toEqual(expect.arrayContaining(["ndcg", "map", "mrr", "ndcg@5", "recall@10"]));
    expect(changeOf("ndcg")?.method).toBe("paired-t");
    const moved = { ...table(6), query: of(rows, (row) => `q${Math.floor(row / 5)}`) };
    const other = await comparison(await evaluated([table(5), moved], args));
    expect(other.reason).toBe("the queries of the rows differ");
  });

  it("pairs labels, and what happens to patients", async () => {
    // Named so that a record of them has another order.
    const truths = { label_10: zeroOne(7, 0.5), label_2: zeroOne(8, 0.3) };
    const labels = (seed: number) => ({
      ...{ id, ...truths, score_10: of(rows, noise(seed)), score_2: of(rows, noise(seed + 1)) },
    });
    const several = await comparison(
      await evaluated([labels(9), labels(11)], ["--task", "multilabel", "--threshold", "0.4"]),
    );
    expect(several.reason).toBeNull();
    expect(several.paired).toEqual(
      expect.arrayContaining(
        "f1_macro f1_micro f1_weighted roc_auc_macro hamming_loss subset_accuracy".split(" "),
      ),
    );
    const patients = (seed: number) => ({
      ...{ id, duration: of(rows, (row) => Math.ceil(20 * noise(13)(row)) + 1), event: zeroOne(14, 0.7) },
      ...{ risk: of(rows, noise(seed)), late: of(rows, noise(seed + 1)), soon: of(rows, noise(seed + 2)) },
    });
    const times = ["--survival-at", "10.5=late", "--survival-at", "4=soon", "--tau", "15"];
    const survival = await comparison(
      await evaluated([patients(15), patients(18)], ["--task", "survival", ...times]),
    );
    for (const metric of ["concordance_index", "brier@4", "brier@10.5"])
      expect(survival.changeOf(metric), metric).toMatchObject({ paired: true, method: "delta" });
    expect(survival.changeOf("concordance_index_ipcw{tau=15}")).toMatchObject({ paired: false, low: null });
  });

  it("pairs rows whose subgroup columns are called as other roles are", async () => {
    const [label, weight, event] = [zeroOne(1, 0.4), of(rows, (row) => `w${row % 2}`), zeroOne(2, 0.5)];
    const table = (seed: number) => ({ id, label, weight, event, score: of(rows, noise(seed)) });
    const args = ["--subgroup", "weight", "--subgroup", "event"];
    const { result, reason } = await comparison(await evaluated([table(3), table(4)], args));
    expect(reason).toBeNull();
    expect(result.subgroups.map((row) => [row.subgroup, row.changes[0]?.paired])).toEqual(
      expect.arrayContaining([
        ["weight=w0", true],
        ["event=1", true],
      ]),
    );
  });

  it("pairs forecasts of many series, each of which is one unit, and not those of one", async () => {
    const truth = of(rows, (row) => 10 + 5 * noise(17)(row));
    const table = (seed: number) => ({
      ...{ id, label: truth, shop: of(rows, (row) => `s${row % 12}`) },
      forecast: of(rows, (row) => 10 + 5 * noise(17)(row) + noise(seed)(row) - 0.4),
    });
    const args = ["--task", "forecasting"];
    const many = await comparison(await evaluated([table(18), table(19)], [...args, "--series", "shop"]));
    expect(many.reason).toBeNull();
    expect(many.changeOf("mae")).toMatchObject({ paired: true, method: "delta" });
    expect(many.paired).toEqual(expect.arrayContaining(["rmse", "wape", "smape"]));
    const one = await comparison(await evaluated([table(18), table(19)], args));
    expect(one.reason).toBe("the errors of one series depend on each other");
  });

  it("pairs areas and averages of several classes", async () => {
    const kinds = of(rows, (row) => ["cat", "dog", "fish"][Math.floor(3 * noise(4)(row))] ?? "");
    const share = (seed: number, kind: number) => (row: number) =>
      (noise(seed + kind)(row) + 0.1) / [0, 1, 2].reduce((sum, one) => sum + noise(seed + one)(row) + 0.1, 0);
    const table = (seed: number) => ({
      ...{ id, label: kinds, probability_cat: of(rows, share(seed, 0)) },
      ...{ probability_dog: of(rows, share(seed, 1)), probability_fish: of(rows, share(seed, 2)) },
    });
    const { paired } = await comparison(await evaluated([table(20), table(24)], ["--task", "multiclass"]));
    const areas = "roc_auc_ovr roc_auc_ovr_weighted roc_auc_ovo roc_auc_ovo_weighted average_precision_macro";
    const averages = "f1_macro f1_weighted balanced_accuracy mcc cohen_kappa precision_macro recall_weighted";
    expect(paired).toEqual(expect.arrayContaining(`${areas} ${averages}`.split(" ")));
  });
});
