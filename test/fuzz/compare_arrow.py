"""Each line is a JSON list: an Arrow file, a Parquet file of the rows that another program read in it, and the file before it was damaged. One JSON line
says whether pyarrow reads the same; where it refuses the file, which columns are not what they were before."""

import json
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

types = {
    **{"id": "int64", "n": "int32", "big": "uint64", "x": "double", "country": "string", "email": "string"},
    **{"note": "large_string", "ts": "timestamp[us]", "day": "date32[day]", "b": "bool"},
    **{"price": "decimal128(20, 2)", "list": "list<item: int64>", "point": "struct<x: double, tag: string>"},
}
numbers = {"timestamp[us]": pa.int64(), "date32[day]": pa.int32()}


def read(path):
    with pa.OSFile(path) as file:
        is_file = file.read(6) == b"ARROW1"
    with pa.OSFile(path) as file:
        reader = pa.ipc.open_file(file) if is_file else pa.ipc.open_stream(file)
        table = reader.read_all()
    table.validate(full=True)
    return table


def plain(column):
    """Values as text that is equal for equal values (NaN too); times as numbers, which every bit pattern has."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    column = column.cast(numbers.get(str(column.type), column.type))
    return [repr(list(value.values()) if isinstance(value, dict) else value) for value in column.to_pylist()]


def type_of(column):
    return str(column.type.value_type if pa.types.is_dictionary(column.type) else column.type)


def differing(expected, found):
    """A damaged schema may turn a number into bytes: then there is nothing to compare."""
    known = [name for name in types if name in expected.column_names and name in found.column_names]
    same = [name for name in known if types[name] == type_of(expected.column(name))]
    return [name for name in same if sorted(plain(expected.column(name))) != sorted(plain(found.column(name)))]


def compare(arrow, parquet, original):
    found = pq.read_table(parquet) if os.path.exists(parquet) else None
    try:
        expected = read(arrow)
        for name in expected.column_names:
            plain(expected.column(name))
    except Exception as error:
        changed = [] if found is None else differing(read(original), found)
        return {"error": f"{type(error).__name__}: {error}"[:300], "changed": changed}
    return {"rows": expected.num_rows, "different": [] if found is None else differing(expected, found)}


for line in sys.stdin:
    print(json.dumps(compare(*json.loads(line))), flush=True)
