"""Writes one table of 300 rows in every form that Arrow files have, into the folder that it is told."""

import datetime
import decimal
import os
import sys

import pyarrow as pa
import pyarrow.feather as feather

rows = 300
folder = sys.argv[1]


def holes(values, kind):
    return pa.array([None if index % 7 == 0 else value for index, value in enumerate(values)], kind)


start = datetime.datetime(2025, 1, 1)
point = pa.struct([("x", pa.float64()), ("tag", pa.string())])
lists = [[place * index for place in range(index % 4)] for index in range(rows)]
columns = {
    "id": pa.array(range(rows), pa.int64()),
    "n": holes([index * 7919 % 1000 for index in range(rows)], pa.int32()),
    "big": holes([2**63 + index for index in range(rows)], pa.uint64()),
    "x": pa.array([index / 7 for index in range(rows)], pa.float64()),
    "country": holes([["DE", "FR", "US"][index % 3] for index in range(rows)], pa.string()).dictionary_encode(),
    "email": pa.array([f"user{index * 7919}@example.org" for index in range(rows)], pa.string()),
    "note": holes([f"note {index}" * (index % 3) for index in range(rows)], pa.large_string()),
    "ts": pa.array([start + datetime.timedelta(seconds=index * 7919 % 100000) for index in range(rows)], pa.timestamp("us")),
    "day": holes([datetime.date(2025, 1, 1) + datetime.timedelta(index) for index in range(rows)], pa.date32()),
    "b": holes([index % 3 == 0 for index in range(rows)], pa.bool_()),
    "price": holes([decimal.Decimal(index) / 4 for index in range(rows)], pa.decimal128(20, 2)),
    "list": holes(lists, pa.list_(pa.int64())),
    "point": holes([{"x": index / 2, "tag": f"t{index}" if index % 2 else None} for index in range(rows)], point),
}
table = pa.table(columns)


def path(name):
    return os.path.join(folder, name)


with pa.ipc.new_file(path("file.arrow"), table.schema) as writer:
    writer.write_table(table, max_chunksize=128)
with pa.ipc.new_stream(path("stream.arrows"), table.schema) as writer:
    writer.write_table(table, max_chunksize=128)
feather.write_feather(table, path("lz4.feather"), compression="lz4", chunksize=128)
feather.write_feather(table, path("zstd.feather"), compression="zstd", chunksize=128)
