"""The rules of the bench in pointblank on polars: usage `python pointblank_polars.py FILE.parquet`."""

import sys
from datetime import datetime

import pointblank as pb
import polars as pl

COUNTRIES = ["DE", "FR", "US", "GB", "IT", "ES", "NL", "PL", "SE", "AT", "CH", "BE"]
STATUSES = ["new", "paid", "shipped", "returned", "cancelled"]
EMAIL = r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$"
NEVER_NULL = [
    *("id", "customer_id", "amount", "quantity", "country", "status", "email", "created_at", "score", "is_active")
]

table = pl.read_parquet(sys.argv[1])
rules = (
    pb.Validate(table)
    .rows_distinct(columns_subset="id")
    .col_vals_not_null(columns=NEVER_NULL)
    .col_vals_ge("id", 1)
    .col_vals_between("customer_id", 1, 2_000_000)
    .col_vals_between("amount", 0, 100_000)
    .col_vals_between("quantity", 1, 20)
    .col_vals_between("discount", 0, 0.9, na_pass=True)
    .col_vals_not_null("discount", thresholds=0.05)
    .col_vals_not_null("updated_at", thresholds=0.2)
    .col_vals_in_set("country", COUNTRIES)
    .col_vals_in_set("status", STATUSES)
    .col_vals_regex("email", EMAIL)
    .col_vals_expr(pl.col("email").str.len_chars() <= 100)
    .col_vals_ge("created_at", datetime(2020, 1, 1))
    .col_vals_expr((pl.col("updated_at") >= pl.col("created_at")).fill_null(True))
    .col_vals_between("score", 0, 1)
    .interrogate(get_first_n=10)
)
failed = [step.i for step in rules.validation_info if (step.n_failed or 0) > 0]
print("rows", table.height, "steps with failures (two columns have nulls):", failed)
sys.exit(0 if len(failed) == 2 else 1)
