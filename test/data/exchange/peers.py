"""Judges Parquet files by what mlops exported, with the tools themselves: prints the rules that each breaks as JSON."""
import json
import sys
import warnings

import pandas as pd

warnings.simplefilter("ignore")


def judge_gx(text: str, table: pd.DataFrame) -> list[list[str]]:
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("p").add_dataframe_asset("a")
    batch = asset.add_batch_definition_whole_dataframe("b").get_batch({"dataframe": table})
    result = batch.validate(gx.ExpectationSuite(**json.loads(text)))
    for one in result.results:
        if not one.success and not one.result:
            raise RuntimeError(f"{one.expectation_config}: {one.exception_info}")
    return [
        [one.expectation_config.kwargs.get("column"), one.expectation_config.type]
        for one in result.results
        if not one.success
    ]


def judge_pandera(text: str, table: pd.DataFrame) -> list[list[str]]:
    from pandera.errors import SchemaErrors
    from pandera.io import pandas_io

    try:
        pandas_io.from_yaml(text).validate(table, lazy=True)
    except SchemaErrors as errors:
        return [[str(one.schema.name), str(one.check)] for one in errors.schema_errors]
    return []


def judge_odcs(text: str) -> list[str]:
    import importlib.resources

    import jsonschema
    import yaml

    schema = importlib.resources.files("open_data_contract_standard") / "schema.json"
    validator = jsonschema.Draft201909Validator(json.loads(schema.read_text()))
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


with open(sys.argv[2], encoding="utf-8") as file:
    exported = file.read()
if sys.argv[1] == "odcs":
    found = judge_odcs(exported)
else:
    judge = {"gx": judge_gx, "pandera": judge_pandera}[sys.argv[1]]
    found = [judge(exported, pd.read_parquet(path)) for path in sys.argv[3:]]
print("RESULT " + json.dumps(found))
