import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { Task } from "../task.ts";
import { areEncoded, areMostlyNumeric } from "./class-names.ts";
import { type Dictionary, type DictionaryTable, type Figure, readDictionaries } from "./dictionary.ts";
import { columnOf, isText } from "./expressions.ts";
import { surveyTable, type TableSurvey, zeroOneSql } from "./survey.ts";

/** What decides how a column is read. */
export interface ColumnFacts {
  /** More than half of the values are numbers. */
  readonly isNumeric: boolean;
  /** All values are 0 and 1, in any way of writing. */
  readonly isZeroOne: boolean;
  /** Of a column whose values are names: undefined where they are too many, or numbers that are read as such. */
  readonly dictionary: Dictionary | undefined;
}

export interface TableFacts {
  readonly rows: number;
  /** Of the label, the prediction, the query and the series (see `withNames`) and the subgroups. */
  readonly columns: ReadonlyMap<string, ColumnFacts>;
}

/** More different values than this are no classes. */
export const mostClasses = 1000;

/** Looks at the table once or twice, so that its rows can be read as numbers. */
export async function lookAtTable(
  db: DuckDb,
  source: TableSource,
  request: {
    readonly columns: EvaluationColumns;
    readonly task: Task | undefined;
    readonly positiveClass: string | undefined;
    readonly maxGroups: number;
    /** Where the texts of the columns are kept; undefined: `dictionaries`. */
    readonly dictionaries?: DictionaryTable;
  },
): Promise<TableFacts> {
  const { columns } = request;
  const { forecast } = columns;
  const labels = [
    columns.label,
    columns.prediction,
    columns.event,
    ...columns.labels.flatMap((one) => [one.label, one.prediction]),
  ].filter((name) => name !== undefined);
  const groups = [...columns.subgroups.flatMap((subgroup) => subgroup.columns), forecast?.horizon].filter(
    (name) => name !== undefined,
  );
  const wantsNames =
    request.positiveClass !== undefined || request.task === "multiclass" || columns.probabilities.length > 0;
  const counted = wantsNames ? [...groups, ...labels] : groups;
  const survey = await surveyTable(db, source, { labels, counted });
  const few = (name: string, limit: number) =>
    (survey.get(name)?.distinct ?? Number.POSITIVE_INFINITY) <= limit;
  const named = [
    ...groups.filter((name) => few(name, request.maxGroups)),
    ...labels.filter(
      (name) =>
        few(name, mostClasses) &&
        (wantsNames || isText(columnOf(source, name))) &&
        request.task !== "regression",
    ),
  ];
  const zeroOne = new Map(
    [...new Set(labels)].flatMap((name, index): [string, Figure][] => {
      const sql = zeroOneSql(columnOf(source, name));
      return sql === undefined ? [] : [[name, { sql, as: `binary${index}` }]];
    }),
  );
  const figures = [{ sql: "count(*)", as: "n" }, ...zeroOne.values()];
  const { dictionaries, row } = await readDictionaries(db, source, {
    ...{ names: named, figures },
    as: request.dictionaries ?? "dictionaries",
  });
  const areZeroOne = new Map([...zeroOne].map(([name, { as }]) => [name, row[as] === true]));
  return {
    rows: Number(row["n"]),
    columns: new Map(
      [...labels, ...groups].map((name) => entryOf(name, { survey, dictionaries, areZeroOne })),
    ),
  };
}

/** With the names of queries or series, which may be as many as the rows: to be asked for where the rows fit into memory. */
export async function withNames(
  db: DuckDb,
  source: TableSource,
  request: { readonly columns: EvaluationColumns; readonly dictionaries?: DictionaryTable },
  facts: TableFacts,
): Promise<TableFacts> {
  const { columns, dictionaries: kept = "dictionaries" } = request;
  const names = [columns.query, columns.forecast?.series]
    .filter((name) => name !== undefined)
    .filter((name) => facts.columns.get(name)?.dictionary === undefined);
  if (names.length === 0) return facts;
  const asked = { names, figures: [], as: `${kept}_of_names` } as const;
  const { dictionaries } = await readDictionaries(db, source, asked);
  const named = names.map((name): [string, ColumnFacts] => [
    name,
    { isNumeric: false, isZeroOne: false, ...facts.columns.get(name), dictionary: dictionaries.get(name) },
  ]);
  return { ...facts, columns: new Map([...facts.columns, ...named]) };
}

function entryOf(
  name: string,
  found: {
    readonly survey: TableSurvey;
    readonly dictionaries: ReadonlyMap<string, Dictionary>;
    readonly areZeroOne: ReadonlyMap<string, boolean>;
  },
): [string, ColumnFacts] {
  const dictionary = found.dictionaries.get(name);
  const isZeroOne = found.areZeroOne.get(name);
  const texts = dictionary?.texts ?? [];
  return [
    name,
    {
      isNumeric:
        isZeroOne === undefined && dictionary !== undefined
          ? areMostlyNumeric(texts)
          : found.survey.get(name)?.isNumeric === true,
      isZeroOne: isZeroOne ?? (dictionary !== undefined && areEncoded(texts)),
      dictionary,
    },
  ];
}
