"""Writes one table as Arrow file, stream and Feather, and as Parquet to compare with; every third value is null."""
import datetime as dt
import decimal

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

N = 200


def column(values, kind):
    return pa.array([v if i % 3 else None for i, v in enumerate(values)], kind)


columns = {}
for bits in (8, 16, 32, 64):
    columns[f"int{bits}"] = column([(-1) ** i * min(i, 100) for i in range(N)], getattr(pa, f"int{bits}")())
    columns[f"uint{bits}"] = column(range(N), getattr(pa, f"uint{bits}")())
columns["beyond 2^53"] = column([2**53 + 1 + i for i in range(N)], pa.int64())
columns["beyond 2^63"] = column([2**64 - 1 - i for i in range(N)], pa.uint64())
columns["float16"] = pa.array(np.arange(N, dtype=np.float16) / 4)
columns["float32"] = column([i / 3 for i in range(N)], pa.float32())
columns["float64"] = pa.array([float("nan"), float("inf"), -0.0] + [i / 3 for i in range(N - 3)], pa.float64())
columns["bool"] = column([i % 2 == 0 for i in range(N)], pa.bool_())
columns["bool without nulls"] = pa.array([i % 5 == 0 for i in range(N)])
columns["text"] = column([f"é{i}" * (i % 20) for i in range(N)], pa.string())
columns["large text"] = column([f"x{i}" for i in range(N)], pa.large_string())
columns["bytes"] = column([bytes([i]) for i in range(N)], pa.binary())
columns["three bytes"] = column([bytes([i] * 3) for i in range(N)], pa.binary(3))
columns["decimal"] = column([decimal.Decimal("123456789012345678901234567890.12") - i for i in range(N)], pa.decimal128(38, 2))
days = [dt.date(1960, 1, 1) + dt.timedelta(i * 40) for i in range(N)]
columns["date32"] = column(days, pa.date32())
columns["date64"] = column(days, pa.date64())
for unit in ("s", "ms", "us", "ns"):
    times = [dt.datetime(1969, 12, 31, 23, 58) + dt.timedelta(seconds=i) for i in range(N)]
    columns[f"timestamp {unit}"] = column(times, pa.timestamp(unit))
    columns[f"timestamp {unit} with zone"] = column(times, pa.timestamp(unit, "Europe/Berlin"))
    time_type = pa.time32(unit) if unit in ("s", "ms") else pa.time64(unit)
    columns[f"time {unit}"] = column([dt.time(1, 2, i % 60) for i in range(N)], time_type)
columns["dictionary"] = column([f"k{i % 7}" for i in range(N)], pa.string()).dictionary_encode()
columns["numbers in a dictionary"] = column([i % 7 * 10**12 for i in range(N)], pa.int64()).dictionary_encode()
lists = [[j if j % 4 else None for j in range(i % 5)] for i in range(N)]
columns["list"] = column(lists, pa.list_(pa.int32()))
columns["large list of text"] = column([[f"x{j}" for j in one] for one in lists], pa.large_list(pa.string()))
columns["list of lists"] = column([[one, None, []] if i % 2 else [] for i, one in enumerate(lists)], pa.list_(pa.list_(pa.int64())))
columns["vector"] = column([[i / 2, i + 0.5] for i in range(N)], pa.list_(pa.float32(), 2))
point = pa.struct([("x", pa.float64()), ("tag", pa.string()), ("in", pa.struct([("deep", pa.list_(pa.bool_()))]))])
columns["struct"] = column([{"x": i / 3, "tag": f"t{i}" if i % 2 else None, "in": {"deep": [True, False] * (i % 3)} if i % 4 else None} for i in range(N)], point)
columns["list of structs"] = column([[{"x": j, "tag": "a", "in": None}] * (j % 4) for j in range(N)], pa.list_(point))
columns["map"] = column([[(f"k{j}", j) for j in range(i % 4)] for i in range(N)], pa.map_(pa.string(), pa.int32()))
columns["dictionary in a list"] = pa.ListArray.from_arrays(pa.array(list(range(0, N + 1))), columns["dictionary"])
columns["text view"] = column([f"view {i} of more text" if i % 2 else "short" for i in range(N)], pa.string()).cast(pa.string_view())

table = pa.table(columns)
with pa.ipc.new_file("file.arrow", table.schema) as writer:
    writer.write_table(table, max_chunksize=64)
with pa.ipc.new_stream("stream.arrows", table.schema) as writer:
    writer.write_table(table, max_chunksize=64)
feather.write_feather(table, "lz4.feather", compression="lz4", chunksize=77)
feather.write_feather(table, "zstd.feather", compression="zstd")
plain = table.set_column(len(columns) - 1, "text view", table["text view"].cast(pa.string()))
pq.write_table(plain, "expected.parquet")

feather.write_feather(pa.table({"a": [1]}).to_pandas(), "old.feather", version=1)
odd = pa.table({"wait": pa.array([dt.timedelta(seconds=90)]), "nothing": pa.nulls(1)})
feather.write_feather(odd, "odd.arrow", compression="uncompressed")
months = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
feather.write_feather(pa.table({"a": [1], "months": months}), "unknown.arrow", compression="uncompressed")
