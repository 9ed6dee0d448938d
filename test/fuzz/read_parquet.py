"""What pyarrow reads in the Parquet file of each path on stdin, as one JSON line a file: an independent reader of damaged files."""

import collections
import json
import math
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def plain(column):
    """The values as Python's own; timestamps as whole microseconds, which every bit pattern has."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return column.to_pylist()


def figures(column):
    values = plain(column)
    present = [one for one in values if one is not None and not (isinstance(one, float) and math.isnan(one))]
    counted = collections.Counter(present)
    numbers = [one for one in present if not isinstance(one, (str, bytes, bool))]
    return {
        "type": str(column.type),
        "missing": len(values) - len(present),
        "infinite": sum(1 for one in numbers if isinstance(one, float) and math.isinf(one)),
        "min": str(min(numbers)) if numbers else None,
        "max": str(max(numbers)) if numbers else None,
        "inDuplicates": sum(count for count in counted.values() if count > 1),
        "counts": dict(counted.most_common(20)) if len(counted) <= 20 and not numbers else None,
    }


def summary(path):
    try:
        table = pq.ParquetFile(path).read()
        table.validate(full=True)
        return {"rows": table.num_rows, "columns": {name: figures(table.column(name)) for name in table.column_names}}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}


for line in sys.stdin:
    print(json.dumps(summary(line.rstrip("\n")), default=str), flush=True)
