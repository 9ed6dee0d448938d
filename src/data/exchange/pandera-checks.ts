import { isPlain, type Plain, textAt } from "./draft.ts";

/** One check of a column, whichever of pandera's three written forms it has. */
export interface PanderaCheck {
  /** pandera's name: `greater_than_or_equal_to`. */
  readonly name: string;
  /** Its arguments by name; empty for a bare value. */
  readonly stats: Plain;
  /** The argument where there is one only. */
  readonly value: unknown;
  readonly options: Plain;
  readonly isWarning: boolean;
  /** What the author called it. */
  readonly title: string | undefined;
  /** What the author lets it say. */
  readonly message: string | undefined;
}

/** Keys of a column that are no checks. */
const columnKeys = new Set(
  (
    "title description dtype nullable checks name unique coerce required regex default report_duplicates " +
    "drop_invalid_rows metadata parsers"
  ).split(" "),
);
const optionKeys = new Set(
  "check_name ignore_na raise_warning n_failure_cases groupby groups error name title description".split(" "),
);

/**
 * The checks of a column: `checks: {isin: [...]}` (to 0.2x), `checks: [{value: ..., options: {check_name: ...}}]` (0.2x on,
 * and 0.35 where one check stands twice), or flat keys beside `dtype` (0.35).
 */
export function panderaChecks(column: Plain): PanderaCheck[] {
  const { checks } = column;
  if (Array.isArray(checks)) return checks.filter(isPlain).map(fromList);
  if (isPlain(checks)) return Object.entries(checks).map(([name, value]) => fromFlat(name, value));
  return Object.entries(column)
    .filter(([key]) => !columnKeys.has(key))
    .map(([name, value]) => fromFlat(name, value));
}

function fromList(entry: Plain): PanderaCheck {
  const options = isPlain(entry["options"]) ? entry["options"] : {};
  const stats = Object.fromEntries(Object.entries(entry).filter(([key]) => key !== "options"));
  return made(textAt(options, "check_name") ?? "unnamed check", stats, options);
}

function fromFlat(name: string, value: unknown): PanderaCheck {
  if (!isPlain(value)) return made(name, { value }, {});
  const inner = isPlain(value["options"]) ? value["options"] : {};
  const entries = Object.entries(value).filter(([key]) => key !== "options");
  return made(name, Object.fromEntries(entries.filter(([key]) => !optionKeys.has(key))), {
    ...Object.fromEntries(entries.filter(([key]) => optionKeys.has(key))),
    ...inner,
  });
}

function made(name: string, stats: Plain, options: Plain): PanderaCheck {
  const values = Object.values(stats);
  return {
    name,
    stats,
    value: values.length === 1 ? values[0] : undefined,
    options,
    isWarning: options["raise_warning"] === true,
    title: textAt(options, "name") === name ? undefined : textAt(options, "name"),
    message: ownError(name, options),
  };
}

/** pandera writes `isin(['a'])` as the error of a check to which nobody gave one. */
function ownError(name: string, options: Plain): string | undefined {
  const error = textAt(options, "error");
  return error?.startsWith(`${name}(`) ? undefined : error;
}
