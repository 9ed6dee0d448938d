import type { PlanColumn } from "../../plan/column.ts";

/**
 * The type of a column as type names see it: DuckDB's name without its parameters (`DECIMAL`, `TIMESTAMP`), or what a text
 * file was found to hold.
 */
export interface NamedType {
  readonly stored: string;
  /** From a text file: how wide its numbers are is nobody's promise. */
  readonly isGuessed: boolean;
}

/**
 * The type of a column. `isText`: values were found that are not of the type the first rows had; `isEmpty`: there is no
 * value, which pandas takes for floats that are all missing. Both say something of text files only.
 */
export function namedType(
  column: PlanColumn,
  { isText, isEmpty }: { readonly isText: boolean; readonly isEmpty: boolean },
): NamedType {
  if (column.storage === "typed") return { stored: withoutParameters(column.storedAs), isGuessed: false };
  if (isEmpty) return { stored: "DOUBLE", isGuessed: true };
  const guessed = isText ? "string" : column.type;
  return { stored: storedOf[guessed] ?? "VARCHAR", isGuessed: true };
}

const storedOf: Readonly<Record<string, string>> = {
  integer: "BIGINT",
  double: "DOUBLE",
  decimal: "DECIMAL",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
  string: "VARCHAR",
};

function withoutParameters(name: string): string {
  if (name.endsWith("]")) return "LIST";
  const bare = name.replace(/\(.*$/s, "").trim().toUpperCase();
  if (/^TIMESTAMP_(S|MS|NS)$/.test(bare)) return "TIMESTAMP";
  return ["ENUM", "JSON", "UUID"].includes(bare) ? "VARCHAR" : bare;
}

const integers = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"];
const unsigned = ["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"];
const times = ["TIMESTAMP", "TIMESTAMP WITH TIME ZONE"];
/** What older pandas keeps as Python objects. */
const objects = ["VARCHAR", "DATE", "DECIMAL", "BLOB", "LIST", "STRUCT", "MAP", "TIME"];

/** Names of pandas, numpy and Python. Case matters. */
const pandasNames: Readonly<Record<string, readonly string[]>> = {
  ...{
    int8: ["TINYINT"],
    int16: ["SMALLINT"],
    int32: ["INTEGER"],
    int64: ["BIGINT"],
    int: integers,
    int_: ["BIGINT"],
  },
  ...{ Int8: ["TINYINT"], Int16: ["SMALLINT"], Int32: ["INTEGER"], Int64: ["BIGINT"], integer: integers },
  ...{
    uint8: ["UTINYINT"],
    uint16: ["USMALLINT"],
    uint32: ["UINTEGER"],
    uint64: ["UBIGINT"],
    long: ["BIGINT"],
  },
  ...{ float32: ["FLOAT"], float64: ["DOUBLE"], float: ["DOUBLE"], float_: ["DOUBLE"], double: ["DOUBLE"] },
  ...{ Float32: ["FLOAT"], Float64: ["DOUBLE"], bool: ["BOOLEAN"], bool_: ["BOOLEAN"], boolean: ["BOOLEAN"] },
  ...{
    str: ["VARCHAR"],
    str_: ["VARCHAR"],
    string: ["VARCHAR"],
    StringDtype: ["VARCHAR"],
    unicode: ["VARCHAR"],
  },
  ...{
    object: objects,
    object_: objects,
    O: objects,
    bytes: ["BLOB"],
    list: ["LIST"],
    dict: ["STRUCT", "MAP"],
  },
  ...{
    date: ["DATE"],
    Decimal: ["DECIMAL"],
    Timestamp: ["TIMESTAMP WITH TIME ZONE"],
    datetime64: ["TIMESTAMP"],
  },
  ...Object.fromEntries(["s", "ms", "us", "ns"].map((unit) => [`datetime64[${unit}]`, ["TIMESTAMP"]])),
  ...{ DatetimeTZDtype: ["TIMESTAMP WITH TIME ZONE"] },
};

/** Types of Spark. Case matters. */
const sparkNames: Readonly<Record<string, readonly string[]>> = {
  ...{ ByteType: ["TINYINT"], ShortType: ["SMALLINT"], IntegerType: ["INTEGER"], LongType: ["BIGINT"] },
  ...{ FloatType: ["FLOAT"], DoubleType: ["DOUBLE"], DecimalType: ["DECIMAL"], StringType: ["VARCHAR"] },
  ...{ BooleanType: ["BOOLEAN"], DateType: ["DATE"], TimestampType: times, TimestampNTZType: ["TIMESTAMP"] },
  ...{ BinaryType: ["BLOB"], ArrayType: ["LIST"], StructType: ["STRUCT"], MapType: ["MAP"] },
};

const text = ["VARCHAR"];
const exact = ["DECIMAL"];

/** Types of SQL dialects, in capitals, blanks as underscores. Text is one type here, whatever its length. */
const sqlNames: Readonly<Record<string, readonly string[]>> = {
  ...{
    TINYINT: ["TINYINT"],
    SMALLINT: ["SMALLINT"],
    INT2: ["SMALLINT"],
    INTEGER: ["INTEGER"],
    INT: ["INTEGER"],
  },
  ...{ INT4: ["INTEGER"], MEDIUMINT: ["INTEGER"], BIGINT: ["BIGINT"], INT8: ["BIGINT"], INT64: ["BIGINT"] },
  ...{ HUGEINT: ["HUGEINT"], UTINYINT: ["UTINYINT"], USMALLINT: ["USMALLINT"], UINTEGER: ["UINTEGER"] },
  ...{
    UBIGINT: ["UBIGINT"],
    BYTEINT: ["TINYINT"],
    FLOAT: ["FLOAT", "DOUBLE"],
    REAL: ["FLOAT"],
    FLOAT4: ["FLOAT"],
  },
  ...{ DOUBLE: ["DOUBLE"], DOUBLE_PRECISION: ["DOUBLE"], FLOAT8: ["DOUBLE"], FLOAT64: ["DOUBLE"] },
  ...{
    DECIMAL: exact,
    NUMERIC: exact,
    DEC: exact,
    BIGNUMERIC: exact,
    NUMBER: [...exact, ...integers],
    MONEY: exact,
  },
  ...{ BOOLEAN: ["BOOLEAN"], BOOL: ["BOOLEAN"], BIT: ["BOOLEAN"], VARCHAR: text, TEXT: text, STRING: text },
  ...{
    CHAR: text,
    CHARACTER: text,
    CHARACTER_VARYING: text,
    NVARCHAR: text,
    NCHAR: text,
    NTEXT: text,
    CLOB: text,
  },
  ...{
    BPCHAR: text,
    VARCHAR2: text,
    NVARCHAR2: text,
    UNICODE: text,
    ENUM: text,
    UUID: text,
    JSON: text,
    JSONB: text,
  },
  ...{
    DATE: ["DATE"],
    TIME: ["TIME"],
    INTERVAL: ["INTERVAL"],
    BLOB: ["BLOB"],
    BYTEA: ["BLOB"],
    BINARY: ["BLOB"],
  },
  ...{ VARBINARY: ["BLOB"], BYTES: ["BLOB"], ARRAY: ["LIST"], STRUCT: ["STRUCT"], MAP: ["MAP"] },
  ...{ TIMESTAMP: times, DATETIME: ["TIMESTAMP"], DATETIME2: ["TIMESTAMP"], TIMESTAMP_NTZ: ["TIMESTAMP"] },
  ...{
    TIMESTAMP_WITHOUT_TIME_ZONE: ["TIMESTAMP"],
    SMALLDATETIME: ["TIMESTAMP"],
    DATETIMEOFFSET: [times[1] ?? ""],
  },
  ...{
    TIMESTAMPTZ: [times[1] ?? ""],
    TIMESTAMP_TZ: [times[1] ?? ""],
    TIMESTAMP_WITH_TIME_ZONE: [times[1] ?? ""],
  },
};

/** Whether a column of that type has the type called `name` in one of the three vocabularies; undefined: no such name. */
export function isNamed(type: NamedType, name: string): boolean | undefined {
  const known = Object.hasOwn(pandasNames, name) ? pandasNames[name] : undefined;
  if (known !== undefined) return known.includes(type.stored);
  const other = storedAs(name);
  if (other === undefined) return undefined;
  if (other.includes(type.stored)) return true;
  return type.isGuessed && integers.includes(type.stored) && other.some((one) => integers.includes(one));
}

function storedAs(name: string): readonly string[] | undefined {
  if (Object.hasOwn(sparkNames, name)) return sparkNames[name];
  const sql = name.replace(/\(.*$/s, "").trim().toUpperCase().replaceAll(/\s+/g, "_");
  return Object.hasOwn(sqlNames, sql) ? sqlNames[sql] : undefined;
}

const numpyOf: Readonly<Record<string, string>> = {
  ...{
    TINYINT: "int8",
    SMALLINT: "int16",
    INTEGER: "int32",
    BIGINT: "int64",
    FLOAT: "float32",
    DOUBLE: "float64",
  },
  ...{ BOOLEAN: "bool", VARCHAR: "str", TIMESTAMP: "datetime64", "TIMESTAMP WITH TIME ZONE": "Timestamp" },
  ...Object.fromEntries(
    unsigned.map((name, index) => [name, ["uint8", "uint16", "uint32", "uint64"][index] ?? name]),
  ),
};

/** The name of the type in the vocabulary that `asked` belongs to: `int64` for pandas and for a name of nobody, `BIGINT` for SQL, `LongType`. */
export function observedName(type: NamedType, asked: string): string {
  if (["object", "object_", "O"].includes(asked) && objects.includes(type.stored)) return "object_";
  if (Object.hasOwn(pandasNames, asked) || storedAs(asked) === undefined)
    return numpyOf[type.stored] ?? "object_";
  if (!Object.hasOwn(sparkNames, asked)) return type.stored;
  return Object.keys(sparkNames).find((name) => sparkNames[name]?.[0] === type.stored) ?? type.stored;
}
