import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";

export function isText(column: SourceColumn): boolean {
  return column.engineType === "VARCHAR";
}

export function isNumber({ engineType }: SourceColumn): boolean {
  return isInteger(engineType) || isReal(engineType) || engineType === "BOOLEAN";
}

export function isInteger(engineType: string): boolean {
  return /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(engineType);
}

export function isReal(engineType: string): boolean {
  return /^(FLOAT|DOUBLE|DECIMAL.*)$/.test(engineType);
}

export function isFloat32(column: SourceColumn): boolean {
  return column.engineType === "FLOAT";
}

/** Of the names of `source`'s columns; a name that is not there is our bug. */
export function columnOf(source: TableSource, name: string): SourceColumn {
  const found = source.columns.find((column) => column.name === name);
  if (found === undefined) throw new RangeError(`no column ${name}`);
  return found;
}

/** NULL or NaN for no value, and for a text that is no number; `true` and `false` are 1 and 0. */
export function numberSql(column: SourceColumn): string {
  const { sql, engineType } = column;
  return engineType === "FLOAT" || engineType === "DOUBLE" ? sql : tryNumberSql(column);
}

/** As `numberSql`, of a column whose values should be 0 and 1: small integers stay as narrow as they are. */
export function zeroOneSql(column: SourceColumn): string {
  const { sql, engineType } = column;
  if (engineType === "BOOLEAN") return `CAST(${sql} AS UTINYINT)`;
  return /^U?(TINYINT|SMALLINT|INTEGER)$/.test(engineType) ? sql : numberSql(column);
}

/** NULL for a text that is no number. */
export function tryNumberSql(column: SourceColumn): string {
  const { sql } = column;
  if (isNumber(column)) return `TRY_CAST(${sql} AS DOUBLE)`;
  // Dates, lists and the like are no numbers, and there is no cast that says so.
  if (!isText(column)) return `TRY_CAST(CAST(${sql} AS VARCHAR) AS DOUBLE)`;
  // Names of truth values are as rare as they are dear to look for: they are looked for last.
  return `coalesce(TRY_CAST(${sql} AS DOUBLE), CASE lower(trim(${sql})) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 END)`;
}

/** The value as text; NULL for no value: NULL, an empty text, NaN. */
export function textSql({ sql, engineType }: SourceColumn): string {
  if (engineType === "VARCHAR") return `nullif(${sql}, '')`;
  if (engineType === "DOUBLE" || engineType === "FLOAT")
    return `CASE WHEN isnan(${sql}) THEN NULL ELSE CAST(${sql} AS VARCHAR) END`;
  return `CAST(${sql} AS VARCHAR)`;
}
