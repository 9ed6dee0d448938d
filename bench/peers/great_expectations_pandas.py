"""The rules of the bench in Great Expectations on pandas: usage `python great_expectations_pandas.py FILE.parquet`."""

import sys
from datetime import datetime

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

COUNTRIES = ["DE", "FR", "US", "GB", "IT", "ES", "NL", "PL", "SE", "AT", "CH", "BE"]
STATUSES = ["new", "paid", "shipped", "returned", "cancelled"]
EMAIL = r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$"
NEVER_NULL = ["id", "customer_id", "amount", "quantity", "country", "status", "email", "created_at", "score", "is_active"]
RANGES = {"customer_id": (1, 2_000_000), "amount": (0, 100_000), "quantity": (1, 20), "discount": (0, 0.9), "score": (0, 1)}

table = pd.read_parquet(sys.argv[1])
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("orders")
batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": table})
expectations = [
    gxe.ExpectColumnValuesToBeUnique(column="id"),
    gxe.ExpectColumnValuesToBeBetween(column="id", min_value=1),
    *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in NEVER_NULL),
    gxe.ExpectColumnValuesToNotBeNull(column="discount", mostly=0.95),
    gxe.ExpectColumnValuesToNotBeNull(column="updated_at", mostly=0.8),
    *(gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high) for name, (low, high) in RANGES.items()),
    gxe.ExpectColumnValuesToBeInSet(column="country", value_set=COUNTRIES),
    gxe.ExpectColumnValuesToBeInSet(column="status", value_set=STATUSES),
    gxe.ExpectColumnValuesToMatchRegex(column="email", regex=EMAIL),
    gxe.ExpectColumnValueLengthsToBeBetween(column="email", max_value=100),
    gxe.ExpectColumnValuesToBeBetween(column="created_at", min_value=datetime(2020, 1, 1)),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A="updated_at", column_B="created_at", or_equal=True, ignore_row_if="either_value_is_missing"
    ),
]
result = batch.validate(gx.ExpectationSuite(name="orders", expectations=expectations), result_format="SUMMARY")
print("success", result.success, result.statistics)
sys.exit(0 if result.success else 1)
