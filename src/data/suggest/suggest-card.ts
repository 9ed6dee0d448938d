import { shareAbove, wideRange, wilsonUpper } from "./figures.ts";
import { type ColumnProfile, textForms } from "./profile.ts";

export interface SuggestedCard {
  readonly card: Readonly<Record<string, unknown>>;
  readonly comments: readonly { readonly key: string; readonly text: string }[];
}

/** With fewer values nothing is concluded from what they have in common. */
export const enoughRows = 20;

/** Rules and the reason of each; a reason without a rule is about the whole card. */
interface Suggestion {
  readonly key: string;
  readonly value?: unknown;
  readonly text?: string;
}

/** The card of one column of a table with `rows` rows. */
export function suggestCard(column: ColumnProfile, rows: number): SuggestedCard {
  const present = rows - column.missing;
  const isEnough = present >= enoughRows;
  const suggestions = [...basics(column, rows), ...(isEnough ? rulesOnValues(column, present) : [])];
  const card = {
    name: column.name,
    ...Object.fromEntries(suggestions.filter(hasRule).map(({ key, value }) => [key, value])),
  };
  return {
    card,
    comments: suggestions.flatMap(({ key, text }) => (text === undefined ? [] : [{ key, text }])),
  };
}

function hasRule({ value }: Suggestion): boolean {
  return value !== undefined;
}

function basics(column: ColumnProfile, rows: number): Suggestion[] {
  const { type, missing, infinite, storedAs } = column;
  const present = rows - missing;
  if (rows > 0 && present === 0) return [{ key: "nulls", value: "allow", text: "the column is empty" }];
  return [
    ...(type === "other" ? [{ key: "name", text: `stored as ${storedAs}` }] : [{ key: "type", value: type }]),
    nullsRule(missing, rows),
    ...(infinite > 0 ? [{ key: "infinite", value: "allow", text: `infinite in ${infinite} rows` }] : []),
  ];
}

function nullsRule(missing: number, rows: number): Suggestion {
  if (missing === 0) return { key: "nulls", value: "never" };
  const max_ratio = shareAbove(wilsonUpper(missing, rows));
  return { key: "nulls", value: { max_ratio }, text: `${missing} of ${rows} are missing` };
}

function rulesOnValues(column: ColumnProfile, present: number): Suggestion[] {
  const isKey = isKeyLike(column, present);
  const isId = isKey || isKeyName(column.name);
  const unique: Suggestion[] = isKey ? [{ key: "unique", value: true, text: "every value is another" }] : [];
  switch (column.type) {
    case "string":
      return [...unique, ...(setOf(column, present) ?? textRules(column))];
    case "integer":
      return [...unique, ...(isId ? [] : (setOf(column, present) ?? rangeRules(column)))];
    case "double":
    case "decimal":
      return rangeRules(column);
    case "date":
    case "timestamp":
      return timeRules(column);
    default:
      return unique;
  }
}

const keyWord = /(^|[_\s.-])(id|ids|key|uuid|guid|seq|seqn|index|idx|nr|no|number|code|pk|sku)$/i;
const keyEnd = /[a-z](Id|ID|Key|Uuid|UUID|Nr|No)$/;

function isKeyName(name: string): boolean {
  return keyWord.test(name) || keyEnd.test(name);
}

/** Every value another one, in a column whose name or form says that it is meant so. */
function isKeyLike({ name, missing, distinct, form, type }: ColumnProfile, present: number): boolean {
  if (missing > 0 || distinct !== present) return false;
  return (type === "integer" || type === "string") && (isKeyName(name) || form === "uuid");
}

/** Columns that describe a person; their values are never written down. */
const personalWord =
  /(^|[_\s.-])(name|surname|first_?name|last_?name|e?_?mail|phone|mobile|street|address|city|zip|postcode|birth\w*|dob|ssn|iban|passport|ip)($|[_\s.-])/i;
const personalEnd = /[a-z](Name|Mail|Phone|Address|Birth)$/;

function isPersonal(name: string): boolean {
  return personalWord.test(name) || personalEnd.test(name);
}

const mostInSet = { string: 30, integer: 10 } as const;

/**
 * Few values that share many rows. Values that occur once are not written down: they are let off by a tolerance, and where
 * they are more than a tenth of the values there is no set.
 */
function setOf(
  { name, type, frequencies, distinct = 0 }: ColumnProfile,
  present: number,
): Suggestion[] | undefined {
  const most = type === "integer" ? mostInSet.integer : mostInSet.string;
  if (frequencies === undefined || isPersonal(name)) return undefined;
  const repeated = frequencies.filter(({ count }) => count > 1);
  const singles = distinct - repeated.length;
  const isSet =
    distinct <= most && distinct * 5 <= present && singles * 10 <= distinct && repeated.length > 0;
  const isShort = repeated.every(({ value }) => String(value).length <= 60);
  if (!isSet || !isShort) return undefined;
  const list = repeated.map(({ value }) => value).toSorted(byValue);
  const text = `${list.length} values in ${present} rows`;
  if (singles === 0) return [{ key: "values", value: list, text }];
  const allow = shareAbove(wilsonUpper(singles, present));
  return [
    { key: "values", value: { value: list, allow }, text: `${text}; ${singles} other values occur once` },
  ];
}

function byValue(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : 1;
}

function textRules({ lengths, form, distinct = 0 }: ColumnProfile): Suggestion[] {
  const isRegular = distinct >= enoughRows;
  const pattern: Suggestion[] =
    form === undefined || !isRegular
      ? []
      : [{ key: "pattern", value: textForms[form], text: `every value is ${formNames[form]}` }];
  if (lengths === undefined || form === "uuid") return pattern;
  const { min, max } = lengths;
  if (min === max && isRegular)
    return [...pattern, { key: "length", value: min, text: "every value has this length" }];
  const most = Math.ceil(wideRange(0, max).max);
  return [
    ...pattern,
    {
      key: "length",
      value: { ...(min > 0 ? { min: 1 } : {}), max: most },
      text: `observed: ${min} to ${max} characters`,
    },
  ];
}

const formNames = {
  uuid: "a UUID",
  email: "an e-mail address",
  date: "a date",
  timestamp: "a timestamp",
  digits: "a row of digits",
  hexadecimal: "hexadecimal",
} as const;

/** Nothing below zero where nothing is; a guessed end only warns. */
function rangeRules({ range, distinct, type, infinite }: ColumnProfile): Suggestion[] {
  // An infinite value is above every limit, or below it.
  if (infinite > 0 || range === undefined || typeof range.min !== "number" || typeof range.max !== "number")
    return [];
  const { min, max } = range;
  const text = `observed: ${min} to ${max}`;
  if (distinct === 1) return min >= 0 ? [{ key: "min", value: 0, text: `every value is ${min}` }] : [];
  const guess = wideRange(min, max);
  const wide = type === "integer" ? { min: Math.floor(guess.min), max: Math.ceil(guess.max) } : guess;
  // Years, temperatures in kelvin: far from zero, so that zero would be no limit worth having.
  const isFarFromZero = min > 0 && max - min < min;
  const low = min >= 0 && !(isFarFromZero && wide.min > 0) ? 0 : { value: wide.min, severity: "warn" };
  return [
    { key: "min", value: low, text },
    { key: "max", value: { value: wide.max, severity: "warn" } },
  ];
}

/** The decade in which the values begin. The newest value moves on: it is no limit. */
function timeRules({ range, type }: ColumnProfile): Suggestion[] {
  const year = Number(/^(\d{4})-/.exec(String(range?.min ?? ""))?.[1]);
  if (range === undefined || !Number.isInteger(year) || year < 10) return [];
  const decade = String(Math.floor(year / 10) * 10).padStart(4, "0");
  const shown = (value: number | string) => String(value).slice(0, type === "date" ? 10 : 19);
  return [
    { key: "min", value: `${decade}-01-01`, text: `observed: ${shown(range.min)} to ${shown(range.max)}` },
  ];
}
