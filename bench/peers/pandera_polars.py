"""The rules of the bench in pandera on polars: usage `python pandera_polars.py FILE.parquet`."""

import sys

import pandera.polars as pa
import polars as pl

COUNTRIES = ["DE", "FR", "US", "GB", "IT", "ES", "NL", "PL", "SE", "AT", "CH", "BE"]
STATUSES = ["new", "paid", "shipped", "returned", "cancelled"]
EMAIL = r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$"


def null_share(limit):
    return pa.Check(lambda data: data.lazyframe.select((pl.col(data.key).is_null().mean() <= limit).alias(data.key)))


def not_after(data):
    return data.lazyframe.select((pl.col("updated_at") >= pl.col("created_at")).fill_null(True))


def finite():
    return pa.Check(lambda data: data.lazyframe.select(pl.col(data.key).is_finite().fill_null(True)))


schema = pa.DataFrameSchema(
    {
        "id": pa.Column(pl.Int64, pa.Check.ge(1), unique=True),
        "customer_id": pa.Column(pl.Int64, pa.Check.in_range(1, 2_000_000)),
        "amount": pa.Column(pl.Float64, [finite(), pa.Check.in_range(0, 100_000)]),
        "quantity": pa.Column(pl.Int32, pa.Check.in_range(1, 20)),
        "discount": pa.Column(pl.Float64, [null_share(0.05), finite(), pa.Check.in_range(0, 0.9)], nullable=True),
        "country": pa.Column(pl.String, pa.Check.isin(COUNTRIES)),
        "status": pa.Column(pl.String, pa.Check.isin(STATUSES)),
        "email": pa.Column(pl.String, [pa.Check.str_matches(EMAIL), pa.Check.str_length(0, 100)]),
        "created_at": pa.Column(pl.Datetime("us"), pa.Check.ge(pl.datetime(2020, 1, 1))),
        "updated_at": pa.Column(pl.Datetime("us"), null_share(0.2), nullable=True),
        "score": pa.Column(pl.Float64, [finite(), pa.Check.in_range(0, 1)]),
        "is_active": pa.Column(pl.Boolean),
    },
    checks=pa.Check(not_after),
)
validated = schema.validate(pl.read_parquet(sys.argv[1]), lazy=True)
print("valid", validated.height)
