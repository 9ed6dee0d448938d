import type { LogicalType } from "../contract/values.ts";

const typeNames: readonly [RegExp, LogicalType][] = [
  [
    /^(TINYINT|SMALLINT|INTEGER|INT|BIGINT|HUGEINT|U(TINYINT|SMALLINT|INTEGER|BIGINT)|U?Int(8|16|32|64)Dtype|U?INT(8|16|32|64)|(Byte|Short|Integer|Long)Type|int(eger)?)$/i,
    "integer",
  ],
  [
    /^(FLOAT|DOUBLE|REAL|FLOAT(4|8|16|32|64)|DOUBLE_PRECISION|Float(32|64)Dtype|(Float|Double)Type)$/i,
    "double",
  ],
  [/^(DECIMAL|NUMERIC|DecimalType)(\(.*\))?$/i, "decimal"],
  [/^(STR|STRING|VARCHAR|CHARACTER VARYING|CHAR|TEXT|StringType|StringDtype)(\(.*\))?$/i, "string"],
  [/^(BOOL|BOOLEAN|BooleanType|BooleanDtype)$/i, "boolean"],
  [/^(DATE|DateType)$/i, "date"],
  [/^(TIMESTAMP.*|DATETIME|DATETIME64(\[.*\])?|TimestampType)$/i, "timestamp"],
];

/** The logical type behind a name that SQL, Spark, numpy or pandas uses; undefined for others, and for `object`. */
export function typeOfName(name: string): LogicalType | undefined {
  return typeNames.find(([pattern]) => pattern.test(name.trim()))?.[1];
}
