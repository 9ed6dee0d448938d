"""Writes Parquet files with pyarrow: one JSON request a line, `{path, columns: [{name, type, values}]}`, values as text or null."""

import datetime
import decimal
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

decimal.getcontext().prec = 60
utc = datetime.timezone.utc


def instant(text):
    return datetime.datetime.fromisoformat(text)


kinds = {
    "integer": (pa.int64(), int),
    "double": (pa.float64(), float),
    "string": (pa.string(), str),
    "boolean": (pa.bool_(), lambda text: text == "true"),
    "date": (pa.date32(), datetime.date.fromisoformat),
    "timestamp": (pa.timestamp("us", "UTC"), instant),
    "decimal": (pa.decimal128(38, 4), decimal.Decimal),
}

for line in sys.stdin:
    request = json.loads(line)
    arrays, names = [], []
    for column in request["columns"]:
        kind, read = kinds[column["type"]]
        values = [None if value is None else read(value) for value in column["values"]]
        arrays.append(pa.array(values, kind))
        names.append(column["name"])
    pq.write_table(pa.Table.from_arrays(arrays, names), request["path"], row_group_size=3)
    print("written", flush=True)
